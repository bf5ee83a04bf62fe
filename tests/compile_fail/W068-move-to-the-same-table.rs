use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    #[moved_from(sales.orders)]
    pub workflow Order in sales.orders {
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
