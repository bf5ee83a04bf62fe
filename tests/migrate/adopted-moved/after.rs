workflow! {
    #[adopt]
    #[moved_from(orders)]
    pub workflow Order in purchases {
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
