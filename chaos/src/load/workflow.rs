//! The declarations. Nearly every step leaves an entry, so that history alone tells what the entries must be.

use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    /// An account that goes round and round.
    pub workflow Account in accounts {
        id: Uuid,
        /// What was last paid in or out.
        amount: i64,
        /// What the partner last gave for a payment.
        receipt: Option<Uuid>,

        states {
            initial Open,
            Resting,
            Held { sum: i64 },
            Charging { price: i64 },
            Paying { price: i64 },
            Split,
            final Closed,
        }

        transitions {
            create: -> Open with open_total,
            /// An effect in Rust: one transaction of four round trips.
            deposit(amount: i64): Open with enter,
            /// An effect in SQL: one statement that commits by itself.
            withdraw(amount: i64): Open
                with sql "INSERT INTO entries (account, version, event, amount) VALUES (NEW.id, NEW.version, NEW.event, -NEW.amount);
                          UPDATE totals SET balance = balance - NEW.amount, entries = entries + 1 WHERE account = NEW.id",
            /// Possible again at once: nothing but its key tells a second time from the first.
            renew: Open -> Open,
            rest: Open -> Resting,
            wake: Resting -> Open,
            oversleep: Resting -> Open after 2 seconds with enter_sleep,
            hold(sum: i64): Open -> Held
                then tell_holder pausing 1 second to 2 seconds within 3 seconds,
            release: Held -> Open after 1 second,
            charge(price: i64): Open -> Charging,
            charged(receipt: Option<Uuid>): Charging -> Open
                by take_charge pausing 1 second to 2 seconds within 3 seconds
                with sql "INSERT INTO entries (account, version, event, amount) VALUES (NEW.id, NEW.version, NEW.event, -OLD.price);
                          UPDATE totals SET balance = balance - OLD.price, entries = entries + 1 WHERE account = NEW.id",
            refuse: Charging -> Open after 4 failures of take_charge,
            pay(price: i64): Open -> Paying,
            paid(receipt: Option<Uuid>): Paying -> Open
                by send_payment pausing 1 second to 2 seconds within 3 seconds
                with enter_payment,
            split: Open -> Split with make_parts,
            join: Split -> Open after all Part,
            close: Open -> Closed,
        }
    }
}

workflow! {
    /// A part of an account that was split.
    pub workflow Part in parts of Account by account_id {
        id: Uuid,
        account_id: Uuid,

        states {
            initial Waiting,
            final Done,
        }

        transitions {
            finish: Waiting -> Done after 1 second
                with sql "INSERT INTO entries (account, version, event, amount) VALUES (NEW.id, NEW.version, NEW.event, 1)",
        }
    }
}
