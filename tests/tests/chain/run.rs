//! The whole chain, from the first version to the last, and all the way back.
//!
//! `CHAIN_SECONDS` makes it longer: about so many seconds are spent with loads at work.

use super::apply::{By, undo};
use super::binary::Binary;
use super::catalogue::{catalogue, same};
use super::versions::{VERSIONS, Version};
use super::warnings;
use super::world::{Pace, World};
use sqlx::AssertSqlSafe;
use sqlx::migrate::Migrator;
use std::sync::Arc;
use std::time::{Duration, Instant};
use workflow_migrate::Step;

const SEED: u64 = 20_261_125;

/// What each load does in each phase, at least.
const CALLS: u64 = 60;

/// Of each step: before and after the expand phase, both at once, the newer one alone, before and after the contract phase.
const PHASES: u32 = 6;

fn pace() -> Pace {
    let seconds = std::env::var("CHAIN_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    let phases = PHASES * (VERSIONS.len() as u32 - 1);
    Pace { calls: CALLS, least: Duration::from_secs(seconds) / phases }
}

#[tokio::test(flavor = "multi_thread")]
async fn thirteen_versions_follow_each_other_while_programs_are_at_work_and_nobody_notices() {
    println!("seed {SEED}");
    warnings::listen();
    let begun = Instant::now();
    let mut world = World::new("thirteen", SEED, pace(), By::Apply).await;
    let mut applied = Applied::default();
    world.at.generate(VERSIONS[0].source, Step::Expand);
    applied.up(&mut world).await;
    let mut old = VERSIONS[0].start(&world.database).await;
    for pair in VERSIONS.windows(2) {
        old = step(&mut world, &mut applied, old, &pair[0], &pair[1]).await;
    }
    world.check_from_the_beginning("in the end", &[&old]).await;
    let transitions: u64 = world.total.events.values().sum();
    println!(
        "{transitions} transitions of {} calls, {} conflicts, {} blocked, {} strange rows, {} warnings, longest {:?}; \
         files tried again {}, contract phases refused for pending work {}; {:?}",
        world.total.done,
        world.total.conflicts,
        world.total.blocked,
        world.total.strange,
        warnings::seen(),
        world.total.longest,
        world.retries,
        world.refusals,
        begun.elapsed()
    );
    back_to_nothing_and_up_again(&world, &applied).await;
    println!("all the way down and up again: {:?}", begun.elapsed());
}

/// What stood at each moment when nothing was being applied.
#[derive(Default)]
struct Applied {
    moments: Vec<(i64, Vec<String>)>,
}

impl Applied {
    async fn up(&mut self, world: &mut World) {
        world.retries += world.apply().await.expect("it can be applied");
        self.note(world).await;
    }

    async fn note(&mut self, world: &World) {
        let version = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(&world.pool).await;
        self.moments.push((version.expect("a version"), catalogue(&world.pool).await));
    }
}

/// From one version to the next, as a deploy and a later release do it.
async fn step(
    world: &mut World,
    applied: &mut Applied,
    old: Arc<dyn Binary>,
    before: &Version,
    after: &Version,
) -> Arc<dyn Binary> {
    let named = |what: &str| format!("{} to {}, {what}", before.name, after.name);
    let older = world.load(&old);
    world.at_work(&[&older]).await;
    world.expand(after).await;
    world.at_work(&[&older]).await;
    let new = after.start(&world.database).await;
    // One of the older ones has run since before, another one is started again.
    let restarted = before.start(&world.database).await;
    let (again, newer) = (world.load(&restarted), world.load(&new));
    world.at_work(&[&older, &again, &newer]).await;
    world.rest(older, &named("the older one until it is replaced")).await;
    world.rest(again, &named("the older one that was started again")).await;
    world.at_work(&[&newer]).await;
    world.rest(newer, &named("the newer one beside it")).await;
    applied.note(world).await;
    world.check(&named("expanded"), &[&old, &new]).await;
    drop(old);

    let newer = world.load(&new);
    world.at_work(&[&newer]).await;
    world.contract(&before.model(), after).await;
    world.at_work(&[&newer]).await;
    world.rest(newer, &named("the newer one alone")).await;
    applied.note(world).await;
    world.check(&named("contracted"), &[&new]).await;
    new
}

/// The way back refuses to lose rows, and says how many; without rows it leads to nothing, and up again to the same.
async fn back_to_nothing_and_up_again(world: &World, applied: &Applied) {
    let table = VERSIONS[VERSIONS.len() - 1].model().table();
    // Read once: it hashes every file.
    let migrations = Migrator::new(world.at.migrations()).await.expect("migrations");
    let refused = undo(&world.database, &migrations, 0).await.expect_err("there are rows");
    println!("the way back is refused: {refused}");
    assert!(refused.contains(" rows "), "{refused}");
    let (_, last) = applied.moments.last().expect("a moment");
    world.apply().await.expect("what was taken back before that is applied again");
    same(&catalogue(&world.pool).await, last, "up again after the refusal");

    sqlx::query(AssertSqlSafe(format!("DELETE FROM {table}"))).execute(&world.pool).await.expect("rows can be deleted");
    for (version, then) in applied.moments.iter().rev() {
        undo(&world.database, &migrations, *version).await.expect("nothing is lost");
        same(&catalogue(&world.pool).await, then, &format!("back at {version}"));
    }
    undo(&world.database, &migrations, 0).await.expect("nothing is lost");
    let left: Option<String> =
        sqlx::query_scalar("SELECT to_regnamespace('workflow')::text").fetch_one(&world.pool).await.expect("an answer");
    assert_eq!(left, None);
    world.apply().await.expect("it can be applied again");
    same(&catalogue(&world.pool).await, last, "up again from nothing");
}
