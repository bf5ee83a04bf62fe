//! A table that was there before: its rows become instances, and from then on the same holds for them.

use crate::truth;
use crate::world::{Who, World, key, state, step};
use workflow_migrate::first_migration;
use workflow_model::Model;

/// A text key in another schema, and a big number; a status column, and none.
const WORKFLOWS: &str = r#"
workflow! {
    #[adopt(status)]
    pub workflow Ticket in desk.tickets {
        #[label = "number"]
        id: String,
        title: String,
        states { initial Fresh, Held { until: DateTime<Utc> }, final Done { #[unique] code: String } }
        transitions {
            hold(until: DateTime<Utc>): Fresh -> Held,
            back: Held -> Fresh at until,
            finish(code: String): Fresh | Held -> Done,
            look: Fresh after 2 days,
        }
    }
}
workflow! {
    #[adopt]
    pub workflow Machine in machines {
        serial: i64,
        states { initial Idle, final Scrapped }
        transitions { scrap: Idle -> Scrapped then melt, check: Idle by inspect }
    }
}
"#;

const BEFORE: &str = "CREATE SCHEMA desk;
CREATE TABLE desk.tickets (number text PRIMARY KEY, title text NOT NULL, status text, until timestamptz, code text);
INSERT INTO desk.tickets VALUES ('key 0', 'a''b', 'fresh', NULL, NULL), ('key 1', 'b', 'held', '2030-01-01', NULL), ('key 2', 'c', 'done', NULL, 'x');
CREATE TABLE machines (old text, serial bigint PRIMARY KEY);
INSERT INTO machines (serial) VALUES (0), (9223372036854775807);";

async fn adopted() -> (World, Vec<Model>) {
    let world = World::new().await;
    let models = workflow_tests::models(WORKFLOWS);
    world.must(Who::Owner, BEFORE).await;
    for model in &models {
        world.must(Who::Owner, &first_migration(model).up).await;
    }
    (world, models)
}

async fn holds(world: &World, models: &[Model], after: &str) {
    let mut connection = world.connect(Who::Superuser).await;
    for model in models {
        assert_eq!(truth::faults(&mut connection, model).await, Vec::<String>::new(), "after {after}");
    }
    world.holds(after).await;
}

#[tokio::test]
async fn rows_that_were_there_have_a_history_and_jobs() {
    let (world, models) = adopted().await;
    holds(&world, &models, "the adoption").await;
    let events = "SELECT string_agg(event || ' ' || to_state, ', ' ORDER BY id) FROM desk.tickets_history";
    assert_eq!(world.text(events).await, "adopt fresh, adopt held, adopt done");
    assert_eq!(world.text("SELECT count(*) FROM machines_jobs WHERE job = 'inspect'").await, "2");
}

#[tokio::test]
async fn adopted_rows_are_guarded_like_others() {
    let (world, models) = adopted().await;
    let (ticket, machine) = (&models[0], &models[1]);
    for who in crate::world::BOTH {
        for (code, sql) in [
            ("WF001", step(ticket, 0, "back", state(ticket, "Fresh"), "")),
            ("WF001", step(ticket, 2, "finish", state(ticket, "Done"), "")),
            ("WF001", step(machine, 0, "adopt", state(machine, "Idle"), "")),
            ("WF001", format!("UPDATE desk.tickets SET number = 'other' WHERE number = {}", key(ticket, 0))),
            ("WF002", "INSERT INTO desk.tickets (number, title, event) VALUES ('n', 't', 'adopt')".to_owned()),
            ("WF002", "INSERT INTO machines (serial, state) VALUES (7, 'scrapped')".to_owned()),
            ("23514", "UPDATE desk.tickets SET code = 'y' WHERE state = 'fresh'".to_owned()),
        ] {
            assert_eq!(world.code(who, &sql).await, code, "{who:?} {sql}");
        }
        holds(&world, &models, "attacks").await;
    }
    world.must(Who::App, "SELECT desk.tickets_hold('key 0', '2031-01-01')").await;
    world.must(Who::App, "SELECT desk.tickets_finish('key 1', 'z'); SELECT machines_scrap(9223372036854775807)").await;
    world
        .must(Who::App, "INSERT INTO machines (serial) VALUES (-1); INSERT INTO desk.tickets (number, title) VALUES ('', '')")
        .await;
    assert_eq!(world.code(Who::App, "SELECT desk.tickets_finish('', 'z')").await, "23505");
    holds(&world, &models, "steps").await;
}

#[tokio::test]
async fn a_status_that_is_no_state_stops_the_adoption() {
    let world = World::new().await;
    let ticket = workflow_tests::models(WORKFLOWS).remove(0);
    world.must(Who::Owner, BEFORE).await;
    for wrong in ["status = 'lost'", "status = NULL", "status = 'done', code = NULL", "code = 'q'"] {
        let change = format!("UPDATE desk.tickets SET {wrong} WHERE number = 'key 0'");
        let up = first_migration(&ticket).up;
        assert_eq!(world.code(Who::Owner, &format!("BEGIN; {change}; {up}; COMMIT")).await, "P0001", "{wrong}");
    }
    assert_eq!(world.text("SELECT to_regclass('desk.tickets_history')").await, "NULL");
}
