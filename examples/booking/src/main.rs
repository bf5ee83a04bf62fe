//! `cargo run -p booking`: thirty people want to travel, there are rooms for twenty and seats for fourteen, and the card service is
//! what it is. The end is an audit, and a failure if anything does not add up.

use ::booking::agency::Agency;
use ::booking::trip::{Trip, trip};
use sqlx::Row;
use std::time::Duration;
use tokio::task::JoinSet;
use uuid::Uuid;
use workflow_runtime::{Error, Runtime, Worker};
use workflow_testing::Server;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let server = Server::private().await?;
    let database = server.create_database().await?;
    let agency = Runtime::connect(database.url(), Agency::default()).await?;
    agency.migrate(&sqlx::migrate!()).await?;

    let worker = Worker::new(agency.clone()).serving::<Trip>();
    worker.run(travel(&agency)).await;
    audit(&agency).await
}

/// All wish at the same time; then whoever has booked last cancels.
async fn travel(agency: &Runtime<Agency>) {
    let mut wishes = JoinSet::new();
    for n in 0..30 {
        let agency = agency.clone();
        wishes.spawn(async move { wish(&agency, n).await });
    }
    for wished in wishes.join_all().await {
        wished.expect("a wish is reserved or given up");
    }
    settled(agency).await;
    let booked = Trip::find(agency.pool()).in_state::<trip::Booked>().limit(1).all().await.expect("trips can be read");
    for trip in booked {
        let _ = agency.fire(trip.id, trip::event::Cancel { reason: "ill".into() }).await.expect("it was booked");
    }
    settled(agency).await;
}

async fn wish(agency: &Runtime<Agency>, n: u32) -> Result<(), Error<Trip>> {
    let card = match n % 7 {
        3 => "empty",
        5 => "unlucky",
        _ => "good",
    };
    let (id, hotel, flight) = (Uuid::new_v4(), "Adler".to_owned(), "WF 7".to_owned());
    let _ = agency.create(trip::New { id, hotel, flight, card: card.to_owned(), price: 400 }).await?;
    match agency.fire(id, trip::event::Reserve).await {
        Ok(_) => Ok(()),
        // The seat was not there, and the room is free again.
        Err(Error::Rejected { .. }) => agency.fire(id, trip::event::GiveUp { reason: "full".into() }).await.map(|_| ()),
        Err(error) => Err(error),
    }
}

/// Until nothing is on its way.
async fn settled(agency: &Runtime<Agency>) {
    let moving = "SELECT count(*) FROM trips WHERE state NOT IN ('booked', 'cancelled')";
    while sqlx::query_scalar::<_, i64>(moving).fetch_one(agency.pool()).await.is_ok_and(|moving| moving > 0) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn audit(agency: &Runtime<Agency>) -> Result<(), Failure> {
    for row in sqlx::query(include_str!("sql/ends.sql")).fetch_all(agency.pool()).await? {
        let (state, reason, trips): (String, Option<String>, i64) = (row.try_get(0)?, row.try_get(1)?, row.try_get(2)?);
        println!("{trips:>3} {state} {}", reason.map(|reason| format!("({reason})")).unwrap_or_default());
    }
    let wrong: i64 = sqlx::query_scalar(include_str!("sql/wrong.sql")).fetch_one(agency.pool()).await?;
    expect(wrong == 0, "rooms and seats add up, and are those of the booked trips")?;
    println!("    rooms and seats add up, and are those of the booked trips");

    let booked: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM trips WHERE state = 'booked'").fetch_all(agency.pool()).await?;
    let charges = agency.app().cards.charges();
    let kept: Vec<Uuid> = charges.iter().filter(|charge| !charge.is_refunded).map(|charge| charge.trip).collect();
    expect(kept.len() == booked.len() && booked.iter().all(|trip| kept.contains(trip)), "who travels has paid once")?;
    println!(
        "    {} cards were charged, {} of them got their money back; who travels has paid once",
        charges.len(),
        charges.len() - kept.len()
    );
    Ok(())
}

fn expect(holds: bool, what: &str) -> Result<(), Failure> {
    if holds { Ok(()) } else { Err(format!("MISMATCH: expected that {what}").into()) }
}
