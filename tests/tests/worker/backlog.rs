//! Much that waits: what is oldest goes first, and no statement reads a table from end to end.

use super::depot::{CLAIMS, Depot, World, claiming};
use super::parcels::{Parcel, parcel};
use sqlx::{AssertSqlSafe, Row};
use workflow_runtime::workflow::{Event, Perform};

#[tokio::test(flavor = "multi_thread")]
async fn a_job_does_not_wait_for_the_backlog_of_another_one() {
    for claims in CLAIMS {
        let world = World::new().await;
        world.lost().await;
        for _ in 0..40 {
            world.parcel().await;
        }
        world.run("UPDATE parcels_jobs SET run_at = now() - interval '1 hour' WHERE job = 'find_courier'").await;
        let depot = Depot::default();
        let (told, mut few) = (depot.told.clone(), claiming(claims));
        few.concurrency = 4;
        let working = world.work_with(depot, few).await;
        world.until("SELECT count(*) = 41 FROM parcels WHERE state = 'booked'").await;
        working.stop().await;
        let place = told.lock().unwrap().iter().position(|job| job.name == "search").unwrap();
        assert!(place < 10, "{place} of others went before it");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_has_waited_longest_goes_first_whichever_job_it_is() {
    for claims in CLAIMS {
        for (early, late) in [(("search", 1), ("find_courier", 3)), (("find_courier", 3), ("search", 1))] {
            let world = World::new().await;
            world.lost().await;
            for _ in 0..3 {
                world.parcel().await;
            }
            for ((job, _), minutes) in [(early, 2), (late, 1)] {
                let since = format!("now() - interval '{minutes} minutes'");
                world.run(&format!("UPDATE parcels_jobs SET run_at = {since} WHERE job = '{job}'")).await;
            }
            let depot = Depot::default();
            let (told, mut alone) = (depot.told.clone(), claiming(claims));
            alone.concurrency = 1;
            let working = world.work_with(depot, alone).await;
            world.until("SELECT count(*) = 4 FROM parcels WHERE state = 'booked'").await;
            working.stop().await;
            let told: Vec<String> = told.lock().unwrap().iter().map(|job| job.name.clone()).collect();
            let told: Vec<&str> =
                told.iter().map(String::as_str).filter(|name| ["search", "find_courier"].contains(name)).collect();
            let expected: Vec<&str> = [early, late].iter().flat_map(|(name, times)| vec![*name; *times]).collect();
            assert_eq!(told, expected);
        }
    }
}

/// The parcels have moved since the planner last looked at them: to it, none is where the statement starts from.
async fn moved() -> World {
    let world = World::new().await;
    world.run("ALTER TABLE parcels SET (autovacuum_enabled = false)").await;
    world.run("INSERT INTO parcels (id, address, ready) SELECT gen_random_uuid(), 'a', true FROM generate_series(1, 2000)").await;
    world.run("ANALYZE parcels").await;
    world.run("UPDATE parcels SET state = 'booked', event = 'book', tracking = 'T', version = 2, entered_at = now()").await;
    world.run("ANALYZE parcels_jobs").await;
    world
}

/// As a connection that has used it often carries it out.
async fn plan(world: &World, statement: &str, arguments: &str) -> String {
    let mut connection = world.admin.acquire().await.unwrap();
    let prepare = format!("SET plan_cache_mode = force_generic_plan; PREPARE often AS {statement}");
    sqlx::raw_sql(AssertSqlSafe(prepare)).execute(&mut *connection).await.unwrap();
    let explain = AssertSqlSafe(format!("EXPLAIN EXECUTE often ({arguments})"));
    let rows = sqlx::raw_sql(explain).fetch_all(&mut *connection).await.unwrap();
    rows.iter().map(|row| row.get::<String, _>(0) + "\n").collect()
}

#[tokio::test]
async fn an_outcome_reads_its_instances_only_however_old_the_statistics_are() {
    let event: parcel::Event = parcel::event::TurnUp.into();
    let outcomes = event.transition().outcomes.as_ref().unwrap();
    let numbered = |n: usize| outcomes.types.iter().zip(6 + n * outcomes.types.len()..).map(|(of, p)| format!("${p}::{of}"));
    let row = |n| format!("({})", numbered(n).collect::<Vec<_>>().join(", "));
    let rows: Vec<String> = (0..32).map(row).collect();
    let statement = format!("{}{}{}", outcomes.head, rows.join(", "), outcomes.tail);
    let arguments = vec!["NULL"; 5 + 32 * outcomes.types.len()].join(", ");
    let plan = plan(&moved().await, &statement, &arguments).await;
    assert!(!plan.contains("Seq Scan"), "{plan}");
}

#[tokio::test]
async fn due_timers_are_looked_for_by_themselves_however_old_the_statistics_are() {
    let deliver = <Parcel as Perform<Depot>>::JOBS.iter().find(|job| job.name == "deliver").unwrap();
    let plan = plan(&moved().await, deliver.due.unwrap(), "1000, '2000', 'timer deliver', NULL, 0").await;
    assert!(!plan.contains("Seq Scan"), "{plan}");
    assert!(plan.contains("Index Cond: ((kind = 'timer'::text) AND (job = 'deliver'::text) AND (run_at <= now()))"), "{plan}");
}
