use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,

        states {
            initial Shipping,
            final Complete,
        }

        transitions {
            remind: Shipping -> Shipping after all Shipment,
            complete: Shipping -> Complete,
        }
    }
}

workflow! {
    pub workflow Shipment in shipments of Order by order_id {
        id: Uuid,
        order_id: Uuid,
        states { initial Packed, final Delivered }
        transitions { deliver: Packed -> Delivered }
    }
}

pub fn shown(order: Order) -> String {
    match order.typed() {
        order::In::Unknown(order) => format!("{order:?}"),
        known => format!("{known:?}"),
    }
}

fn main() {}
