workflow! {
    pub workflow Order in orders {
        id: Uuid,
        sku: String,
        quantity: i32,
        due: Option<DateTime<Utc>>,
        #[unique]
        number: Option<i64>,

        states {
            initial Placed,
            Reserved { warehouse: String, until: DateTime<Utc> },
            Held { note: Option<String>, warehouse: String },
            Packed { weight: i32 },
            final Delivered,
            final Cancelled { reason: String },
        }

        transitions {
            reserve(warehouse: String, until: DateTime<Utc>): Placed -> Reserved,
            hold(note: Option<String>): Reserved -> Held,
            resume: Held -> Placed,
            pack(weight: i32): Reserved -> Packed by carry then label_box,
            deliver: Packed -> Delivered then thank,
            lapse: Reserved -> Placed at until,
            cancel(reason: String): Placed | Reserved | Held -> Cancelled,
            expire: Placed -> Cancelled { reason: "not reserved in time" } after 30 minutes,
            remind: Placed | Held after 10 minutes,
            change_quantity(quantity: i32): Placed | Reserved,
        }
    }
}
