use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,
        #[was(i32)]
        quantity: i64,

        states {
            initial Placed,
            final Delivered,
        }

        transitions {
            deliver: Placed -> Delivered,
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
