//! All or nothing where the database is shared, and compensation where it is not.

use booking::agency::Agency;
use booking::trip::{Trip, trip};
use uuid::Uuid;
use workflow_runtime::{Error, Runtime, Worker};
use workflow_testing::Database;

async fn agency() -> Runtime<Agency> {
    let database = Database::create().await.unwrap();
    let agency = Runtime::connect(database.url(), Agency::default()).await.unwrap();
    agency.migrate(&sqlx::migrate!()).await.unwrap();
    agency
}

async fn wished(agency: &Runtime<Agency>, card: &str) -> Uuid {
    let id = Uuid::new_v4();
    let new = trip::New { id, hotel: "Adler".into(), flight: "WF 7".into(), card: card.into(), price: 400 };
    let _ = agency.create(new).await.unwrap();
    id
}

/// Rooms and seats that are free.
async fn free(agency: &Runtime<Agency>) -> (i32, i32) {
    sqlx::query_as("SELECT h.free, f.free FROM hotels h, flights f").fetch_one(agency.pool()).await.unwrap()
}

/// What the worker makes of it, whatever it takes.
async fn state(agency: &Runtime<Agency>, id: Uuid) -> trip::State {
    for _ in 0..20 {
        workflow_testing::advance(agency.pool(), std::time::Duration::from_secs(1)).await.unwrap();
        Worker::new(agency.clone()).serving::<Trip>().until_idle().await.unwrap();
    }
    Trip::load(agency.pool(), id).await.unwrap().unwrap().state
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_seat_no_room_is_held() {
    let agency = agency().await;
    sqlx::query("UPDATE flights SET free = 0").execute(agency.pool()).await.unwrap();
    let id = wished(&agency, "good").await;
    let refused = agency.fire(id, trip::event::Reserve).await;
    assert!(matches!(refused, Err(Error::Rejected { .. })), "{refused:?}");
    assert_eq!(free(&agency).await, (20, 0));
    assert_eq!(sqlx::query_scalar::<_, i64>("SELECT count(*) FROM rooms").fetch_one(agency.pool()).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_declined_card_gives_room_and_seat_back() {
    let agency = agency().await;
    let id = wished(&agency, "empty").await;
    let _ = agency.fire(id, trip::event::Reserve).await.unwrap();
    assert_eq!(free(&agency).await, (19, 13));
    assert_eq!(state(&agency, id).await, trip::State::Cancelled(trip::Cancelled { reason: "the card was declined".into() }));
    assert_eq!(free(&agency).await, (20, 14));
}

/// The card was charged, and the answer never came.
#[tokio::test(flavor = "multi_thread")]
async fn what_may_have_been_charged_goes_back() {
    let agency = agency().await;
    let id = wished(&agency, "unlucky").await;
    let _ = agency.fire(id, trip::event::Reserve).await.unwrap();
    let reason = "the card service did not answer".to_owned();
    assert_eq!(state(&agency, id).await, trip::State::Cancelled(trip::Cancelled { reason }));
    assert_eq!(free(&agency).await, (20, 14));
    let charges = agency.app().cards.charges();
    assert!(charges.len() == 1 && charges[0].is_refunded, "{charges:?}");
}

#[test]
fn the_migrations_are_current() {
    workflow_testing::assert_migrations_current!();
}
