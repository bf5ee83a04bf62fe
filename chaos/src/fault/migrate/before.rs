workflow! {
    /// A note.
    pub workflow Note in notes {
        id: Uuid,
        body: String,

        states {
            initial Draft,
            Sent { addressee: String },
            final Gone,
        }

        transitions {
            edit(body: String): Draft,
            send(addressee: String): Draft -> Sent,
            take_back: Sent -> Draft,
            drop: Draft -> Gone,
        }
    }
}
