workflow! {
    pub workflow Order in orders {
        id: Uuid,
        sku: String,
        quantity: i32,

        states {
            initial Placed,
            Reserved { #[unique] slip: String },
            Held { note: Option<String> },
            final Delivered,
        }

        transitions {
            reserve(slip: String): Placed -> Reserved with take_stock,
            deliver: Reserved -> Delivered,
            hold(note: Option<String>): Placed -> Held,
            resume: Held -> Placed,
            change_quantity(quantity: i32): Placed,
        }
    }
}
