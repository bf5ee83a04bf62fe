//! Work that waits when a version changes it: nothing is forgotten, and nothing is done twice.

use crate::folder::case;
use crate::phases::Phases;
use crate::rows::run;

const PLACE: &str = "INSERT INTO orders (id, sku, quantity) VALUES ('00000000-0000-7000-8000-000000000001', 'a', 1)";
const RESERVE: &str =
    "UPDATE orders SET state = 'reserved', event = 'reserve', version = 2, entered_at = now(), keyed = 2, warehouse = 'north'";
const HOLD: &str = "UPDATE orders SET state = 'held', event = 'hold', version = 2, entered_at = now(), note = 'wait'";

/// A case whose `Held` has an activity and a timer, and so has `state`, which it is called later.
async fn with_work_in_held(name: &str, state: Option<&str>) -> Phases {
    let case = case(name);
    let works = |text: String, state: &str| {
        let resume = format!("resume: {state} -> Placed,");
        assert!(text.contains(&resume), "{text}");
        text.replace(&resume, &format!("resume: {state} -> Placed by call_back,\n            remind: {state} after 10 minutes,"))
    };
    let after = case.text("after.rs");
    let after = state.map_or(after.clone(), |state| works(after, state));
    Phases::between(&format!("work-{name}"), "", &works(case.text("before.rs"), "Held"), &after).await
}

/// All that waits, as `kind job version`.
async fn waiting(at: &Phases) -> String {
    at.ask(
        "SELECT coalesce(string_agg(concat_ws(' ', kind, job, version), ', ' ORDER BY kind, job, version), '') FROM orders_jobs",
    )
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_timer_that_runs_gets_another_time_where_the_source_says_so_and_the_former_one_on_the_way_back() {
    let at = Phases::new("timer-retimed").await;
    run(&at.pool, PLACE).await;
    let time = "SELECT (j.run_at - o.entered_at)::text FROM orders_jobs j JOIN orders o ON o.id = j.id";
    assert_eq!(at.ask::<String>(time).await, "00:30:00");
    at.to(2999).await.unwrap();
    assert_eq!(at.ask::<String>(time).await, "01:00:00");
    at.back(1999).await.unwrap();
    assert_eq!(at.ask::<String>(time).await, "00:30:00");
}

#[tokio::test(flavor = "multi_thread")]
async fn rows_that_are_in_a_state_get_the_timer_that_it_has_now() {
    let at = Phases::new("timer-added").await;
    run(&at.pool, PLACE).await;
    run(&at.pool, RESERVE).await;
    at.to(2999).await.unwrap();
    assert_eq!(waiting(&at).await, "timer give_up 2");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_row_that_is_moved_out_of_a_state_that_goes_leaves_the_work_of_that_state_behind() {
    let at = with_work_in_held("state-removed", None).await;
    run(&at.pool, PLACE).await;
    run(&at.pool, HOLD).await;
    at.to(2999).await.unwrap();
    assert_eq!(waiting(&at).await, "activity call_back 2, timer remind 2");
    at.to(3999).await.unwrap();
    assert_eq!(waiting(&at).await, "timer expire 3");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_runs_in_a_state_goes_on_under_its_new_label_and_does_not_start_again() {
    let at = with_work_in_held("state-renamed", Some("OnHold")).await;
    run(&at.pool, PLACE).await;
    run(&at.pool, HOLD).await;
    run(&at.pool, "UPDATE orders_jobs SET attempt = 3").await;
    at.to(3999).await.unwrap();
    assert_eq!(at.ask::<String>("SELECT state FROM orders").await, "on_hold");
    assert_eq!(waiting(&at).await, "activity call_back 2, timer remind 2");
    assert!(at.ask::<bool>("SELECT bool_and(attempt = 3) FROM orders_jobs").await);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_contract_phase_forgets_no_job_of_an_activity_that_is_gone() {
    let at = Phases::new("activity-removed").await;
    run(&at.pool, PLACE).await;
    run(&at.pool, RESERVE).await;
    at.to(2999).await.unwrap();
    let error = at.to(3999).await.unwrap_err().to_string();
    assert!(error.contains("1 of the activity carry"), "{error}");
    assert_eq!(waiting(&at).await, "activity carry 2");
}
