use super::depot::{Depot, parcels};
use workflow_testing::race_matrix;

#[tokio::test]
async fn a_sound_application_races_and_nothing_is_found() {
    let matrix = race_matrix(&parcels(|_| Depot::Sound, "").await).await.unwrap();
    assert_eq!((matrix.states, matrix.pairs, matrix.races), (2, 2 * 2 + 3 * 3, 3 * 13));
    assert!(matrix.followed > 0 && matrix.conflicts > matrix.pairs, "{matrix}");
    assert_eq!(matrix.neighbours, 2 * 3);
}

#[tokio::test]
async fn effects_that_lock_in_two_orders_are_found() {
    let found = race_matrix(&parcels(|_| Depot::Crossed, "").await).await.unwrap_err().to_string();
    assert!(
        found.starts_with("parcel: waiting -stow-> loaded, and loaded -unload-> waiting, deadlock for two instances"),
        "{found}"
    );
    assert!(
        found.contains("the first was held up before message") && found.contains("lock the application's rows in the same order")
    );
}

#[tokio::test]
async fn an_effect_that_writes_what_it_has_read_without_a_lock_is_found() {
    let found = race_matrix(&parcels(|_| Depot::Hasty, "").await).await.unwrap_err().to_string();
    for said in ["beside each other than in any order", "the first was held up before message", "public.trucks"] {
        assert!(found.contains(said), "`{said}` is missing:\n{found}");
    }
}
