//! Workers that are killed, and a server that is: nothing is lost, nothing takes effect twice.

use super::depot::{Depot, World, behind, book, pool, settings, start};
use super::parcels::parcel::{Booked, Packed};
use super::parcels::{Parcel, TABLES};
use sqlx::PgPool;
use std::process::{Child, Command};
use std::time::Duration;
use workflow_runtime::{BoxError, Job, Runtime, Worker};
use workflow_testing::Server;

/// Set in the child: the database.
const PART: &str = "WORKFLOW_WORKER_PART";

const PARCELS: i64 = 400;

/// What the outside world has seen.
const OUTSIDE: &str = "CREATE TABLE outside (key text NOT NULL, attempt integer NOT NULL)";

/// Outside work: it cannot be taken back, whatever becomes of the worker.
async fn outside(pool: PgPool, job: Job) -> Result<Job, BoxError> {
    let attempt = i32::try_from(job.attempt)?;
    let mut tx = pool.begin().await?;
    let asked = sqlx::query("INSERT INTO outside VALUES ($1, $2)").bind(&job.key).bind(attempt);
    asked.persistent(!crate::POOLED).execute(&mut *tx).await?;
    tx.commit().await?;
    Ok(job)
}

/// Plays the part of a worker's process, until it is killed.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_works() {
    let Ok(url) = std::env::var(PART) else { return };
    let pool = pool(&url);
    let (for_couriers, for_customers) = (pool.clone(), pool.clone());
    let depot = Depot {
        find_courier: Box::new(move |_: Parcel<Packed>, job| {
            let pool = for_couriers.clone();
            Box::pin(async move { Ok(book(&outside(pool, job).await?)) })
        }),
        tell: Box::new(move |_: Parcel<Booked>, job| {
            let pool = for_customers.clone();
            Box::pin(async move { outside(pool, job).await.map(|_| ()) })
        }),
        ..Depot::default()
    };
    let mut settings = settings();
    settings.lease = Duration::from_millis(800);
    start(Worker::with(Runtime::with(pool, depot, behind(true)), settings).serving::<Parcel>()).ended().await;
}

fn process(world: &World) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["worker::deaths::a_process_that_works", "--exact"]).env(PART, world.url());
    command.stdout(std::process::Stdio::null()).spawn().expect("a process")
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_lost_or_done_twice_when_workers_and_the_server_are_killed() {
    let server = Server::private().await.expect("a server");
    let world = World::on(&server, &format!("{TABLES}; {OUTSIDE}")).await;
    world
        .run(&format!(
            "INSERT INTO parcels (id, address, ready) SELECT gen_random_uuid(), 'a', true FROM generate_series(1, {PARCELS})"
        ))
        .await;
    let mut processes: Vec<Child> = (0..3).map(|_| process(&world)).collect();
    for kill in 0..9 {
        world.until(&format!("SELECT count(*) > {} FROM outside", 60 * (kill + 1))).await;
        let one = &mut processes[kill % 3];
        one.kill().expect("it runs");
        one.wait().expect("it ends");
        if kill % 4 == 3 {
            server.kill().await.expect("it runs");
            server.restart().await.expect("it starts");
        }
        processes[kill % 3] = process(&world);
    }
    world.until("SELECT count(*) = 0 FROM parcels_jobs WHERE kind <> 'timer'").await;
    for mut process in processes {
        process.kill().expect("it runs");
        process.wait().expect("it ends");
    }
    // Whoever's attempts died three times is given up, as declared; all others are booked, and each of them once.
    let booked: i64 = world
        .ask("SELECT count(*) FROM parcels WHERE state = 'booked' AND version = 2 AND tracking = 'parcel/' || id || '/1/find_courier'")
        .await;
    let given_up: i64 = world.ask("SELECT count(*) FROM parcels WHERE reason = 'no courier' AND version = 2").await;
    assert_eq!(booked + given_up, PARCELS);
    assert!(given_up < PARCELS / 10, "{given_up}");
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM parcels_history").await, 2 * PARCELS);
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM marks").await, given_up);
    // Outside, each was asked for under one key at least once, and never under another.
    let told = "SELECT count(DISTINCT key) FROM outside WHERE key LIKE '%/tell'";
    assert_eq!(world.ask::<i64>(told).await, booked);
    let unknown = "SELECT count(*) FROM outside WHERE key NOT IN (SELECT 'parcel/' || id || k FROM parcels, (VALUES ('/1/find_courier'), ('/2/tell')) v (k))";
    assert_eq!(world.ask::<i64>(unknown).await, 0);
}
