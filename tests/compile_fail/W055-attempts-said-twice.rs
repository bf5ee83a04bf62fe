use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,

        states {
            initial Placed,
            final Delivered,
            final Cancelled,
        }

        transitions {
            deliver: Placed -> Delivered by book_courier up to 10 attempts,
            cancel: Placed -> Cancelled by book_courier up to 10 attempts,
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
