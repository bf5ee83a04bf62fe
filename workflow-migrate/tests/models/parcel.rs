workflow! {
    /// Uses every feature of the language.
    pub workflow Parcel in user {
        #[label = "Code"]
        code: String,
        #[unique]
        sku: String,
        #[sql = "numeric(12,2)"]
        weight: Decimal,
        due: Option<DateTime<Utc>>,
        parts: i32,
        order: Vec<String>,

        states {
            initial Open { note: Option<String> },
            Sealed { #[unique] slip: String, #[sql = "json"] raw: Raw },
            Waiting { note: Option<String>, until: DateTime<Utc> },
            final Lost { why: String, blob: Vec<u8> },
            final Gone,
        }

        groups {
            Here = Open | Sealed,
            Alive = Here | Waiting,
        }

        transitions {
            create: -> Open with sql "INSERT INTO ledger (code, what) VALUES (NEW.\"Code\", 'made; not moved')" then greet,
            seal(slip: String, raw: Raw): Open -> Sealed
                with sql "UPDATE stock SET on_hand = on_hand - NEW.parts WHERE sku = NEW.sku;
                          INSERT INTO ledger (code, what) VALUES (OLD.\"Code\", $$it's sealed$$) -- done"
                if sql "parts > 0 AND weight < 100",
            wait(until: DateTime<Utc>): Open -> Waiting then tell then count,
            wait(until: DateTime<Utc>): Waiting -> Waiting,
            resume: Waiting -> Open at until,
            lose: Open -> Lost { why: "it's \\ lost while open", blob: b"\x00\xff" } with mourn,
            lose: Sealed | Waiting -> Lost { why: "on the way", blob: b"\x00\xff" },
            nudge: Here after 2 days,
            weigh(weight: Decimal, parts: i32): Alive if sql "NEW.weight >= weight",
            plan(due: Option<DateTime<Utc>>): Alive,
            overdue: Here at due then tell,
            scanned: Sealed by scan,
            carried: Sealed -> Gone by carry with sql maybe "DELETE FROM ledger WHERE code = NEW.\"Code\"",
            refused: Sealed -> Open { note: None } by carry,
            give_up: Sealed -> Lost { why: "nobody carries it", blob: b"\x00\xff" } after 3 failures of carry,
            twist: Open -> Open with sql "PERFORM user_wait(NEW.\"Code\", now())",
        }
    }
}
