use super::depot::{Depot, parcels};
use workflow_testing::crash_sweep;

#[tokio::test]
async fn a_sound_application_is_stopped_everywhere_and_nothing_is_found() {
    let sweep = crash_sweep(&parcels(|_| Depot::Sound, "").await).await.unwrap();
    assert_eq!(sweep.transitions, 6);
    // The pool tests a connection first. Then one statement, or BEGIN, two and COMMIT; each but those is prepared first.
    let messages = 4 * 3 + 2 * 7;
    assert_eq!((sweep.lost, sweep.unanswered), (messages, messages), "{sweep}");
    assert!(sweep.dropped >= messages, "{sweep}");
    // Before each statement, and after the last.
    assert_eq!(sweep.killed, 4 * 2 + 2 * 5 + sweep.transitions, "{sweep}");
}

#[tokio::test]
async fn an_effect_on_a_connection_of_its_own_is_found() {
    let found = crash_sweep(&parcels(Depot::Leaky, "").await).await.unwrap_err().to_string();
    for said in ["parcel: waiting -stow-> loaded is not all or nothing", "stopped at await", "public.trucks", "parcels: 1"] {
        assert!(found.contains(said), "`{said}` is missing:\n{found}");
    }
}

#[tokio::test]
async fn an_effect_that_commits_by_itself_is_found() {
    let found = crash_sweep(&parcels(|_| Depot::Committing, "").await).await.unwrap_err().to_string();
    assert!(found.contains("stow was refused: the effect put_on committed the transaction by itself"), "{found}");
}
