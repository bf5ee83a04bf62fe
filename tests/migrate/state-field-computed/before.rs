workflow! {
    pub workflow Order in orders {
        id: Uuid,
        quantity: i32,
        due: Option<DateTime<Utc>>,

        states {
            initial Placed,
            Reserved { shelf: i32, due_range: i32 },
            final Delivered,
        }

        transitions {
            reserve(shelf: i32, due_range: i32): Placed -> Reserved,
            deliver: Reserved -> Delivered,
        }
    }
}
