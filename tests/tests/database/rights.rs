//! What an owner, a worker and an operator may do beyond an application; what an owner can undo by changing the schema.

use crate::world::{Who, World, key, state, step};

#[tokio::test]
async fn only_an_operator_forces_and_the_reason_stays() {
    let world = World::new().await;
    for (model, to, fields) in [(&world.order, "cancelled", "reason"), (&world.claim, "Closed", "why")] {
        let to = if to == "Closed" { "closed" } else { to };
        let force =
            format!("SELECT {}({}, '{to}', '{{\"{fields}\": \"r\"}}', 'it''s $$ why')", model.function("force"), key(model, 1));
        world.refused(Who::App, "42501", &force).await;
        world.refused(Who::Worker, "42501", &force).await;
        world.must(Who::Operator, &force).await;
        world.holds("a force").await;
        let note = format!(
            "SELECT note || ' ' || role FROM {} WHERE id = {} ORDER BY version DESC LIMIT 1",
            model.history(),
            key(model, 1)
        );
        assert_eq!(world.text(&note).await, "it's $$ why hostile_operator");
    }
    assert_eq!(world.text("SELECT count(*) FROM workflow.edges WHERE event = 'force'").await, "0", "the way back is shut");
}

#[tokio::test]
async fn an_operator_has_no_other_way_in() {
    let world = World::new().await;
    for sql in [
        "UPDATE orders SET event = 'x'",
        "INSERT INTO orders_history (id, version, event, to_state) VALUES (gen_random_uuid(), 1, 'x', 'y')",
        "DELETE FROM orders",
        "INSERT INTO workflow.edges VALUES ('order', 'placed', 'x', 'shipped', 'migrate')",
    ] {
        world.refused(Who::Operator, "42501", sql).await;
    }
    let id = key(&world.order, 0);
    for (call, code) in [
        (format!("orders_force({id}, 'reserved', '{{\"warehouse\": \"w\", \"version\": 9}}', 'r')"), "22023"),
        (format!("orders_force({id}, 'reserved', '{{}}', 'r')"), "23514"),
        (format!("orders_force({id}, 'nowhere', '{{}}', 'r')"), "22023"),
        (format!("orders_force({}, 'placed', '{{}}', 'r')", key(&world.order, 99)), "P0002"),
    ] {
        world.refused(Who::Operator, code, &format!("SELECT {call}")).await;
    }
}

#[tokio::test]
async fn a_worker_takes_jobs_and_an_application_does_not_see_them() {
    let world = World::new().await;
    for model in [&world.order, &world.claim] {
        let take = format!("UPDATE {} SET run_at = now() + interval '1 minute', attempt = attempt + 1", model.jobs());
        world.must(Who::Worker, &take).await;
        world.must(Who::Worker, &format!("DELETE FROM {} WHERE attempt = 1", model.jobs())).await;
        world
            .refused(
                Who::Worker,
                "42501",
                &format!("INSERT INTO {} (id, version, job, kind) VALUES ({}, 1, 'x', 'task')", model.jobs(), key(model, 0)),
            )
            .await;
        world.refused(Who::Worker, "42501", &format!("DELETE FROM {}", model.history())).await;
        world.refused(Who::App, "42501", &format!("SELECT FROM {}", model.jobs())).await;
    }
    world.must(Who::Worker, &step(&world.order, 0, "expire", state(&world.order, "Cancelled"), "")).await;
}

/// A deleted instance takes its history along: a right that nobody has but the owner, and he only of whole instances.
#[tokio::test]
async fn a_deleted_instance_leaves_nothing_and_comes_back_new() {
    let world = World::new().await;
    for model in [&world.order, &world.claim] {
        let delete = format!("DELETE FROM {} WHERE {} = {}", model.table(), crate::world::key_column(model), key(model, 1));
        world.refused(Who::App, "42501", &delete).await;
        world.must(Who::Owner, &format!("BEGIN; {delete}; {}; COMMIT", crate::world::insert(model, 1))).await;
        world.holds("a deletion").await;
    }
}

/// Where the promise ends: who may change the schema can switch it off, and history says nothing of it. Hence an owner that nobody
/// logs in as.
#[tokio::test]
async fn an_owner_can_switch_the_guard_off_by_changing_the_schema() {
    let world = World::new().await;
    for (off, on) in [
        ("ALTER TABLE orders DISABLE TRIGGER ALL", "ALTER TABLE orders ENABLE TRIGGER ALL"),
        ("DROP TRIGGER orders_transition ON orders", ""),
        ("CREATE OR REPLACE FUNCTION orders_transition() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NULL; END'", ""),
        ("INSERT INTO workflow.edges VALUES ('order', 'placed', 'x', 'placed', 'migrate')", ""),
    ] {
        // Nothing of it is for an application. `DISABLE TRIGGER ALL` needs a superuser where there are foreign keys.
        world.refused(Who::App, "42501", off).await;
        let attack = format!(
            "BEGIN; {off}; UPDATE orders SET event = 'x', version = version + 1, entered_at = now() WHERE state = 'placed'; {on}; ROLLBACK"
        );
        assert_eq!(world.code(Who::Owner, &attack).await, "", "{off}");
    }
    world.holds("everything was rolled back").await;
}
