use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,

        states {
            initial Placed,
            Lost,
            Found,
            final Delivered,
        }

        transitions {
            deliver: Placed -> Delivered,
            lose: Placed -> Lost,
            recover: Lost -> Found,
            lose_again: Found -> Lost,
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
