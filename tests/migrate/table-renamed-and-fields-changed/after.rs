workflow! {
    #[dropped(quantity = 1)]
    #[dropped(Reserved.warehouse = "main")]
    #[moved_from(orders)]
    pub workflow Order in purchases {
        id: Uuid,
        sku: String,
        #[unique]
        coupon: Option<String>,
        #[default = 0]
        cents: i64,

        states {
            initial Placed,
            Reserved { #[default = 1] rack: i32 },
            final Delivered,
            final Cancelled { reason: String },
        }

        transitions {
            reserve(rack: i32): Placed -> Reserved with take_stock,
            deliver: Reserved -> Delivered,
            cancel(reason: String): Placed | Reserved -> Cancelled,
            expire: Placed -> Cancelled { reason: "not reserved in time" } after 30 minutes,
        }
    }
}
