//! Each kind of tampering is found as what it is, and as nothing else.

use crate::rows::run;
use crate::shop::Shop;
use workflow_migrate::{Fault, Finding};

/// What is done to the database, and everything that must be found.
const TAMPERINGS: &[(&str, &[&str])] = &[
    (
        "ALTER TABLE orders DISABLE TRIGGER orders_transition",
        &[
            "trigger orders_transition on public.orders is disabled: the guard does not run: illegal changes pass, and no history, jobs or effects are written",
        ],
    ),
    (
        "ALTER TABLE orders ENABLE REPLICA TRIGGER orders_truncate",
        &[
            "trigger orders_truncate on public.orders is enabled on replicas only: the table can be truncated away from its history",
        ],
    ),
    (
        "DROP TRIGGER orders_history_update ON orders_history",
        &[
            "trigger orders_history_update on public.orders_history is not there: history can be written, changed or deleted by other means than transitions",
        ],
    ),
    (
        "CREATE OR REPLACE TRIGGER orders_transition AFTER INSERT ON orders FOR EACH ROW EXECUTE FUNCTION orders_transition()",
        &[
            "trigger orders_transition on public.orders has another definition: the guard does not run: illegal changes pass, and no history, jobs or effects are written",
        ],
    ),
    (
        "CREATE OR REPLACE FUNCTION orders_removed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER \
         SET search_path = pg_catalog, pg_temp SET enable_seqscan = off AS 'BEGIN RETURN NULL; END'",
        &[
            "function public.orders_removed() has another body: something else may be done than is declared: the deletion of an instance",
        ],
    ),
    (
        "ALTER FUNCTION orders_transition() SECURITY INVOKER",
        &[
            "function public.orders_transition() has the rights of its caller: roles without rights on the tables beside are refused: guard, history, jobs and effects",
        ],
    ),
    (
        "ALTER FUNCTION orders_ship(bigint) SECURITY DEFINER",
        &[
            "function public.orders_ship(bigint) has the rights of its owner: callers get rights that they do not have: the event as other clients than Rust fire it",
        ],
    ),
    (
        "ALTER FUNCTION orders_transition() RESET search_path",
        &[
            "function public.orders_transition() has other settings: a client's own settings or temporary tables can change what is done: guard, history, jobs and effects",
        ],
    ),
    (
        "ALTER FUNCTION orders_done(bigint, uuid) STABLE",
        &[
            "function public.orders_done(bigint, uuid) has another volatility: something else may be done than is declared: the question whether a key has taken effect",
        ],
    ),
    (
        "GRANT EXECUTE ON FUNCTION orders_force(bigint, text, jsonb, text) TO PUBLIC",
        &[
            "function public.orders_force(bigint, text, jsonb, text) may be called by everybody: whoever can connect can call it, and it has the rights of its owner: the repair by operators",
        ],
    ),
    (
        "DROP FUNCTION orders_reserve(bigint, text, timestamptz)",
        &[
            "function public.orders_reserve(bigint, text, timestamp with time zone) is not there: the event as other clients than Rust fire it cannot be carried out",
        ],
    ),
    (
        "CREATE OR REPLACE FUNCTION workflow.refuse() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp \
         AS 'BEGIN RETURN NEW; END'",
        &["function workflow.refuse() has another body: something else may be done than is declared: the protection of history"],
    ),
    (
        "ALTER TABLE orders DROP CONSTRAINT orders_slot_1",
        &["constraint orders_slot_1 on public.orders is not there: rows can be in a form that the binaries cannot read"],
    ),
    (
        "ALTER TABLE orders DROP CONSTRAINT orders_state_1, \
         ADD CONSTRAINT orders_state_1 CHECK (state IN ('placed', 'reserved', 'shipped', 'cancelled', 'lost'))",
        &[
            "constraint orders_state_1 on public.orders has another condition: rows can be in a form that the binaries cannot read",
        ],
    ),
    (
        "ALTER TABLE orders DROP CONSTRAINT orders_slot_1, \
         ADD CONSTRAINT orders_slot_1 CHECK ((slot IS NOT NULL) = (state = 'reserved')) NOT VALID",
        &["constraint orders_slot_1 on public.orders is not valid: rows that were there before it may break it"],
    ),
    (
        "ALTER TABLE orders ADD CONSTRAINT orders_state_0 CHECK (state <> 'shipped')",
        &[
            "constraint orders_state_0 on public.orders should not be there: transitions that the declaration allows may be refused",
        ],
    ),
    (
        "ALTER TABLE orders DROP CONSTRAINT orders_number_key",
        &["constraint orders_number_key on public.orders is not there: rows can be in a form that the binaries cannot read"],
    ),
    (
        "DROP INDEX orders_slot_key",
        &[
            "index orders_slot_key on public.orders is not there: queries that need it scan the table, and nothing keeps unique what it should",
        ],
    ),
    (
        "DROP INDEX orders_jobs_due; CREATE INDEX orders_jobs_due ON orders_jobs (kind, job, run_at)",
        &[
            "index orders_jobs_due on public.orders_jobs has another condition: queries that need it scan the table, and nothing keeps unique what it should",
        ],
    ),
    (
        "DROP INDEX orders_history_by_key",
        &[
            "index orders_history_by_key on public.orders_history is not there: queries that need it scan the table, and nothing keeps unique what it should",
        ],
    ),
    (
        "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'orders_slot_key'::regclass",
        &[
            "index orders_slot_key on public.orders is not valid: queries do not use it, and what it should keep unique may not be",
        ],
    ),
    (
        "INSERT INTO workflow.edges VALUES ('order', 'shipped', 'cancel', 'cancelled', 'warn')",
        &[
            "edge shipped>cancel>cancelled of order in workflow.edges should not be there: a change that is not declared may pass, or is named as legal in messages",
        ],
    ),
    (
        "DELETE FROM workflow.edges WHERE event = 'ship'",
        &[
            "edge reserved>ship>shipped of order in workflow.edges is not there: what is tolerated or named as legal in messages is not what is declared",
        ],
    ),
    (
        "UPDATE workflow.edges SET mode = 'warn' WHERE event = 'ship'",
        &[
            "edge reserved>ship>shipped of order in workflow.edges has another mode: what is tolerated or named as legal in messages is not what is declared",
        ],
    ),
    (
        "UPDATE workflow.models SET fingerprint = 'x'",
        &[
            "record of order in workflow.models has another fingerprint: binaries may refuse to start: they compare themselves with it",
        ],
    ),
    (
        "ALTER TABLE orders ALTER state SET DEFAULT 'reserved'",
        &["column public.orders.state has another default: inserts that do not name the column get another value, or fail"],
    ),
    (
        "ALTER TABLE orders_history ALTER role DROP DEFAULT",
        &[
            "column public.orders_history.role has another default: inserts that do not name the column get another value, or fail",
        ],
    ),
    (
        "ALTER TABLE orders ALTER number DROP NOT NULL",
        &["column public.orders.number may be NULL: rows without a value can be written, which binaries cannot read"],
    ),
    (
        "ALTER TABLE orders ALTER note SET NOT NULL",
        &["column public.orders.note must not be NULL: transitions that leave it empty fail"],
    ),
    (
        "ALTER TABLE orders ALTER number TYPE varchar(20)",
        &["column public.orders.number has another type: values may not fit what the binaries read and write"],
    ),
    (
        "ALTER TABLE orders_jobs DROP COLUMN last_error CASCADE",
        &[
            "view public.orders_stuck is not there: who reads it gets an error",
            "column public.orders_jobs.last_error is not there: transitions fail, and binaries cannot read the rows",
        ],
    ),
    ("DROP VIEW orders_timeline", &["view public.orders_timeline is not there: who reads it gets an error"]),
    ("DROP TABLE workflow.voided", &["table workflow.voided is not there: the workflow cannot work without it"]),
];

#[tokio::test]
async fn each_kind_of_tampering_is_found_as_what_it_is_and_nothing_else() {
    for (number, (sql, expected)) in TAMPERINGS.iter().enumerate() {
        let shop = Shop::open(&format!("tampering-{number}")).await;
        assert_eq!(shop.drift().await.findings, [], "before {sql}");
        run(&shop.pool, sql).await;
        let drift = shop.drift().await;
        let told = |finding: &Finding| format!("{}: {}", finding.summary(), finding.breaks);
        let mut found: Vec<String> = drift.findings.iter().map(told).collect();
        let mut expected: Vec<String> = expected.iter().map(|line| (*line).to_owned()).collect();
        found.sort();
        expected.sort();
        assert_eq!(found, expected, "{sql}\n{:#?}", drift.findings);
        assert!(drift.is_drift() && drift.findings.iter().all(|finding| !finding.remedy.is_empty()), "{sql}");
    }
}

#[tokio::test]
async fn what_the_application_adds_is_no_drift_and_what_fires_with_a_transition_is_noted() {
    let shop = Shop::open("own").await;
    run(
        &shop.pool,
        "ALTER TABLE orders ADD COLUMN colour text NOT NULL DEFAULT 'red', ADD CONSTRAINT bright CHECK (colour <> 'black');
         CREATE INDEX orders_colour ON orders (colour);
         CREATE FUNCTION paint() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
         CREATE TRIGGER paint BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION paint();
         CREATE RULE forget AS ON DELETE TO orders_history DO INSTEAD NOTHING",
    )
    .await;
    let drift = shop.drift().await;
    let found: Vec<String> = drift.findings.iter().map(Finding::summary).collect();
    assert_eq!(
        found,
        ["trigger paint on public.orders is not the workflow's", "rule forget on public.orders_history is not the workflow's"]
    );
    assert!(drift.findings.iter().all(|finding| finding.fault == Fault::Noted) && !drift.is_drift());
}
