use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,
        states { initial Shipping, final Complete }
        transitions { complete: Shipping -> Complete after all Shipment }
    }
}

workflow! {
    pub workflow Shipment in shipments of Order by order_number {
        id: Uuid,
        order_number: i64,
        states { initial Packed, final Delivered }
        transitions { deliver: Packed -> Delivered }
    }
}

fn main() {}
