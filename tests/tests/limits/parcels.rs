//! Large payloads, long names of actors and keys, and many instances at once.

use sqlx::PgPool;
use std::time::Instant;
use workflow_runtime::Runtime;
use workflow_testing::Database;

workflow_tests::declared! {
    pub(crate) workflow Parcel in parcels {
        id: String,
        note: Option<String>,

        states {
            initial Packed,
            Sent { content: String },
            final Lost,
        }

        transitions {
            send(content: String): Packed -> Sent,
            lose: Packed | Sent -> Lost,
        }
    }
}

async fn depot() -> (Database, PgPool, Runtime<()>) {
    let db = workflow_tests::database(SOURCE, "").await;
    let pool = db.pool().await.unwrap();
    (db, pool.clone(), Runtime::new(pool, ()))
}

#[tokio::test]
async fn a_payload_of_ten_megabytes_comes_back_from_row_and_history() {
    let (_db, pool, depot) = depot().await;
    let content: String = ('a'..='z').cycle().take(10 << 20).collect();
    let id = "one".to_owned();
    depot.create(parcel::New { id: id.clone(), note: None }).await.unwrap();
    depot.fire(&id, parcel::event::Send { content: content.clone() }).await.unwrap();
    let parcel = Parcel::load(&pool, id).await.unwrap().unwrap();
    assert!(parcel.state == parcel::State::Sent(parcel::Sent { content: content.clone() }));
    assert!(parcel.history(&pool).await.unwrap()[1].state == Ok(parcel::State::Sent(parcel::Sent { content })));
}

/// An actor and what becomes a key may be as long as one likes. A key of text stands in an index, a third of whose page it must fit.
#[tokio::test]
async fn names_of_actors_have_no_length_and_a_key_that_fits_no_index_is_an_error() {
    let (_db, pool, depot) = depot().await;
    let long: String = (0..300_000).map(|n: u32| char::from_u32(0x4e00 + n * 7919 % 20_000).unwrap()).collect();
    let fitting: String = long.chars().take(800).collect();
    let acting = depot.as_actor(long.clone());
    acting.create(parcel::New { id: fitting.clone(), note: Some(long.clone()) }).await.unwrap();
    acting.once(&long).fire(&fitting, parcel::event::Lose).await.unwrap();
    acting.once(&long).fire(&fitting, parcel::event::Lose).await.unwrap();
    let steps = Parcel::load(&pool, fitting).await.unwrap().unwrap().history(&pool).await.unwrap();
    assert!(steps.len() == 2 && steps.iter().all(|step| step.actor.as_deref() == Some(&long)));
    let refused = depot.create(parcel::New { id: long, note: None }).await.unwrap_err();
    let workflow_runtime::Error::Database(source) = &refused else { panic!("{refused}") };
    assert_eq!(source.as_database_error().unwrap().code().unwrap(), "54000", "{source}");
}

#[tokio::test]
async fn many_instances_are_moved_by_one_statement() {
    let many: usize = std::env::var("LIMITS").map_or(5_000, |number| number.parse().unwrap());
    let (_db, pool, depot) = depot().await;
    sqlx::query("INSERT INTO parcels (id) SELECT n::text FROM generate_series(1, $1) n")
        .bind(many as i64)
        .execute(&pool)
        .await
        .unwrap();
    let began = Instant::now();
    let outcomes = depot.fire_all((1..=many + 1).map(|n| n.to_string()), parcel::event::Lose).await.unwrap();
    println!("{many} in {:?}", began.elapsed());
    assert_eq!(outcomes.iter().filter(|(_, outcome)| outcome.is_ok()).count(), many);
    assert!(matches!(outcomes.last(), Some((_, Err(workflow_runtime::Error::NotFound { .. })))));
}
