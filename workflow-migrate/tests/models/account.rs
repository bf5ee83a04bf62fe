workflow! {
    /// Was there before the workflow.
    #[adopt(status)]
    pub workflow Account in accounts {
        number: i64,
        #[unique]
        email: String,

        states {
            initial Fresh,
            Active { since: NaiveDate },
            final Closed { #[unique] why: String },
        }

        transitions {
            activate(since: NaiveDate): Fresh -> Active,
            close(why: String): Fresh | Active -> Closed,
            forget: Fresh -> Closed { why: "forgotten" } after 1 day,
            checked: Active by check,
        }
    }
}
