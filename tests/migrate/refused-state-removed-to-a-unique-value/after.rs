workflow! {
    #[removed(Held -> Reserved { slip: "none" })]
    pub workflow Order in orders {
        id: Uuid,
        sku: String,
        quantity: i32,

        states {
            initial Placed,
            Reserved { #[unique] slip: String },
            final Delivered,
        }

        transitions {
            reserve(slip: String): Placed -> Reserved with take_stock,
            deliver: Reserved -> Delivered,
            change_quantity(quantity: i32): Placed,
        }
    }
}
