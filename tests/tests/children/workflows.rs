//! The two workflows.

pub use self::dispatch::{Shipment, shipment};
use uuid::Uuid;

workflow_tests::declared! {
    /// An order, sent in several parcels.
    pub workflow Order in orders {
        id: Uuid,
        happy: bool,
        notes: i32,

        states {
            initial Placed,
            Shipping,
            Held { why: String },
            final Complete,
            final Disputed,
        }

        transitions {
            pack(parcels: i32): Placed -> Shipping with create_shipments,
            sample: Placed with create_sample,
            note(notes: i32): Shipping,
            hold(why: String): Shipping -> Held,
            resume: Held -> Shipping,
            tally: Held after all Shipment,
            complete: Shipping -> Complete after all dispatch::Shipment with celebrate if sql "happy",
            dispute: Shipping -> Disputed after all Shipment if sql "NOT happy",
        }
    }
}

/// Children may be declared elsewhere.
pub mod dispatch {
    use super::Order;
    use uuid::Uuid;

    workflow_tests::declared! {
        /// One parcel of an order.
        pub workflow Shipment in shipments of Order by order_id {
            id: Uuid,
            order_id: Uuid,

            states {
                initial Packed,
                final Delivered,
                final Lost,
            }

            transitions {
                create: -> Packed then label,
                deliver: Packed -> Delivered,
                lose: Packed -> Lost,
            }
        }
    }
}

/// Both declarations.
pub fn source() -> String {
    format!("{SOURCE}\n{}", dispatch::SOURCE)
}

/// Where effects leave their mark.
pub const TABLES: &str = "CREATE TABLE celebrations (order_id uuid NOT NULL)";
