//! Marks, settings and triggers that would make history say what did not happen.

use crate::world::{BOTH, MARKED, Who, World, insert, insert_with, key, key_column, state, step};

/// A key and an actor speak of one version. Written ahead, they would be put under the next client's step.
#[tokio::test]
async fn nobody_is_marked_as_the_author_of_a_step_to_come() {
    let world = World::new().await;
    for who in BOTH {
        for (model, event, to) in [(&world.order, "expire", "Cancelled"), (&world.claim, "close", "Closed")] {
            let marked = insert_with(model, 70, &[("actor", "'eve'"), ("keyed", "2")]);
            world.refused(who, "WF002", &marked).await;
            let ahead = MARKED.replace("keyed = version + 1", "keyed = version + 2");
            world.refused(who, "WF001", &step(model, 0, event, state(model, to), &ahead)).await;
        }
    }
}

/// The row's `actor` and `key` are those of version `keyed`, also when a step leaves `keyed` as it was.
#[tokio::test]
async fn a_step_without_a_mark_does_not_change_whose_the_last_marked_one_was() {
    let world = World::new().await;
    let change = "UPDATE orders SET event = 'change_quantity', version = version + 1";
    let placed = "WHERE state = 'placed'";
    world.must(Who::App, &format!("{change}{MARKED} {placed}")).await;
    world.refused(Who::App, "WF001", &format!("{change}, actor = 'eve', key = gen_random_uuid() {placed}")).await;
}

/// The runtime's mark is a claim, as the actor is: who forges it skips the effect, and is in history with his role.
#[tokio::test]
async fn a_forged_mark_is_in_history_with_the_role_that_forged_it() {
    let world = World::new().await;
    world.must(Who::App, &step(&world.order, 0, "reserve", state(&world.order, "Reserved"), MARKED)).await;
    world.holds("a forged mark").await;
    let says = "SELECT actor || ' ' || role FROM orders_history WHERE event = 'reserve'";
    assert_eq!(world.text(says).await, "ann hostile_app");
    // A mark that is left over from another version is none.
    world.refused(Who::App, "WF005", &step(&world.order, 1, "cancel", state(&world.order, "Cancelled"), "")).await;
}

/// Output settings belong to the client's session, and history is written in it.
#[tokio::test]
async fn a_clients_settings_do_not_change_what_history_records() {
    let world = World::new().await;
    let settings = "SET extra_float_digits = -15; SET bytea_output = 'escape'; SET DateStyle = 'SQL, DMY'; \
                    SET TimeZone = 'Asia/Kathmandu'; SET IntervalStyle = 'sql_standard'; SET standard_conforming_strings = off";
    let claim = &world.claim;
    for who in BOTH {
        let n = 60 + usize::from(who == Who::App);
        let seal = step(claim, 0, "seal", state(claim, "Sealed"), ", parts = 1")
            .replace(&format!("= {}", key(claim, 0)), &format!("= {n}"));
        world.must(who, &format!("{settings}; {}; {seal}", insert(claim, n))).await;
        world.holds(settings).await;
    }
}

/// A type without equality is compared by its text, which a session's settings shorten.
#[tokio::test]
async fn a_field_of_a_state_is_not_changed_behind_a_sessions_settings() {
    let world = World::new().await;
    let table = world.claim.table();
    for who in BOTH {
        world.refused(who, "WF001", &format!("UPDATE {table} SET place = point(1.5, 2) WHERE place IS NOT NULL")).await;
        let near = format!("SET extra_float_digits = -15; UPDATE {table} SET place = point(1.24, 2) WHERE place IS NOT NULL");
        world.refused(who, "WF001", &near).await;
    }
}

/// What a user's own trigger makes of a row is judged as it became.
#[tokio::test]
async fn a_late_trigger_of_the_owner_is_judged_like_anybody() {
    let world = World::new().await;
    for (what, code) in [
        ("NEW.state := 'shipped'; NEW.tracking := 'x'", "WF001"),
        ("NEW.version := NEW.version + 1", "WF001"),
        ("NEW.event := 'deliver'", "WF001"),
        ("NEW.entered_at := now() - interval '1 day'", "WF001"),
        ("NEW.id := gen_random_uuid()", "WF001"),
        ("NEW.actor := 'eve'; NEW.keyed := 9", "WF001"),
        ("NEW.reason := 'late'", "23514"),
    ] {
        world
            .must(Who::Owner, &format!(
                "CREATE OR REPLACE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN {what}; RETURN NEW; END $f$; \
                 CREATE OR REPLACE TRIGGER zz_late BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION late()"
            ))
            .await;
        for who in BOTH {
            let change = "UPDATE orders SET event = 'change_quantity', version = version + 1 WHERE state = 'placed'";
            world.refused(who, code, change).await;
        }
    }
}

/// A user's trigger that moves its instance on, and runs before ours or after it: PostgreSQL calls them by their names.
#[tokio::test]
async fn a_trigger_that_moves_its_instance_on_leaves_steps_and_jobs_in_order() {
    for name in ["aa_on", "zz_on"] {
        let world = World::new().await;
        let (claim, id) = (&world.claim, key(&world.claim, 1));
        world.must(Who::App, &format!("SELECT {}({id}, now() + interval '1 day')", claim.function("plan"))).await;
        world
            .must(
                Who::Owner,
                &format!(
                    "CREATE FUNCTION on_opened() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN \
                 IF NEW.event = 'wake' THEN PERFORM {}(NEW.\"Claim-No\", 'at once'); END IF; RETURN NULL; END $f$; \
                 CREATE TRIGGER {name} AFTER UPDATE ON {} FOR EACH ROW EXECUTE FUNCTION on_opened()",
                    claim.function("close"),
                    claim.table()
                ),
            )
            .await;
        let code = world.code(Who::App, &format!("SELECT {}({id})", claim.function("wake"))).await;
        assert!(["", "WF003", "WF006"].contains(&code.as_str()), "{name}: {code}");
        world.holds(name).await;
    }
}

/// Our trigger functions run with the owner's rights: nobody else hangs them on a table of his own.
#[tokio::test]
async fn an_application_cannot_use_our_trigger_functions_on_a_table_of_its_own() {
    let world = World::new().await;
    for model in [&world.order, &world.claim] {
        for (function, when) in
            [("transition", "AFTER INSERT OR UPDATE"), ("removed", "AFTER DELETE"), ("history_written", "BEFORE INSERT")]
        {
            let own = format!(
                "CREATE TEMPORARY TABLE mine (LIKE {} INCLUDING DEFAULTS); \
                 CREATE TRIGGER t {when} ON mine FOR EACH ROW EXECUTE FUNCTION {}()",
                model.table(),
                model.function(function)
            );
            world.refused(Who::App, "42501", &own).await;
        }
    }
}

/// What hanging our trigger function on a temporary table would do: move the timer of somebody else's instance.
#[tokio::test]
async fn an_application_does_not_move_a_timer_through_a_table_of_its_own() {
    let world = World::new().await;
    let (table, id) = (world.claim.table(), key_column(&world.claim));
    world
        .must(Who::App, &format!("SELECT {}({}, now() + interval '1 day')", world.claim.function("plan"), key(&world.claim, 0)))
        .await;
    let before = world.dump().await;
    let attack = format!(
        "CREATE TEMPORARY TABLE mine (LIKE {table} INCLUDING DEFAULTS); INSERT INTO mine SELECT * FROM {table} WHERE {id} = 0; \
         CREATE TRIGGER t AFTER UPDATE ON mine FOR EACH ROW EXECUTE FUNCTION {}(); UPDATE mine SET due = NULL",
        world.claim.function("transition")
    );
    world.code(Who::App, &attack).await;
    assert_eq!(before, world.dump().await);
}
