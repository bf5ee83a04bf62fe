workflow! {
    pub workflow Order in orders {
        id: Uuid,
        batch: i32,
        last: String,
        failures: i32,
        found: bool,

        states {
            initial Placed,
            Reserved { note: i32, data: String, step: i32, was: i32 },
            final Delivered,
        }

        transitions {
            reserve(note: i32, data: String, step: i32, was: i32): Placed -> Reserved,
            deliver: Reserved -> Delivered,
            expire: Placed -> Delivered after 30 minutes,
        }
    }
}
