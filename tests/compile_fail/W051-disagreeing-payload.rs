use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,

        states {
            initial Placed,
            Reserved { warehouse: String },
            final Cancelled { reason: String },
        }

        transitions {
            reserve(warehouse: String): Placed -> Reserved,
            cancel(reason: String): Placed -> Cancelled,
            cancel: Reserved -> Cancelled { reason: "changed" },
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
