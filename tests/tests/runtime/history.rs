//! History, decoded back into the types of the workflow, whatever the fields are.

use self::sample::{Empty, Event, Full, New, State, event};
use super::bank::{Bank, account};
use super::world::World;
use sqlx::postgres::PgPool;
use sqlx::types::Json;
use sqlx::types::chrono::{DateTime, NaiveDate, Utc};
use uuid::Uuid;
use workflow_runtime::{Runtime, Undecodable};
use workflow_testing::Database;

workflow_tests::declared! {
    /// One of everything.
    pub workflow Sample in samples {
        number: i64,

        states {
            initial Empty,
            Full {
                yes: bool,
                small: i16,
                middle: i32,
                big: i64,
                single: f32,
                double: f64,
                text: String,
                mark: Uuid,
                bytes: Vec<u8>,
                at: DateTime<Utc>,
                day: NaiveDate,
                json: Json<Vec<f64>>,
                perhaps: Option<String>,
                texts: Vec<String>,
                doubles: Vec<f64>,
            },
        }

        transitions {
            fill(
                yes: bool, small: i16, middle: i32, big: i64, single: f32, double: f64, text: String, mark: Uuid, bytes: Vec<u8>,
                at: DateTime<Utc>, day: NaiveDate, json: Json<Vec<f64>>, perhaps: Option<String>, texts: Vec<String>,
                doubles: Vec<f64>
            ): Empty -> Full,
            clear: Full -> Empty,
        }
    }
}

async fn samples() -> (Database, PgPool, Runtime<()>) {
    let db = workflow_tests::database(SOURCE, "").await;
    let pool = db.pool().await.unwrap();
    (db, pool.clone(), Runtime::new(pool, ()))
}

fn plain() -> event::Fill {
    event::Fill {
        yes: true,
        small: i16::MIN,
        middle: i32::MAX,
        big: i64::MIN,
        single: 0.1,
        double: f64::MIN_POSITIVE,
        text: "naïve \"quoted\" \\ 'text'\n".into(),
        mark: Uuid::from_u128(7),
        bytes: vec![0, 1, 127, 128, 255],
        at: "2024-02-29T23:59:59.123456Z".parse().unwrap(),
        day: "2024-02-29".parse().unwrap(),
        json: Json(vec![0.5, -1.0]),
        perhaps: None,
        texts: vec!["a,b".into(), String::new(), "{\"}".into(), "NULL".into()],
        doubles: vec![1.5, -0.25],
    }
}

fn odd() -> event::Fill {
    event::Fill {
        yes: false,
        single: f32::NAN,
        double: f64::NEG_INFINITY,
        text: String::new(),
        bytes: Vec::new(),
        at: "0001-01-01T00:00:00Z".parse().unwrap(),
        day: "9999-12-31".parse().unwrap(),
        json: Json(Vec::new()),
        perhaps: Some("NULL".into()),
        texts: Vec::new(),
        doubles: vec![f64::NAN, f64::INFINITY, 0.1 + 0.2],
        ..plain()
    }
}

#[tokio::test]
async fn every_type_of_field_comes_back_from_history_as_it_was() {
    let (_db, pool, samples) = samples().await;
    for (number, fill) in [(1, plain()), (2, odd())] {
        let _ = samples.create(New { number }).await.unwrap();
        let full = samples.fire(number, fill.clone()).await.unwrap();
        let _ = samples.fire(number, event::Clear).await.unwrap();
        let steps = full.history(&pool).await.unwrap();
        let states: Vec<_> = steps.into_iter().map(|step| step.state.unwrap()).collect();
        // As text, for NaN is not equal to itself.
        let expected = [State::Empty(Empty), State::Full(full.state), State::Empty(Empty)];
        assert_eq!(format!("{states:?}"), format!("{expected:?}"));
        assert_eq!(format!("{:?}", Event::Fill(as_event(&states[1]))), format!("{:?}", Event::Fill(fill)));
    }
}

fn as_event(state: &State) -> event::Fill {
    let State::Full(Full { yes, small, middle, big, single, double, text, mark, bytes, at, day, json, perhaps, texts, doubles }) =
        state.clone()
    else {
        panic!("{state:?}")
    };
    event::Fill { yes, small, middle, big, single, double, text, mark, bytes, at, day, json, perhaps, texts, doubles }
}

#[tokio::test]
async fn what_no_longer_fits_its_type_is_undecodable_and_the_other_steps_are_told() {
    let (_db, pool, samples) = samples().await;
    let _ = samples.create(New { number: 1 }).await.unwrap();
    let full = samples.fire(1, plain()).await.unwrap();
    let older = "BEGIN; SET LOCAL session_replication_role = replica;
        UPDATE samples_history SET data = '{\"day\": \"once upon a time\"}' WHERE version = 2; COMMIT";
    sqlx::raw_sql(older).execute(&pool).await.unwrap();
    let steps = full.history(&pool).await.unwrap();
    assert_eq!(steps[0].state, Ok(State::Empty(Empty)));
    let Err(Undecodable { label, data }) = &steps[1].state else { panic!("{:?}", steps[1]) };
    assert_eq!((label.as_str(), data["day"].as_str()), ("full", Some("once upon a time")));
}

#[tokio::test]
async fn a_step_tells_who_what_when_and_from_where() {
    let world = World::new().await;
    let bank = world.bank(Bank::default()).await;
    let id = world.account().await;
    let held = bank.as_actor("alice").fire(id, account::event::Hold { by: "court".into() }).await.unwrap();
    let mut tx = bank.as_actor("bob").begin().await.unwrap();
    let _ = held.close(&mut tx, "moved").await.unwrap();
    tx.commit().await.unwrap();
    sqlx::query("SELECT accounts_force($1, 'open', '{}', 'closed by mistake')").bind(id).execute(&world.admin).await.unwrap();

    let steps = world.load(id).await.history(&world.admin).await.unwrap();
    let told: Vec<_> = steps
        .iter()
        .map(|s| (s.version, s.event.as_str(), s.from.as_deref(), s.actor.as_deref(), s.key.is_some(), s.note.as_deref()))
        .collect();
    assert_eq!(
        told,
        [
            (1, "create", None, None, true, None),
            (2, "hold", Some("open"), Some("alice"), true, None),
            (3, "close", Some("held"), Some("bob"), true, None),
            (4, "force", Some("closed"), None, false, Some("closed by mistake")),
        ]
    );
    assert_eq!(steps[2].state, Ok(account::State::Closed(account::Closed { reason: "moved".into() })));
    assert!(steps.iter().all(|step| step.role == "postgres") && steps.is_sorted_by_key(|step| step.at));
}
