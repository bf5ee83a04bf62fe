workflow! {
    /// A card payment, from the first click to the bank's books.
    pub workflow Payment in payments {
        id: Uuid,
        amount: i64,

        states {
            initial Created,
            AwaitingCustomer { until: DateTime<Utc> },
            Authorizing,
            Authorized { code: String },
            Capturing,
            Captured { captured_at: DateTime<Utc> },
            Refunding { reason: String },
            Disputed { case_number: String },
            final Settled,
            final Refunded { reason: String },
            final Declined { reason: String },
            final Cancelled,
        }

        groups { Early = Created | AwaitingCustomer }

        transitions {
            authorize: Created -> Authorizing,
            challenge(until: DateTime<Utc>): Authorizing -> AwaitingCustomer,
            answered: AwaitingCustomer -> Authorizing,
            timed_out: AwaitingCustomer -> Cancelled at until,
            authorized(code: String): Authorizing -> Authorized by ask_bank,
            declined(reason: String): Authorizing -> Declined by ask_bank,
            bank_silent: Authorizing -> Declined { reason: "no answer" } after 5 failures of ask_bank,
            capture: Authorized -> Capturing if sql "amount > 0",
            lapse: Authorized -> Cancelled after 7 days,
            captured(captured_at: DateTime<Utc>): Capturing -> Captured by take_money,
            capture_failed: Capturing -> Authorized { code: "again" } after 3 failures of take_money,
            settle: Captured -> Settled after 14 days,
            refund(reason: String): Captured -> Refunding,
            refunded: Refunding -> Refunded { reason: "asked for" } by give_back,
            dispute(case_number: String): Captured -> Disputed,
            won(captured_at: DateTime<Utc>): Disputed -> Captured,
            lost: Disputed -> Refunded { reason: "disputed" },
            cancel: Early | Authorized -> Cancelled,
            remind: AwaitingCustomer after 1 hour,
            note_amount(amount: i64): Early,
        }
    }
}
