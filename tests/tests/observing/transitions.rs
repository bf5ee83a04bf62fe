//! A transition is one span and counts once, however it is fired and however it ends.

use super::letters::letter::{self, event};
use super::letters::{Post, World, worker};
use super::watch::Watch;
use std::time::Duration;
use tracing::Level;
use uuid::Uuid;
use workflow_runtime::{Error, Worker};

const TOLD: [&str; 6] = ["workflow", "event", "from", "to", "outcome", "attempts"];

fn outcomes(watch: &Watch) -> Vec<(String, f64)> {
    watch.of("workflow_transitions_total")
}

fn counted(event: &str, outcome: &str, count: f64) -> (String, f64) {
    (format!("workflow=letter,event={event},outcome={outcome}"), count)
}

/// The words with which the spans ended.
fn ended(watch: &Watch) -> Vec<String> {
    watch.spans("workflow.fire").iter().flat_map(|seen| seen.fields.get("outcome").cloned()).collect()
}

#[tokio::test]
async fn a_transition_is_a_span_with_where_it_led_and_how_it_ended() {
    let world = World::new().await;
    let post = world.post(None).await;
    let id = world.letter().await;
    let watch = Watch::begin();
    post.fire(id, event::Send).await.unwrap();
    let seen = watch.span("workflow.fire");
    assert_eq!(seen.told(&TOLD), ["letter", "send", "written | stamped", "carried", "fired", "1"]);
    assert_eq!(seen.fields["id"], id.to_string());
    let numbers = watch.numbers();
    assert_eq!(numbers["workflow_transitions_total{workflow=letter,event=send,outcome=fired}"], 1.0);
    assert_eq!(numbers["workflow_transition_seconds{workflow=letter,event=send}"], 1.0);
    assert!(numbers.keys().all(|key| !key.contains(&id.to_string())), "{numbers:?}");
}

#[tokio::test]
async fn each_way_to_fire_is_one_span_and_counts_once() {
    let world = World::new().await;
    let post = world.post(None).await;
    let (first, second) = (world.letter().await, world.letter().await);
    let watch = Watch::begin();
    let new = letter::New { id: Uuid::new_v4(), address: "there".into() };
    post.create(new.clone()).await.unwrap();
    post.create(new.clone()).await.unwrap();
    post.once("a").fire(first, event::Send).await.unwrap();
    post.once("a").fire(first, event::Send).await.unwrap();
    let mut tx = post.begin().await.unwrap();
    tx.fire(second, event::Stamp).await.unwrap();
    tx.create(letter::New { id: Uuid::new_v4(), ..new }).await.unwrap();
    tx.commit().await.unwrap();
    let mut theirs = world.admin.begin().await.unwrap();
    post.join(&mut theirs).fire(second, event::Send).await.unwrap();
    theirs.commit().await.unwrap();
    assert_eq!(ended(&watch), ["created", "repeated", "fired", "repeated", "fired", "created", "fired"]);
    let to: Vec<_> = watch.spans("workflow.fire").iter().filter_map(|seen| seen.fields.get("to").cloned()).collect();
    assert_eq!(to, ["written", "carried", "stamped", "written", "carried"]);
    let expected = [
        counted("create", "created", 2.0),
        counted("create", "repeated", 1.0),
        counted("send", "fired", 2.0),
        counted("send", "repeated", 1.0),
        counted("stamp", "fired", 1.0),
    ];
    assert_eq!(outcomes(&watch), expected);
}

#[tokio::test]
async fn what_is_refused_says_why_in_a_word() {
    let world = World::new().await;
    let post = world.post(None).await;
    let poor = world.runtime(Post { refuses: true, ..Post::default() }, |_| ()).await;
    let id = world.letter().await;
    world.run("ALTER TABLE letters ADD CONSTRAINT nowhere CHECK (address <> 'nowhere')").await;
    let watch = Watch::begin();
    assert!(matches!(poor.fire(id, event::Stamp).await, Err(Error::Rejected { .. })));
    assert!(matches!(post.fire(id, event::Lose).await, Err(Error::Conflict { .. })));
    post.fire(id, event::Send).await.unwrap();
    assert!(matches!(post.fire(id, event::Lose).await, Err(Error::Blocked { .. })));
    assert!(matches!(post.fire(Uuid::new_v4(), event::Lose).await, Err(Error::NotFound { .. })));
    let nowhere = letter::New { id: Uuid::new_v4(), address: "nowhere".into() };
    assert!(matches!(post.create(nowhere).await, Err(Error::Constraint { .. })));
    let mut connection = world.admin.acquire().await.unwrap();
    assert!(matches!(post.join(&mut connection).fire(id, event::Read).await, Err(Error::NoTransaction)));
    assert_eq!(ended(&watch), ["rejected", "conflict", "fired", "blocked", "not_found", "constraint", "error"]);
    let words: Vec<_> = outcomes(&watch).into_iter().map(|(labels, _)| labels.rsplit('=').next().unwrap().to_owned()).collect();
    assert_eq!(words, ["constraint", "blocked", "conflict", "not_found", "error", "fired", "rejected"]);
}

#[tokio::test]
async fn a_binary_without_its_schema_counts_as_stale() {
    let world = World::new().await;
    let post = world.post(None).await;
    world.run("DELETE FROM workflow.models").await;
    let watch = Watch::begin();
    assert!(matches!(post.fire(Uuid::new_v4(), event::Send).await, Err(Error::Stale { .. })));
    assert_eq!(ended(&watch), ["stale"]);
}

#[tokio::test]
async fn what_is_tried_again_is_one_span_with_its_attempts() {
    let world = World::new().await;
    let set = |settings: &mut workflow_runtime::Settings| {
        (settings.attempts, settings.lock_timeout) = (3, Duration::from_millis(20));
    };
    let post = world.runtime(Post::default(), set).await;
    let id = world.letter().await;
    let mut holder = world.admin.begin().await.unwrap();
    sqlx::raw_sql("SELECT FROM letters FOR UPDATE").execute(&mut *holder).await.unwrap();
    let watch = Watch::begin();
    assert!(matches!(post.fire(id, event::Send).await, Err(Error::Database(_))));
    assert!(matches!(post.fire(id, event::Stamp).await, Err(Error::Database(_))));
    assert!(matches!(post.fire_all([id], event::Send).await, Err(Error::Database(_))));
    let spans = watch.spans("workflow.fire");
    let told: Vec<_> = spans.iter().map(|seen| seen.told(&["outcome", "attempts"])).collect();
    assert_eq!(told, [["error", "3"], ["error", "3"], ["error", "3"]]);
    let numbers = watch.numbers();
    assert_eq!(numbers["workflow_retries_total{workflow=letter,event=send}"], 4.0);
    assert_eq!(numbers["workflow_retries_total{workflow=letter,event=stamp}"], 2.0);
    assert_eq!(numbers["workflow_transitions_total{workflow=letter,event=send,outcome=error}"], 2.0);
}

#[tokio::test]
async fn a_creation_that_is_tried_again_is_one_span_with_its_attempts() {
    let world = World::new().await;
    let post = world.runtime(Post::default(), |settings| settings.attempts = 3).await;
    let id = Uuid::new_v4();
    world.run("ALTER TABLE letters ADD CONSTRAINT late CHECK (address = '')").await;
    let fails = "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS \
                 $$ BEGIN RAISE EXCEPTION 'later' USING ERRCODE = '40001'; END $$; \
                 CREATE TRIGGER a_late BEFORE INSERT ON letters FOR EACH ROW EXECUTE FUNCTION late()";
    world.run(fails).await;
    let watch = Watch::begin();
    assert!(post.create(letter::New { id, address: "here".into() }).await.is_err());
    assert_eq!(watch.span("workflow.fire").told(&["outcome", "attempts"]), ["error", "3"]);
    assert_eq!(watch.of("workflow_retries_total"), [("workflow=letter,event=create".to_owned(), 2.0)]);
}

#[tokio::test]
async fn a_transition_that_nobody_waits_for_is_told_as_dropped() {
    let world = World::new().await;
    let post = world.post(None).await;
    let id = world.letter().await;
    let mut holder = world.admin.begin().await.unwrap();
    sqlx::raw_sql("SELECT FROM letters FOR UPDATE").execute(&mut *holder).await.unwrap();
    let watch = Watch::begin();
    assert!(tokio::time::timeout(Duration::from_millis(50), post.fire(id, event::Send)).await.is_err());
    assert_eq!(ended(&watch), ["dropped"]);
    assert_eq!(outcomes(&watch), [counted("send", "dropped", 1.0)]);
}

#[tokio::test]
async fn everything_that_a_transition_sends_is_sent_within_its_span() {
    let world = World::new().await;
    let id = world.letter().await;
    let talkative =
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET client_min_messages = debug5', current_database()); END $$";
    world.run(talkative).await;
    let post = world.post(None).await;
    let watch = Watch::begin();
    post.fire(id, event::Stamp).await.unwrap();
    let statements = watch.statements();
    assert!(statements.iter().any(|(text, _)| text.contains("COMMIT")), "{statements:#?}");
    for (text, around) in statements {
        assert_eq!(around, ["workflow.fire"], "{text}");
    }
    // BEGIN is sent by a task of its own, of which only the server speaks.
    let notices = watch.notices();
    let begun = notices.iter().find(|(text, _)| text.starts_with("StartTransaction")).expect("a word of BEGIN");
    assert_eq!(begun.1, ["workflow.fire"]);
}

#[tokio::test]
async fn one_event_for_many_is_one_span_and_each_instance_counts() {
    let world = World::new().await;
    let post = world.post(None).await;
    let (first, second) = (world.letter().await, world.letter().await);
    let carried = world.letter().await;
    post.fire(carried, event::Send).await.unwrap();
    let watch = Watch::begin();
    post.fire_all([first, second, carried, Uuid::new_v4()], event::Send).await.unwrap();
    let seen = watch.span("workflow.fire");
    assert_eq!(seen.told(&["event", "count", "outcome"]), ["send", "4", "fired"]);
    let expected = [counted("send", "conflict", 1.0), counted("send", "fired", 2.0), counted("send", "not_found", 1.0)];
    assert_eq!(outcomes(&watch), expected);
}

#[tokio::test]
async fn timers_that_are_fired_together_are_one_span_and_each_counts() {
    let world = World::new().await;
    let post = world.post(None).await;
    world.forgotten_letters(3).await;
    let watch = Watch::begin();
    world.work_until(worker(post), "SELECT count(*) = 3 FROM letters WHERE state = 'read'").await;
    let fired = watch.spans_at(Level::DEBUG, "workflow.fire");
    assert_eq!(fired[0].told(&["workflow", "event", "count", "outcome"]), ["letter", "forget", "3", "fired"]);
    assert_eq!(outcomes(&watch), [counted("forget", "fired", 3.0)]);
}

#[tokio::test]
async fn names_and_units_are_told_to_the_recorder() {
    let world = World::new().await;
    let watch = Watch::begin();
    let post = world.post(None).await;
    let id = world.letter().await;
    post.fire(id, event::Stamp).await.unwrap();
    let worker: Worker<Post> = worker(post);
    world.work_until(worker, "SELECT count(*) = 1 FROM letters WHERE state = 'carried'").await;
    let units = watch.units();
    let told: Vec<_> = units.iter().map(|(name, unit)| (name.as_str(), unit.map(|unit| unit.as_str()))).collect();
    let expected = [
        ("workflow_job_attempts_total", Some("count")),
        ("workflow_job_seconds", Some("seconds")),
        ("workflow_jobs_due", Some("count")),
        ("workflow_oldest_due_seconds", Some("seconds")),
        ("workflow_transition_seconds", Some("seconds")),
        ("workflow_transitions_total", Some("count")),
    ];
    assert_eq!(told, expected);
}
