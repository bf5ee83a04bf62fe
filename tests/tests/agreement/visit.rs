//! Visits: internal transitions, timers that follow a field, an event on several lines, guards, a unique field, effects in SQL.

use crate::life::{Answer, Life, Op, Run, Way, answer, value};
use serde_json::{Map, Value};
use sqlx::types::chrono::{DateTime, Utc};
use sqlx::{PgConnection, PgPool};
use workflow_model::{Kind, Type};
use workflow_runtime::{Created, Runtime};

workflow_tests::declared! {
    pub(crate) workflow Visit in visits {
        number: i64,
        guest: String,
        nights: i32,
        due: Option<DateTime<Utc>>,

        states {
            initial Asked,
            Booked { #[unique] room: String },
            Here { #[unique] room: String, since: i32 },
            final Gone { bill: i32 },
            final Off { why: String },
        }

        groups { Coming = Asked | Booked }

        transitions {
            book(room: String): Asked -> Booked then confirm if sql "nights > 0",
            extend(nights: i32): Coming | Here if sql "NEW.nights >= nights",
            plan(due: Option<DateTime<Utc>>): Coming,
            remind: Coming at due,
            nag: Asked after 2 days,
            swap(room: String): Booked -> Booked,
            arrive: Booked -> Here { since: 3 } by welcome with sql "INSERT INTO keys_out VALUES (NEW.number, NEW.room)",
            refuse: Booked -> Asked by welcome,
            stay: Here by clean then restock,
            leave(bill: i32): Here -> Gone with sql "DELETE FROM keys_out WHERE number = NEW.number",
            drop_out(why: String): Asked -> Off then sorry,
            drop_out(why: String): Booked -> Off with release,
        }
    }
}

/// The house: it notes which rooms were released.
#[derive(Debug, Clone, Copy)]
pub(crate) struct House;

impl visit::Effects for House {
    type Error = sqlx::Error;

    async fn release(
        &self,
        tx: &mut PgConnection,
        before: &Visit<visit::Booked>,
        _: &Visit<visit::Off>,
        _: &visit::event::DropOut,
    ) -> Result<(), sqlx::Error> {
        let note = sqlx::query("INSERT INTO released VALUES ($1, $2)").bind(before.number).bind(&before.state.room);
        note.execute(tx).await.map(drop)
    }
}

pub(crate) struct Visits {
    house: Runtime<House>,
}

fn number(run: Run, instance: usize) -> i64 {
    (run.0 * 100) as i64 + instance as i64
}

impl Life for Visits {
    const SOURCE: &'static str = SOURCE;
    const TABLES: &'static str = "CREATE TABLE keys_out (number bigint PRIMARY KEY, room text UNIQUE); CREATE TABLE released (number bigint PRIMARY KEY, room text)";

    fn new(pool: PgPool) -> Self {
        Visits { house: Runtime::new(pool, House) }
    }

    fn key(run: Run, instance: usize) -> String {
        number(run, instance).to_string()
    }

    fn key_sql(run: Run, instance: usize) -> String {
        Self::key(run, instance)
    }

    async fn create(&self, run: Run, instance: usize, actor: &str) {
        let nights = i32::from(instance != 1); // one that its guard blocks at first
        let new = visit::New { number: number(run, instance), guest: "ann".into(), nights, due: None };
        let created = self.house.as_actor(actor).create(new).await.expect("a visit");
        assert!(matches!(created, Created::New(_)));
    }

    async fn rust(&self, run: Run, op: Op, event: &str, actor: &str) -> Answer {
        let (id, event, house) = (number(run, op.instance), self::event(run, event, op.seed), self.house.as_actor(actor));
        match op.way {
            Way::Fire => answer(house.fire(id, event).await),
            _ => {
                let mut tx = house.begin_at(op.isolation).await.expect("a transaction");
                match answer(tx.fire(id, event).await) {
                    Answer::Accepted => answer(tx.commit().await.map_err(workflow_runtime::Error::<Visit>::from)),
                    other => other,
                }
            }
        }
    }

    fn allows(event: &str, before: &Map<String, Value>, payload: &Map<String, Value>, others: &[Map<String, Value>]) -> bool {
        let free = || others.iter().all(|o| o["room"] != payload["room"]);
        match event {
            "book" => before["nights"].as_i64() > Some(0) && free(),
            "swap" => free(),
            "extend" => payload["nights"].as_i64() >= before["nights"].as_i64(),
            _ => true,
        }
    }

    async fn totals(&self, run: Run) -> Vec<String> {
        sqlx::query_scalar(
            "SELECT 'key ' || v.number FROM visits v LEFT JOIN keys_out k USING (number)
             WHERE v.number / 100 = $1 AND (v.state = 'here') <> (k.number IS NOT NULL AND k.room = v.room)
             UNION ALL
             SELECT 'release ' || v.number FROM visits v LEFT JOIN released r USING (number)
             LEFT JOIN visits_history h ON h.id = v.number AND h.event = 'drop_out' AND h.from_state = 'booked'
             WHERE v.number / 100 = $1 AND (h.id IS NOT NULL) <> (r.number IS NOT NULL)",
        )
        .bind(run.0 as i64)
        .fetch_all(self.house.pool())
        .await
        .expect("totals")
    }
}

fn event(run: Run, event: &str, seed: u8) -> visit::Event {
    let of = |kind| value(run, &Type { rust: String::new(), optional: true, kind, sql: None }, seed);
    let (text, number) = (format!("it's {} {}", run.0, seed % 4), i32::from(seed % 5));
    match event {
        "book" => visit::event::Book { room: text }.into(),
        "extend" => visit::event::Extend { nights: number }.into(),
        "plan" => visit::event::Plan { due: of(Kind::Timestamp).as_str().map(|t| t.parse().expect("a time")) }.into(),
        "remind" => visit::event::Remind.into(),
        "nag" => visit::event::Nag.into(),
        "swap" => visit::event::Swap { room: text }.into(),
        "arrive" => visit::event::Arrive.into(),
        "refuse" => visit::event::Refuse.into(),
        "stay" => visit::event::Stay.into(),
        "leave" => visit::event::Leave { bill: number }.into(),
        "drop_out" => visit::event::DropOut { why: text }.into(),
        other => panic!("no such event: {other}"),
    }
}
