//! All or nothing: what an effect in the database does stands and falls with its step.

use crate::world::{BOTH, Who, World, insert, key, state, step};

const STOCK: &str =
    "SELECT on_hand::text || '/' || (SELECT count(*) FROM \"Sales ü\".ledger) FROM \"Sales ü\".stock WHERE sku = 'a'";

#[tokio::test]
async fn a_violated_constraint_takes_state_and_data_back() {
    let world = World::new().await;
    let seal = step(&world.claim, 0, "seal", state(&world.claim, "Sealed"), "");
    for who in BOTH {
        world.must(Who::Owner, "UPDATE \"Sales ü\".stock SET on_hand = 1").await;
        world.refused(who, "23514", &seal).await;
        assert_eq!(world.text(STOCK).await, "1/0", "the ledger's row went with the violated check of the stock");
    }
}

#[tokio::test]
async fn an_effect_that_touches_no_row_takes_the_step_back_unless_it_may() {
    let world = World::new().await;
    world.must(Who::Owner, "DELETE FROM \"Sales ü\".stock").await;
    for who in BOTH {
        world.refused(who, "WF007", &step(&world.claim, 0, "seal", state(&world.claim, "Sealed"), "")).await;
    }
    world
        .must(Who::App, &step(&world.claim, 1, "reopen", state(&world.claim, "Open"), "").replace("note = 'a'", "note = NULL"))
        .await;
    world.holds("an effect that may touch nothing").await;
    assert_eq!(world.text("SELECT count(*) FROM \"Sales ü\".ledger").await, "0");
}

#[tokio::test]
async fn a_guard_blocks_and_nothing_else_happens() {
    let world = World::new().await;
    world.must(Who::App, &format!("SELECT {}({}, 0)", world.claim.function("table"), key(&world.claim, 0))).await;
    for who in BOTH {
        world.refused(who, "WF004", &step(&world.claim, 0, "seal", state(&world.claim, "Sealed"), "")).await;
        // The guard reads the row before: a step cannot lift it by itself.
        world.refused(who, "WF004", &step(&world.claim, 0, "seal", state(&world.claim, "Sealed"), ", parts = 5")).await;
    }
}

#[tokio::test]
async fn an_effect_that_moves_its_own_instance_takes_the_step_back() {
    let world = World::new().await;
    let id = key(&world.order, 2);
    world
        .must(
            Who::Owner,
            &format!(
                "CREATE FUNCTION moves() RETURNS trigger LANGUAGE plpgsql AS $f$ BEGIN \
             PERFORM public.orders_force({id}, 'placed', NULL, 'r'); RETURN NULL; END $f$; \
             CREATE TRIGGER moves AFTER INSERT ON notifications FOR EACH ROW EXECUTE FUNCTION moves()"
            ),
        )
        .await;
    for who in BOTH {
        world.refused(who, "WF006", &format!("SELECT orders_deliver({id})")).await;
    }
}

/// A row is exactly one variant of the enum: every state, each of its fields missing, and one of another state too many.
#[tokio::test]
async fn a_row_has_the_fields_of_its_state_and_no_others() {
    let world = World::new().await;
    for model in [&world.order, &world.claim] {
        for (n, own) in model.states.iter().enumerate() {
            for column in model.columns().iter().filter(|c| !c.states.is_empty()) {
                let name = workflow_model::names::quoted(&column.field.name.label);
                let (has, optional) =
                    (own.fields.iter().any(|f| f.name.label == column.field.name.label), column.field.ty.optional);
                if has && optional {
                    continue;
                }
                let value = match (has, column.field.ty.sql().as_deref()) {
                    (true, _) => "NULL",
                    (false, Some("point")) => "point(1, 2)",
                    (false, Some("double precision")) => "1",
                    (false, _) => "'x'",
                };
                let lies = format!(
                    "UPDATE {} SET {name} = {value} WHERE {} = {}",
                    model.table(),
                    crate::world::key_column(model),
                    key(model, n)
                );
                for who in BOTH {
                    world.refused(who, "23514", &lies).await;
                }
            }
        }
    }
}

#[tokio::test]
async fn a_step_in_a_transaction_that_fails_later_never_was() {
    let world = World::new().await;
    let seal = step(&world.claim, 0, "seal", state(&world.claim, "Sealed"), "");
    for who in BOTH {
        world.refused(who, "22012", &format!("BEGIN; {seal}; {}; SELECT 1/0; COMMIT", insert(&world.order, 90))).await;
        assert_eq!(world.text(STOCK).await, "10/0");
        world.refused(who, "", &format!("BEGIN; {seal}; ROLLBACK")).await;
    }
}
