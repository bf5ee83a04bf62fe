//! `cargo run -p approval`: three expense claims, in three months that take some milliseconds.

use ::approval::claim::{Claim, claim};
use ::approval::office::Office;
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{Runtime, Worker};
use workflow_testing::Server;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let server = Server::private().await?;
    let database = server.create_database().await?;
    let office = Runtime::connect(database.url(), Office::default()).await?;
    office.migrate(&sqlx::migrate!()).await?;
    a_small_claim(&office).await?;
    a_large_claim(&office).await?;
    a_forgotten_claim(&office).await
}

/// Two managers decide at the same time: one is told who was faster.
async fn a_small_claim(office: &Runtime<Office>) -> Result<(), Failure> {
    println!("1. Ann wants 120 euros back.");
    let id = submitted(office, "Ann", 120).await?;
    let _ = office.as_actor("Ben").fire(id, claim::event::Approve).await?;
    let late = office.as_actor("Cleo").fire(id, claim::event::Reject { reason: "no receipt".into() }).await;
    match late {
        Err(error) => println!("   Cleo would have rejected it: {error}"),
        Ok(_) => return Err("MISMATCH: two decided".into()),
    }
    days(office, 0).await?;
    told(office, id).await
}

/// It is too much for a manager, and nobody says so to the director but time.
async fn a_large_claim(office: &Runtime<Office>) -> Result<(), Failure> {
    println!("\n2. Dan wants 2500 euros back.");
    let id = submitted(office, "Dan", 2500).await?;
    match office.as_actor("Ben").fire(id, claim::event::Approve).await {
        Err(error) => println!("   Ben may not: {error}"),
        Ok(_) => return Err("MISMATCH: a manager has approved of 2500 euros".into()),
    }
    days(office, 2).await?;
    days(office, 5).await?;
    let _ = office.as_actor("Dora").fire(id, claim::event::Approve).await?;
    days(office, 0).await?;
    told(office, id).await
}

async fn a_forgotten_claim(office: &Runtime<Office>) -> Result<(), Failure> {
    println!("\n3. Eve writes a claim and forgets it.");
    let id = Uuid::new_v4();
    let _ = office.as_actor("Eve").create(claim::New { id, employee: "Eve".into(), amount: 30 }).await?;
    days(office, 90).await?;
    told(office, id).await
}

async fn submitted(office: &Runtime<Office>, employee: &str, amount: i32) -> Result<Uuid, Failure> {
    let (id, office) = (Uuid::new_v4(), office.as_actor(employee));
    let _ = office.create(claim::New { id, employee: employee.into(), amount }).await?;
    let _ = office.fire(id, claim::event::Submit).await?;
    Ok(id)
}

/// Lets so many days pass, and does what is due then.
async fn days(office: &Runtime<Office>, days: u64) -> Result<(), Failure> {
    workflow_testing::advance(office.pool(), Duration::from_secs(days * 24 * 3600)).await?;
    Worker::new(office.clone()).serving::<Claim>().until_idle().await?;
    for letter in office.app().letters() {
        println!("   a letter {letter}");
    }
    Ok(())
}

async fn told(office: &Runtime<Office>, id: Uuid) -> Result<(), Failure> {
    let claim = Claim::load(office.pool(), id).await?.ok_or("the claim is gone")?;
    for step in claim.history(office.pool()).await? {
        let state = step.state.map_err(|_| "history can be read")?;
        let label = state.label().map_or("?", |label| label.as_str());
        println!("   {:>9}  {:<10} by {}", step.event, label, step.actor.as_deref().unwrap_or("nobody"));
    }
    Ok(())
}
