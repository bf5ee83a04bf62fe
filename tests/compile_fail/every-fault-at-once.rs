use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,

        states {
            initial Placed,
            Shipped { tracking: String },
            final delivered,
        }

        transitions {
            ship: Placed -> Shipped,
            deliver: Shiped -> delivered,
            expire(reason: String): Placed -> delivered after 2 days,
        }
    }
}

fn main() {}
