use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,
        states { initial Shipping, final Complete }
        transitions { complete: Shipping -> Complete }
    }
}

workflow! {
    pub workflow Shipment in shipments of Order by order_id {
        id: Uuid,
        order_id: Uuid,

        states {
            initial Packed,
            final Delivered,
        }

        transitions {
            deliver: Packed -> Delivered,
            hand_over(order_id: Uuid): Packed,
        }
    }
}

pub fn shown(shipment: Shipment) -> String {
    match shipment.typed() {
        shipment::In::Unknown(shipment) => format!("{shipment:?}"),
        known => format!("{known:?}"),
    }
}

fn main() {}
