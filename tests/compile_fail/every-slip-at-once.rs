use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    pub workflow Order in orders {
        id: Uuid,
        sku,

        states {
            initial Placed,
            #[lable = "sent"]
            Shipped { tracking: String },
            final Delivered,
        }

        transitions {
            ship(tracking: String): Placed => Shipped,
            deliver: Shipped -> Delivered after 2 fortnights,
        }
    }
}

fn main() {}
