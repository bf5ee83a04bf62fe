//! Names that hide ours: temporary tables, and functions, operators and types in a schema that is searched first.

use crate::world::{BOTH, MARKED, World, insert, key, state, step};

/// Everything that our functions name, once more, in the client's temporary schema.
const TEMPORARY: &str = r#"
CREATE TEMPORARY TABLE orders AS SELECT * FROM public.orders;
CREATE TEMPORARY TABLE orders_history AS SELECT * FROM public.orders_history WITH NO DATA;
CREATE TEMPORARY TABLE "user ""claims""_history" (LIKE "Sales ü"."user ""claims""_history");
CREATE TEMPORARY TABLE "user ""claims""" (LIKE "Sales ü"."user ""claims""");
CREATE TEMPORARY TABLE stock (sku text, on_hand integer);
CREATE TEMPORARY TABLE ledger (code bigint, what text);
CREATE TEMPORARY TABLE notifications (order_id uuid, message text);
CREATE TEMPORARY TABLE edges AS SELECT 'order' AS workflow, 'placed' AS from_state, 'x' AS event, 'shipped' AS to_state, 'migrate' AS mode;
CREATE TEMPORARY TABLE models AS SELECT * FROM workflow.models WITH NO DATA;
CREATE TEMPORARY TABLE voided (key uuid, at timestamptz);
CREATE TEMPORARY TABLE pg_roles (rolname text);
CREATE FUNCTION pg_temp.jsonb_build_object(pg_catalog.text, pg_catalog.text) RETURNS jsonb LANGUAGE sql AS $$ SELECT '{}'::jsonb $$;
CREATE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS $$ SELECT 'epoch'::timestamptz $$;
CREATE FUNCTION pg_temp.format(text) RETURNS text LANGUAGE sql AS $$ SELECT 'x' $$;
CREATE FUNCTION pg_temp.current_setting(text, boolean) RETURNS text LANGUAGE sql AS $$ SELECT 'eve' $$;
CREATE FUNCTION pg_temp.never(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$;
CREATE FUNCTION pg_temp.always(text, text) RETURNS boolean LANGUAGE sql AS $$ SELECT true $$;
CREATE FUNCTION pg_temp.never8(bigint, bigint) RETURNS boolean LANGUAGE sql AS $$ SELECT false $$;
CREATE OPERATOR pg_temp.<> (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_temp.never);
CREATE OPERATOR pg_temp.= (LEFTARG = text, RIGHTARG = text, FUNCTION = pg_temp.always);
CREATE OPERATOR pg_temp.<> (LEFTARG = bigint, RIGHTARG = bigint, FUNCTION = pg_temp.never8);
CREATE DOMAIN pg_temp.text AS pg_catalog.varchar(1);
CREATE DOMAIN pg_temp.uuid AS pg_catalog.text;
CREATE DOMAIN pg_temp.bigint AS pg_catalog.numeric;
"#;

/// The jobs are the worker's: an application may not even read them, so that it makes the table by hand.
const JOBS: &str = "CREATE TEMPORARY TABLE orders_jobs (id uuid, version bigint, job text, kind text, run_at timestamptz, attempt int, \
    last_error text, finished_at timestamptz);";

/// The client's own words mean his own types: where he needs ours, he says so.
fn real(sql: &str) -> String {
    sql.replace("::uuid", "::pg_catalog.uuid")
}

#[tokio::test]
async fn temporary_names_hide_nothing() {
    for who in BOTH {
        let world = World::new().await;
        let (order, claim) = (&world.order, &world.claim);
        let hidden = format!("{JOBS}{TEMPORARY}; SET search_path = pg_temp, public, pg_catalog");
        for illegal in [
            step(order, 0, "x", state(order, "Shipped"), ""),
            step(order, 0, "ship", state(order, "Shipped"), MARKED),
            step(claim, 2, "seal", state(claim, "Sealed"), ""),
            "UPDATE public.orders SET event = 'x'".to_owned(),
        ] {
            world.refused(who, "WF001", &format!("{hidden}; {}", real(&illegal))).await;
        }
        for legal in [
            insert(order, 20),
            format!("SELECT public.orders_expire({})", key(order, 20)),
            step(order, 1, "ship", state(order, "Shipped"), MARKED),
            format!("SELECT public.orders_deliver({})", key(order, 2)),
            insert(claim, 20),
            format!("SELECT {}({}, now())", claim.function("plan"), key(claim, 20)),
            step(claim, 0, "seal", state(claim, "Sealed"), ""),
        ] {
            world.must(who, &format!("{hidden}; {}", real(&legal))).await;
            world.holds(&legal).await;
        }
        assert_eq!(world.text("SELECT count(*) FROM notifications").await, "1", "an effect reached the real table");
        assert_eq!(world.text("SELECT on_hand FROM \"Sales ü\".stock").await, "8");
        assert_eq!(world.text("SELECT what FROM \"Sales ü\".ledger").await, "it's; {table} $body$ x");
    }
}

/// A schema that is searched before PostgreSQL's own, with operators that always agree.
#[tokio::test]
async fn a_schema_that_is_searched_first_hides_nothing() {
    let world = World::new().await;
    let order = &world.order;
    let evil = TEMPORARY
        .replace("TEMPORARY TABLE ", "TABLE evil.")
        .replace("pg_temp.", "evil.")
        .replace("CREATE TABLE evil.pg_roles", "CREATE TABLE evil.roles");
    world
        .must(
            crate::world::Who::Owner,
            &format!(
                "CREATE SCHEMA evil; {evil}; GRANT ALL ON SCHEMA evil TO PUBLIC; GRANT ALL ON ALL TABLES IN SCHEMA evil TO PUBLIC"
            ),
        )
        .await;
    for who in BOTH {
        let first = "SET search_path = evil, pg_catalog, public";
        for illegal in [step(order, 0, "x", state(order, "Shipped"), ""), step(order, 0, "ship", state(order, "Shipped"), MARKED)]
        {
            let illegal = illegal.replace("now()", "pg_catalog.now()");
            let illegal =
                illegal.replace("WHERE id = ", "WHERE id OPERATOR(pg_catalog.=) ").replace("::uuid", "::pg_catalog.uuid");
            world.refused(who, "WF001", &format!("{first}; {illegal}")).await;
        }
        let n = if who == BOTH[0] { 30 } else { 31 };
        let id = key(order, n).replace("::uuid", "::pg_catalog.uuid");
        world.must(who, &insert(order, n)).await;
        world.must(who, &format!("{first}; SELECT public.orders_expire({id})")).await;
        world.holds(first).await;
    }
}
