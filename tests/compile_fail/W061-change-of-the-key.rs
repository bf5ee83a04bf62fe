use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        #[renamed_from = "number"]
        #[was(i64, "orders_uuid(number)", "orders_number(id)")]
        id: Uuid,

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
