use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,

        states {
            initial Placed,
            Reserved { warehouse: String },
            final Delivered,
        }

        transitions {
            reserve(warehouse: String): Placed -> Reserved,
            deliver: Reserved -> Delivered,
            relocate(warehouse: String): Placed | Reserved,
        }
    }
}

pub fn shown(order: Order) -> String {
    match order.typed() {
        order::In::Unknown(order) => format!("{order:?}"),
        known => format!("{known:?}"),
    }
}

fn main() {}
