workflow! {
    #[dropped(Parked.warehouse = "main")]
    pub workflow Order in orders {
        id: Uuid,
        sku: String,
        quantity: i32,

        states {
            initial Placed,
            Reserved { #[renamed_from = "warehouse"] #[default = "main"] depot: String },
            Parked,
            Picked { #[renamed_from = "warehouse"] #[default = "main"] depot: String },
            final Delivered,
            final Cancelled { reason: String },
        }

        transitions {
            reserve(depot: String): Placed -> Reserved with take_stock,
            park: Reserved -> Parked,
            unpark: Parked -> Placed,
            pick: Reserved -> Picked,
            deliver: Picked -> Delivered,
            cancel(reason: String): Placed | Reserved -> Cancelled,
            expire: Placed -> Cancelled { reason: "not reserved in time" } after 30 minutes,
            change_quantity(quantity: i32): Placed,
        }
    }
}
