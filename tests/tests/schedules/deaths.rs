//! Workers that are killed: no tick is lost, none is made twice.

use super::office::{Office, World, new, settings, start};
use std::process::{Child, Command};
use uuid::Uuid;
use workflow_runtime::{Runtime, Schedule, Tick, Worker};

/// Set in the child: the database.
const PART: &str = "WORKFLOW_SCHEDULE_PART";

const TICKS: i64 = 300;

/// Plays the part of a worker's process, until it is killed.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_ticks() {
    let Ok(url) = std::env::var(PART) else { return };
    let pool = sqlx::postgres::PgPoolOptions::new().max_connections(4).connect_lazy(&url).expect("a URL");
    let minutely = Schedule::new("minutely", "* * * * *").unwrap().catching_up();
    let worker = Worker::with(Runtime::new(pool, Office::default()), settings());
    let working = start(worker.schedule(minutely, |tick: &Tick| new(Uuid::new_v4(), tick.at)));
    std::future::pending::<()>().await;
    working.stop().await;
}

fn process(world: &World) -> Child {
    let mut command = Command::new(std::env::current_exe().expect("this test"));
    command.args(["schedules::deaths::a_process_that_ticks", "--exact"]).env(PART, world.db.url());
    command.stdout(std::process::Stdio::null()).spawn().expect("a process")
}

#[tokio::test(flavor = "multi_thread")]
async fn no_tick_is_lost_or_made_twice_when_workers_are_killed() {
    let world = World::new().await;
    let insert = format!(
        "INSERT INTO workflow.schedules (name, expression, last)
         VALUES ('minutely', '', date_trunc('minute', now()) - interval '{TICKS} minutes')"
    );
    world.run(&insert).await;
    let mut processes: Vec<Child> = (0..2).map(|_| process(&world)).collect();
    for kill in 0..8 {
        world.until(&format!("SELECT count(*) > {} FROM bills", 30 * (kill + 1))).await;
        let one = &mut processes[kill % 2];
        one.kill().expect("it runs");
        one.wait().expect("it ends");
        processes[kill % 2] = process(&world);
    }
    world.until("SELECT last >= date_trunc('minute', now()) FROM workflow.schedules").await;
    for mut process in processes {
        process.kill().expect("it runs");
        process.wait().expect("it ends");
    }
    // A minute may have passed meanwhile.
    let made: Vec<i64> = world
        .ask("SELECT ARRAY[(SELECT count(*) FROM bills), (SELECT count(DISTINCT month) FROM bills), (SELECT count(*) FROM numbers),
            (SELECT round(extract(epoch FROM s.last - min(b.month)) / 60)::bigint + 1 FROM bills b, workflow.schedules s GROUP BY s.last)]")
        .await;
    assert!(made[0] >= TICKS && made.iter().all(|count| *count == made[0]), "{made:?}");
}
