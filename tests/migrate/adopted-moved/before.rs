workflow! {
    #[adopt]
    pub workflow Order in orders {
        id: Uuid,
        #[unique]
        sku: String,
        #[unique]
        mail: String,
        quantity: i32,

        states {
            initial Placed,
            Reserved { warehouse: String },
            final Delivered,
        }

        transitions {
            reserve(warehouse: String): Placed -> Reserved,
            deliver: Reserved -> Delivered,
            change_quantity(quantity: i32): Placed,
        }
    }
}
