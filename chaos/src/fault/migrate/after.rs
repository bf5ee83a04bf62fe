workflow! {
    /// A note: one state has another name, so has an event, one state is new, and so is a field.
    pub workflow Note in notes {
        id: Uuid,
        body: String,
        #[default = 0]
        stars: i32,

        states {
            initial Draft,
            #[renamed_from = "sent"]
            Posted { addressee: String },
            Kept,
            final Gone,
        }

        transitions {
            edit(body: String): Draft,
            #[renamed_from = "send"]
            post(addressee: String): Draft -> Posted,
            take_back: Posted -> Draft,
            rate(stars: i32): Draft,
            keep: Draft -> Kept,
            fetch: Kept -> Draft,
            drop: Draft -> Gone,
        }
    }
}
