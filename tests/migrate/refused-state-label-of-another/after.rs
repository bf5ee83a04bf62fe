workflow! {
    #[dropped(Held.note)]
    pub workflow Order in orders {
        id: Uuid,
        sku: String,
        quantity: i32,

        states {
            initial Placed,
            Reserved { warehouse: String },
            #[renamed_from = "on_hold"]
            Held,
            final Delivered,
            final Cancelled { reason: String },
        }

        transitions {
            reserve(warehouse: String): Placed -> Reserved with take_stock,
            deliver: Reserved -> Delivered,
            cancel(reason: String): Placed | Reserved -> Cancelled,
            expire: Placed -> Cancelled { reason: "not reserved in time" } after 30 minutes,
            stop: Placed -> Held,
            go_on: Held -> Placed,
            change_quantity(quantity: i32): Placed,
        }
    }
}
