use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,

        states {
            initial Placed,
            final Delivered,
        }

        transitions {
            deliver: Placed -> Delivered then send_mail pausing 1 hour to 5 seconds,
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
