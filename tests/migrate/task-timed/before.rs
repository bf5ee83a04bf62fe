workflow! {
    pub workflow Order in orders {
        id: Uuid,
        sku: String,
        quantity: i32,

        states {
            initial Placed,
            Reserved { warehouse: String },
            final Delivered,
            final Cancelled { reason: String },
        }

        transitions {
            reserve(warehouse: String): Placed -> Reserved with take_stock,
            deliver: Reserved -> Delivered then thank,
            cancel(reason: String): Placed | Reserved -> Cancelled,
            expire: Placed -> Cancelled { reason: "not reserved in time" } after 30 minutes,
            change_quantity(quantity: i32): Placed,
        }
    }
}
