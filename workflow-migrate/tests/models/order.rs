workflow! {
    /// An order, from checkout to the customer's door.
    pub workflow Order in orders {
        id: Uuid,
        customer_id: Uuid,
        sku: String,
        quantity: i32,

        states {
            initial Placed,
            Reserved { warehouse: String },
            Shipped { tracking: String },
            final Delivered,
            final Cancelled { reason: String },
        }

        groups {
            Open = Placed | Reserved,
        }

        transitions {
            reserve(warehouse: String): Placed -> Reserved with take_stock,
            ship(tracking: String): Reserved -> Shipped by book_courier then send_tracking,
            undeliverable: Reserved -> Cancelled { reason: "no courier" } after 5 failures of book_courier with return_stock,
            deliver: Shipped -> Delivered,
            cancel(reason: String): Open -> Cancelled with return_stock,
            expire: Placed -> Cancelled { reason: "not reserved in time" } after 30 minutes,
            change_quantity(quantity: i32): Placed,
        }
    }
}
