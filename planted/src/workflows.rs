//! The workflows that the scenarios move. Their states have no fields: nothing but the guard refuses a step.

/// Something that is posted to, again and again.
pub mod accounts {
    use uuid::Uuid;

    workflow_tests::declared! {
        /// An account.
        pub workflow Account in accounts {
            id: Uuid,

            states {
                initial Open,
                Held,
                final Closed,
            }

            transitions {
                touch: Open,
                post: Open with book,
                hold: Open -> Held,
                free: Held -> Open,
                close: Open -> Closed,
            }
        }
    }
}

/// Something for which a courier is looked for.
pub mod parcels {
    use uuid::Uuid;

    workflow_tests::declared! {
        /// A parcel.
        pub workflow Parcel in parcels {
            id: Uuid,

            states {
                initial Packed,
                final Booked,
                final Refused,
                final Recalled,
            }

            transitions {
                book: Packed -> Booked by find_courier,
                refuse: Packed -> Refused by find_courier with mark,
                recall: Packed -> Recalled,
            }
        }
    }
}

/// A parent.
pub mod orders {
    use super::shipments::Shipment;
    use uuid::Uuid;

    workflow_tests::declared! {
        /// An order, sent in several parcels.
        pub workflow Order in orders {
            id: Uuid,

            states {
                initial Shipping,
                final Complete,
            }

            transitions {
                complete: Shipping -> Complete after all Shipment,
            }
        }
    }
}

/// Its children.
pub mod shipments {
    use super::orders::Order;
    use uuid::Uuid;

    workflow_tests::declared! {
        /// One parcel of an order.
        pub workflow Shipment in shipments of Order by order_id {
            id: Uuid,
            order_id: Uuid,

            states {
                initial Sent,
                final Delivered,
            }

            transitions {
                deliver: Sent -> Delivered,
            }
        }
    }
}

/// What the application has beside its workflows.
pub const TABLES: &str = "
    CREATE TABLE bookings (of uuid NOT NULL);
    CREATE TABLE marks (mark uuid PRIMARY KEY);";

/// All declarations.
pub fn source() -> String {
    [accounts::SOURCE, parcels::SOURCE, orders::SOURCE, shipments::SOURCE].join("\n")
}
