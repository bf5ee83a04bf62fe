workflow! {
    pub workflow Claim in claims {
        number: i64,
        holder: String,
        #[unique]
        code: String,
        amount: i32,
        note: Option<String>,

        states {
            initial Draft { text: String },
            Filed { text: String, filed: DateTime<Utc> },
            Examined { examiner: Option<String>, score: i16 },
            Paid { #[unique] transfer: String },
            final Closed,
        }

        transitions {
            create: -> Draft then greet,
            edit(text: String): Draft,
            file(filed: DateTime<Utc>): Draft -> Filed,
            examine(score: i16, examiner: Option<String>): Filed -> Examined with notify,
            examine(score: i16, examiner: Option<String>): Examined -> Examined,
            pay(transfer: String): Examined -> Paid if sql "amount > 0",
            refuse: Examined -> Closed,
            refuse: Filed -> Closed after 14 days,
            close: Paid -> Closed after 3 days,
            adjust(amount: i32): Draft | Filed,
        }
    }
}
