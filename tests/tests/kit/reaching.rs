use super::depot::{Depot, Parcel, database, parcel, parcels, subject};
use workflow_testing::{Unproved, coverage};

#[tokio::test]
async fn an_instance_is_brought_into_any_state() {
    let parcels = parcels(|_| Depot::Sound, "").await;
    assert_eq!(parcels.reach("arrived").await.unwrap().version(), 3);
    let loaded = parcels.reach_in::<parcel::Loaded>().await.unwrap();
    assert_eq!(loaded.state.truck, "B1");
}

#[tokio::test]
async fn a_refusal_on_the_way_is_told_with_the_way() {
    let parcels = parcels(|_| Depot::Sound, "").await.sample("weight", [100]);
    let refused = parcels.reach("arrived").await.unwrap_err();
    assert!(matches!(refused, Unproved::Refused { .. }));
    let said = refused.to_string();
    assert!(said.starts_with("parcel: waiting -stow-> loaded: arrive was refused: "), "{said}");
    assert!(said.contains(".preparing(\"arrive\", "), "{said}");
}

#[tokio::test]
async fn what_is_missing_for_a_guard_can_be_prepared() {
    let parcels = parcels(|_| Depot::Sound, "")
        .await
        .sample("weight", [100])
        .preparing("arrive", |pool| async move { sqlx::query("UPDATE parcels SET weight = 1").execute(&pool).await.map(drop) });
    assert_eq!(parcels.reach("arrived").await.unwrap().weight, 1);
}

#[tokio::test]
async fn a_sample_that_does_not_fit_says_which_line_to_write() {
    let misfit = parcels(|_| Depot::Sound, "").await.sample("truck", [1]).reach("loaded").await.unwrap_err();
    let said = misfit.to_string();
    assert!(said.starts_with("stow cannot be made of its samples: invalid type: integer `1`"), "{said}");
    assert!(said.ends_with("help: give the subject others: .sample(\"truck\", [\"…\"])"), "{said}");
}

#[tokio::test]
async fn an_unknown_state_is_said_to_be_one() {
    let said = parcels(|_| Depot::Sound, "").await.reach("lost").await.unwrap_err().to_string();
    assert_eq!(said, "no instance of parcel can come to `lost`: no arrow leads there");
}

#[tokio::test]
async fn what_no_history_has_is_missing() {
    let database = database("").await;
    let parcels = subject(&database, |_| Depot::Sound);
    parcels.reach("arrived").await.unwrap();
    let coverage = coverage::<Parcel>(&database.pool().await.unwrap()).await.unwrap();
    let times = |event: &str| coverage.made.iter().filter(|(way, _)| way.event == event).map(|(_, times)| times).sum::<u64>();
    assert!(times("create") >= 1 && times("stow") >= 1 && times("arrive") >= 1, "{coverage}");
    assert!(coverage.to_string().starts_with("parcel: "), "{coverage}");
}
