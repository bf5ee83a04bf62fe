workflow! {
    pub workflow Order in orders {
        id: Uuid,
        quantity: i32,
        due: Option<DateTime<Utc>>,

        states {
            initial Placed,
            Reserved { #[renamed_from = "shelf"] #[was(i32, "shelf * 10", "(total / 10)::integer")] total: i64, due_range: i32 },
            final Delivered,
        }

        transitions {
            reserve(total: i64, due_range: i32): Placed -> Reserved,
            deliver: Reserved -> Delivered,
        }
    }
}
