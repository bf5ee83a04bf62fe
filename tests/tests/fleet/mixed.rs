//! Each version as the newest, beside the one before it, of which only the snapshot is read: both at work on one database.

use super::apply::By;
use super::binary::Binary;
use super::interpreted::Interpreted;
use super::random::Random;
use super::statements;
use super::versions::{VERSIONS, Version};
use super::warnings;
use super::world::{Pace, World};
use std::sync::Arc;
use std::time::Duration;
use workflow_migrate::{Snapshot, Step};
use workflow_testing::Database;

const SEED: u64 = 910;

/// What each load does in each phase, at least.
const CALLS: u64 = 100;

fn pace() -> Pace {
    let seconds = std::env::var("CHAIN_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(0);
    Pace { calls: CALLS, least: Duration::from_secs(seconds) / (3 * (VERSIONS.len() as u32 - 1)) }
}

macro_rules! beside {
    ($($name:ident: $number:literal),*) => {
        mod the_version_before_works_beside {
            $(
                #[tokio::test(flavor = "multi_thread")]
                async fn $name() {
                    super::mixed($number).await;
                }
            )*
        }
    };
}

beside!(v02: 1, v03: 2, v04: 3, v05: 4, v06: 5, v07: 6, v08: 7, v09: 8, v10: 9, v11: 10, v12: 11, v13: 12);

/// The version of that number, counted from nothing, and the one before it.
async fn mixed(number: usize) {
    let (before, after, seed) = (VERSIONS[number - 1], VERSIONS[number], SEED + 1000 * number as u64);
    println!("seed {seed}");
    warnings::listen();
    let named = |what: &str| format!("{} beside {}, {what}", before.name, after.name);
    let warned = warnings::seen();
    let mut world = World::new(&format!("mixed-{}", after.name), seed, pace(), By::Sqlx).await;
    world.expand(&before).await;
    let snapshot = world.at.snapshot(&before.model().name.label);
    assert_eq!(snapshot.model, before.model(), "what is interpreted is what was written");
    let old = interpreted(&before, &snapshot, &world.database).await;
    let alone = world.load(&old);
    world.at_work(&[&alone]).await;
    world.rest(alone, &named("before")).await;
    world.expand(&after).await;
    let new = after.start(&world.database).await;
    // Before anybody moves a row: what was there must have become right by the files alone.
    world.check(&named("just expanded"), &[&old, &new]).await;
    // One that has run since before, one that starts now, and the newest.
    let restarted = interpreted(&before, &snapshot, &world.database).await;
    let (running, again, newer) = (world.load(&old), world.load(&restarted), world.load(&new));
    world.at_work(&[&running, &again, &newer]).await;
    world.rest(running, &named("the older one that ran on")).await;
    world.rest(again, &named("the older one that was started again")).await;
    world.rest(newer, &named("the newer one")).await;
    world.check(&named("expanded"), &[&old, &new]).await;

    world.contract(&before.model(), &after).await;
    world.check(&named("just contracted"), &[&new]).await;
    let newer = world.load(&new);
    world.at_work(&[&newer]).await;
    world.rest(newer, &named("after")).await;
    world.check(&named("contracted"), &[&new]).await;
    println!("{}", named(&format!("{} warnings", warnings::seen() - warned)));
}

async fn interpreted(version: &Version, snapshot: &Snapshot, database: &Database) -> Arc<dyn Binary> {
    let pool = database.pool_with(8).await.expect("a pool");
    Arc::new(Interpreted::start(version.name, snapshot.model.clone(), pool).await)
}

#[tokio::test]
async fn what_is_interpreted_sends_what_the_macro_writes() {
    let database = Database::create().await.expect("a database");
    for version in VERSIONS {
        let (model, compiled) = (version.model(), version.start(&database).await);
        for line in model.events().into_iter().filter(|line| line.app_effect().is_none()) {
            let event = &line.event.label;
            let payload = Random(SEED).payload(&model, event);
            assert_eq!(compiled.statement(event, payload), statements::alone(&model, event), "{} {event}", version.name);
        }
    }
}

#[test]
fn a_phase_is_written_in_the_same_bytes_again() {
    let written = |name: &str| {
        let mut at = super::project::Crate::new(name);
        for version in VERSIONS {
            at.generate(version.source, Step::Expand);
            at.generate(version.source, Step::Contract);
        }
        at.texts()
    };
    assert_eq!(written("once"), written("twice"));
}
