use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,
        due: String,

        states {
            initial Placed,
            final Delivered,
        }

        transitions {
            deliver: Placed -> Delivered then ask_back on due,
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
