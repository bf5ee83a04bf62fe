use super::depot::{Depot, Parcel, parcels};
use workflow_testing::{RandomWalk, Subject, Unproved, WalkSettings, random_walk_with};

/// The same sequences each time: what chance would find now and then only, is asserted here.
async fn wander(parcels: &Subject<Parcel, Depot>) -> Result<RandomWalk, Unproved> {
    let mut settings = WalkSettings::default();
    settings.seed = Some(2026);
    random_walk_with(parcels, settings).await
}

#[tokio::test]
async fn a_sound_application_wanders_and_nothing_is_found() {
    let walk = wander(&parcels(|_| Depot::Sound, "").await.sample("weight", [1, 100])).await.unwrap();
    assert!(walk.made > 50 && walk.refused.values().sum::<u64>() > 50, "{walk}");
    assert!(walk.refused.contains_key("model") && walk.refused.contains_key("guard"), "{walk}");
}

async fn found(sabotage: &'static str) -> String {
    wander(&parcels(|_| Depot::Sound, sabotage).await).await.unwrap_err().to_string()
}

#[tokio::test]
async fn a_table_without_its_guard_is_found_in_one_step() {
    let found = found("DROP TRIGGER parcels_transition ON parcels").await;
    assert!(
        found.starts_with("parcel: -create-> waiting is waiting in version 1, and its history ends with something else"),
        "{found}"
    );
    let sequence = "  1. instance 1: create by the runtime\nhelp: the same again with WalkSettings";
    assert!(found.replace("instance 2", "instance 1").contains(sequence), "{found}");
}

#[tokio::test]
async fn a_history_that_can_be_changed_is_found_by_the_shortest_sequence() {
    let found = found("DROP TRIGGER parcels_history_update ON parcels_history").await;
    // Which of the two does not matter, and neither can be changed alone.
    let found = found.replace("instance 2", "instance 1");
    let sequence = "  1. instance 1: create by the runtime\n  2. instance 1: an UPDATE of its history\nhelp:";
    assert!(found.starts_with("parcel: in waiting an UPDATE of its history is not a transition, and was made"), "{found}");
    assert!(found.contains(sequence), "{found}");
}

#[tokio::test]
async fn what_must_never_be_is_found_when_it_is() {
    let parcels = parcels(|_| Depot::Sound, "").await.never("a loaded truck", "SELECT name FROM trucks WHERE parcels > 0");
    let found = wander(&parcels).await.unwrap_err().to_string();
    assert!(found.starts_with("parcel: waiting -stow-> loaded breaks what must never be: a loaded truck"), "{found}");
    assert!(found.contains("  {\"name\": \"B1\"}"), "{found}");
}

#[tokio::test]
async fn what_a_closure_must_never_see_is_found_when_it_does() {
    let parcels = parcels(|_| Depot::Sound, "").await.never_when("a loaded truck", |pool| async move {
        let loaded: i64 = sqlx::query_scalar("SELECT sum(parcels)::bigint FROM trucks").fetch_one(&pool).await?;
        Ok((loaded > 0).then(|| format!("{loaded} parcels are loaded")))
    });
    let found = wander(&parcels).await.unwrap_err().to_string();
    assert!(found.starts_with("parcel: waiting -stow-> loaded breaks what must never be: a loaded truck"), "{found}");
    assert!(found.contains("  1 parcels are loaded"), "{found}");
}

#[tokio::test]
async fn a_seed_makes_the_same_sequences_again() {
    let parcels = parcels(|_| Depot::Sound, "").await;
    let mut settings = WalkSettings::default();
    (settings.cases, settings.steps, settings.seed) = (3, 8, Some(11));
    let first = random_walk_with(&parcels, settings).await.unwrap();
    assert_eq!(random_walk_with(&parcels, settings).await.unwrap(), first);
}
