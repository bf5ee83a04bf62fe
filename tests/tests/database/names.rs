//! Text that tries to be more than text: labels, literals, statements, actors, keys, payloads.

use crate::world::{CLAIM, Who, World, key, state, step};
use order::shop::Shop;
use order::workflow::{Order, order as wf};
use uuid::Uuid;
use workflow_runtime::Runtime;

/// What has broken out of many a quoted string.
const HOSTILE: [&str; 9] = [
    "'; DROP TABLE orders; --",
    "$$; DROP TABLE orders; $$",
    "\\'; DROP TABLE orders; --",
    "\" OR true --",
    "{table} {id} {workflow} %s %L $1 :x ?",
    "*/ DROP TABLE orders /*",
    "\u{202e}ü\u{1f980}\n\t\r\\x00\\",
    "{\"reason\": null, \"version\": 9}",
    "",
];

#[tokio::test]
async fn payloads_actors_and_keys_stay_text() {
    let tables = "CREATE TABLE inventory (sku text PRIMARY KEY, on_hand integer NOT NULL, reserved integer NOT NULL DEFAULT 0);
        CREATE TABLE stock_moves (order_id uuid, sku text, quantity integer, move text);
        CREATE TABLE shipments (order_id uuid PRIMARY KEY, sku text, quantity integer, warehouse text, tracking text);
        CREATE TABLE notifications (order_id uuid PRIMARY KEY, message text NOT NULL);";
    let db = workflow_tests::database(workflow_tests::ORDER, tables).await;
    let pool = db.pool().await.unwrap();
    let shop = Runtime::new(pool.clone(), Shop::default());
    for text in HOSTILE {
        sqlx::query("INSERT INTO inventory VALUES ($1, 9)").bind(text).execute(&pool).await.unwrap();
        let id = Uuid::new_v4();
        let acting = shop.as_actor(text);
        acting.create(wf::New { id, customer_id: id, sku: text.into(), quantity: 2 }).await.unwrap();
        acting.once(text).fire(id, wf::event::Reserve { warehouse: text.into() }).await.unwrap();
        acting.once(text).fire(id, wf::event::Reserve { warehouse: text.into() }).await.unwrap();
        acting.fire(id, wf::event::Cancel { reason: text.into() }).await.unwrap();
        let order = Order::load(&pool, id).await.unwrap().unwrap();
        assert_eq!(order.state, wf::State::Cancelled(wf::Cancelled { reason: text.into() }));
        let steps = order.history(&pool).await.unwrap();
        assert_eq!(steps.len(), 3, "{text:?}");
        assert!(steps.iter().all(|s| s.actor.as_deref().unwrap_or_default() == text), "{text:?} {steps:?}");
        assert_eq!(steps[1].state, Ok(wf::State::Reserved(wf::Reserved { warehouse: text.into() })));
    }
    let nul = shop.create(wf::New { id: Uuid::new_v4(), customer_id: Uuid::nil(), sku: "a\0b".into(), quantity: 1 }).await;
    assert!(nul.is_err(), "PostgreSQL's text has no NUL: an error, not a panic");
}

#[tokio::test]
async fn literals_and_statements_reach_the_database_as_they_were_written() {
    let world = World::new().await;
    let claim = &world.claim;
    world.must(Who::App, &step(claim, 0, "seal", state(claim, "Sealed"), "")).await;
    assert_eq!(world.text("SELECT what FROM \"Sales ü\".ledger").await, "it's; {table} $body$ x");
    // The literal stands in the statements of the macro, in the functions and in history.
    let sql = workflow_model::Literal::Text("it's \\ $$lost$$ {table}".into()).sql();
    assert_eq!(world.text(&format!("SELECT {sql}")).await, "it's \\ $$lost$$ {table}");
    world.holds("a seal").await;
    world.refused(Who::App, "WF001", &format!("SELECT {}({}, NULL)", claim.function("plan"), key(claim, 2))).await;
}

/// Labels stand in names of functions, in the guard's list and in comments: what could end one of them is refused.
#[test]
fn a_label_that_could_end_something_is_refused() {
    for label in ["a>b", "a'b", "a\"b", "a\nDROP TABLE orders; --", "a$$", "a b", "", "ü", "a;b", "a)b", "%s", "a\\"] {
        for place in ["#[label = \"table\"]", "#[label = \"Open.1\"]", "#[label = \"order\"]", "#[label = \"Claim.v-1\"]"] {
            let source = CLAIM.replace(place, &format!("#[label = {label:?}]"));
            let found = workflow_syntax::find(&source).unwrap().found.remove(0);
            let parsed = workflow_syntax::parse(found.tokens);
            let faults = parsed.workflow.map(|w| workflow_model::check(&workflow_syntax::lower(&w)).len());
            assert!(!parsed.errors.is_empty() || faults.is_none_or(|n| n > 0), "{label:?} for {place}");
        }
    }
}

/// The same of the effect's and the guard's text, as far as it is seen without a database.
#[test]
fn a_statement_that_would_leave_its_place_is_refused() {
    for guard in ["parts > 0) OR (true", "parts > 0; DROP TABLE orders", "parts > 0 -- x", "parts > '", "$$"] {
        let source = CLAIM.replace("if sql \"parts > 0\"", &format!("if sql {guard:?}"));
        let found = workflow_syntax::find(&source).unwrap().found.remove(0);
        let parsed = workflow_syntax::parse(found.tokens);
        let model = workflow_syntax::lower(&parsed.workflow.unwrap());
        assert!(!workflow_model::check(&model).is_empty(), "{guard}");
    }
}
