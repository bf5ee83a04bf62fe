//! A tick is made once, and those that were missed as the rule says.

use super::office::{Office, Working, World, new, numbers, start};
use chrono::{DateTime, Utc};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use tokio::sync::{Notify, Semaphore};
use uuid::Uuid;
use workflow_runtime::{Schedule, Tick};

fn yearly() -> Schedule {
    Schedule::new("yearly", "@yearly").unwrap()
}

fn bill(tick: &Tick) -> super::bills::bill::New {
    new(tick.id(), tick.at)
}

async fn work(world: &World, office: Office, schedule: Schedule) -> Working {
    start(world.worker(office).await.schedule(schedule, bill))
}

/// As if a worker had come so far, and then none had run.
async fn down_since(world: &World, schedule: &str, last: &str) {
    world.run(&format!("INSERT INTO workflow.schedules (name, expression, last) VALUES ('{schedule}', '', {last})")).await;
}

const THREE_YEARS: &str = "date_trunc('year', now()) - interval '30 months'";

#[tokio::test(flavor = "multi_thread")]
async fn several_workers_make_each_tick_once() {
    let world = World::new().await;
    down_since(&world, "minutely", "date_trunc('minute', now()) - interval '60 minutes'").await;
    let begun: DateTime<Utc> = world.ask("SELECT last FROM workflow.schedules").await;
    let mut working = Vec::new();
    for _ in 0..4 {
        let minutely = Schedule::new("minutely", "* * * * *").unwrap().catching_up();
        // Nothing but the schedule's row keeps two of a tick apart.
        let any = |tick: &Tick| new(Uuid::new_v4(), tick.at);
        working.push(start(world.worker(Office::default()).await.schedule(minutely, any)));
    }
    world.until("SELECT last >= date_trunc('minute', now()) FROM workflow.schedules").await;
    for one in working {
        one.stop().await;
    }
    let last: DateTime<Utc> = world.ask("SELECT last FROM workflow.schedules").await;
    let ticks = (last - begun).num_minutes();
    assert!(ticks >= 60, "{ticks}");
    for counted in
        ["count(*) FROM bills", "count(DISTINCT month) FROM bills", "count(*) FROM numbers", "count(*) FROM bills_history"]
    {
        assert_eq!(world.ask::<i64>(&format!("SELECT {counted}")).await, ticks, "{counted}");
    }
    assert_eq!(
        world.ask::<i64>("SELECT count(*) FROM bills WHERE month <= now() AND month = date_trunc('minute', month)").await,
        ticks
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn of_missed_ticks_the_latest_is_made_and_knows_how_far_the_schedule_had_come() {
    let world = World::new().await;
    down_since(&world, "yearly", THREE_YEARS).await;
    let begun: DateTime<Utc> = world.ask("SELECT last FROM workflow.schedules").await;
    let seen = Arc::new(std::sync::Mutex::new(Vec::new()));
    let saw = seen.clone();
    let worker = world.worker(Office::default()).await.serving::<super::bills::Bill>().schedule(yearly(), move |tick: &Tick| {
        saw.lock().unwrap().push(tick.clone());
        bill(tick)
    });
    let working = start(worker);
    world.until("SELECT count(*) = 1 FROM bills WHERE month = date_trunc('year', now(), 'UTC')").await;
    // Its task too.
    world.until("SELECT count(*) = 0 FROM bills_jobs").await;
    working.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM bills").await, 1);
    let seen = seen.lock().unwrap().clone();
    assert_eq!(seen.iter().map(|tick| (tick.schedule.as_str(), tick.previous)).collect::<Vec<_>>(), [("yearly", begun)]);
    assert_eq!(world.ask::<Uuid>("SELECT id FROM bills").await, seen[0].id());
    assert_eq!(world.ask::<String>("SELECT actor FROM bills_history").await, "schedule yearly");
    assert!(
        world
            .ask::<bool>("SELECT last = date_trunc('year', now(), 'UTC') AND expression = '@yearly' FROM workflow.schedules")
            .await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_schedule_that_catches_up_makes_each_missed_tick_in_order() {
    let world = World::new().await;
    down_since(&world, "yearly", THREE_YEARS).await;
    let working = work(&world, Office::default(), yearly().catching_up()).await;
    world.until("SELECT count(*) = 3 FROM bills").await;
    working.stop().await;
    let in_order = "SELECT array_agg(o.month ORDER BY h.at) = array_agg(o.month ORDER BY o.month) AND max(o.month) = date_trunc('year', now(), 'UTC')
        FROM bills o JOIN bills_history h USING (id)";
    assert!(world.ask::<bool>(in_order).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_seen_for_the_first_time_makes_no_tick_of_the_past() {
    let world = World::new().await;
    let working = work(&world, Office::default(), yearly().catching_up()).await;
    world.until("SELECT last > now() - interval '1 minute' FROM workflow.schedules WHERE name = 'yearly'").await;
    working.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM bills").await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn ticks_come_when_their_time_comes() {
    let world = World::new().await;
    let working = work(&world, Office::default(), Schedule::new("secondly", "* * * * * *").unwrap()).await;
    world.until("SELECT count(*) >= 2 FROM bills").await;
    working.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) - count(DISTINCT month) FROM bills").await, 0);
    let late = "SELECT max(extract(epoch FROM h.at - o.month))::float8 FROM bills o JOIN bills_history h USING (id)";
    assert!(world.ask::<f64>(late).await < 5.0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tick_that_fails_is_tried_again_and_holds_up_no_other_schedule() {
    for how in ["error", "panic"] {
        let world = World::new().await;
        down_since(&world, "yearly", THREE_YEARS).await;
        down_since(&world, "other", THREE_YEARS).await;
        let is_mended = Arc::new(AtomicBool::new(false));
        let mended = is_mended.clone();
        let number = numbers(move |bill: super::bills::Bill<_>| match mended.load(Ordering::SeqCst) || bill.note.is_some() {
            true => Ok(()),
            false if how == "panic" => panic!("no numbers left"),
            false => Err("no numbers left".into()),
        });
        let worker = world.worker(Office { number, ..Office::default() }).await.schedule(yearly(), bill);
        let noted = |tick: &Tick| super::bills::bill::New { note: Some("other".into()), ..bill(tick) };
        let working = start(worker.schedule(Schedule::new("other", "@yearly").unwrap(), noted));
        let failed = "SELECT attempt >= 1 AND last_error LIKE '%no numbers left' AND retry_at > now() AND last < date_trunc('year', now(), 'UTC')
            FROM workflow.schedules WHERE name = 'yearly'";
        world.until(failed).await;
        world.until("SELECT count(*) = 1 FROM bills WHERE note = 'other'").await;
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM bills WHERE note IS NULL").await, 0);
        is_mended.store(true, Ordering::SeqCst);
        world.until("SELECT count(*) = 1 FROM bills WHERE note IS NULL").await;
        working.stop().await;
        let clean = "SELECT bool_and(attempt = 0 AND retry_at IS NULL AND last_error IS NULL) FROM workflow.schedules";
        assert!(world.ask::<bool>(clean).await);
        assert_eq!(world.ask::<i64>("SELECT count(*) FROM numbers").await, 2);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_cut_off_half_way_has_done_nothing() {
    let world = World::new().await;
    down_since(&world, "yearly", THREE_YEARS).await;
    let (begun, gate) = (Arc::new(Notify::new()), Arc::new(Semaphore::new(0)));
    let (tell, wait) = (begun.clone(), gate.clone());
    let number = Box::new(move |_| -> std::pin::Pin<Box<dyn Future<Output = _> + Send>> {
        let (tell, wait) = (tell.clone(), wait.clone());
        Box::pin(async move {
            tell.notify_one();
            wait.acquire().await.expect("open").forget();
            Ok(())
        })
    });
    let one = work(&world, Office { number, ..Office::default() }, yearly()).await;
    begun.notified().await;
    // While one is at it, another does not wait for it, and makes nothing: it comes again a second later.
    let (tried, tries) = (Arc::new(AtomicUsize::new(0)), world.worker(Office::default()).await);
    let counted = tried.clone();
    let other = start(tries.schedule(yearly(), move |tick: &Tick| {
        counted.fetch_add(1, Ordering::SeqCst);
        bill(tick)
    }));
    let again = async {
        while tried.load(Ordering::SeqCst) < 2 {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(20), again).await.expect("it comes again");
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM bills").await, 0);
    one.drop().await;
    world.until("SELECT count(*) = 1 FROM bills").await;
    other.stop().await;
    assert_eq!(world.ask::<i64>("SELECT count(*) FROM numbers").await, 1);
}
