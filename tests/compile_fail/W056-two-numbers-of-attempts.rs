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
            deliver: Placed -> Delivered by book_courier up to 10 attempts pausing 5 seconds,
            give_up: Placed -> Cancelled after 5 failures of book_courier,
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
