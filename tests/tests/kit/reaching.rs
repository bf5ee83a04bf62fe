use super::depot::{Depot, parcel, parcels};
use sqlx::PgPool;
use workflow_runtime::Runtime;
use workflow_testing::{Subject, Unproved, coverage};

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

mod lamps {
    workflow_tests::declared! {
        /// What no other test has: what a process has made is counted together.
        pub(crate) workflow Lamp in lamps {
            id: i64,
            states { initial Off, On, final Broken }
            transitions { switch_on: Off -> On, switch_off: On -> Off, fall: Off | On -> Broken }
        }
    }
}

#[tokio::test]
async fn what_no_history_has_is_missing() {
    let database = workflow_tests::database(lamps::SOURCE, "").await;
    let connect = |url: String| async move { Ok(Runtime::new(PgPool::connect(&url).await?, ())) };
    let lamps: Subject<lamps::Lamp, ()> = Subject::new(&database, connect);
    let pool = database.pool().await.unwrap();
    let missing = async || {
        let coverage = coverage::<lamps::Lamp>(&pool).await.unwrap();
        coverage.missing().into_iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    let all = ["-create-> off", "off -switch_on-> on", "on -switch_off-> off", "off -fall-> broken", "on -fall-> broken"];
    assert_eq!(missing().await, all);
    lamps.reach("on").await.unwrap();
    assert_eq!(missing().await, all[2..]);
    // By hand, and not by the kit: history has it.
    sqlx::query("SELECT lamps_switch_off(id) FROM lamps").execute(&pool).await.unwrap();
    assert_eq!(missing().await, all[3..]);
    let said = coverage::<lamps::Lamp>(&pool).await.unwrap().to_string();
    assert!(said.starts_with("lamp: 3 of 5 transitions were made\n"), "{said}");
}
