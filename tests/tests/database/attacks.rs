//! Statements that would make a row, a step or a history that the declaration does not allow.

use crate::world::{BOTH, MARKED, Who, World, insert, insert_with, key, key_column, state, step};
use sqlx::postgres::PgPoolCopyExt;
use std::collections::BTreeSet;
use workflow_model::Model;
use workflow_model::names::constant;

/// Each state, each event and each target that is no arrow, with fields that are right for the target: P2, exhaustively.
#[tokio::test]
async fn no_step_commits_that_is_not_declared() {
    let world = World::new().await;
    for model in [&world.order, &world.claim] {
        let mut events: BTreeSet<&str> = model.transitions.iter().map(|t| t.event.label.as_str()).collect();
        events.extend(["create", "force", "adopt", "migrate", "", "%"]);
        let arrows: BTreeSet<String> = model.edges().iter().map(|e| e.spelled()).collect();
        let before = world.dump().await;
        let mut attempts = 0;
        for (n, from) in model.states.iter().enumerate() {
            for (event, to) in events.iter().flat_map(|event| model.states.iter().map(move |to| (event, to))) {
                if arrows.contains(&format!("{}>{event}>{}", from.name.label, to.name.label)) {
                    continue;
                }
                for mark in ["", MARKED] {
                    let sql = step(model, n, event, to, mark);
                    assert_eq!(world.code(BOTH[attempts % 2], &sql).await, "WF001", "{sql}");
                    attempts += 1;
                }
            }
        }
        assert_eq!(before, world.dump().await);
        assert!(attempts > 100, "{attempts}");
    }
}

/// The other way round: without this, a guard that refuses everything would pass.
#[tokio::test]
async fn every_declared_step_commits_and_is_written_down() {
    for who in BOTH {
        let world = World::new().await;
        for model in [&world.order, &world.claim] {
            for edge in model.edges() {
                let n = model.states.iter().position(|s| s.name == edge.from.name).unwrap();
                let mark = if edge.transition.app_effect().is_some() { MARKED } else { "" };
                let sql = format!("BEGIN; {}; SAVEPOINT s", step(model, n, &edge.transition.event.label, edge.to, mark));
                assert_eq!(world.code(who, &sql).await, "", "{sql}");
                if mark == MARKED {
                    let raw = step(model, n, &edge.transition.event.label, edge.to, "");
                    world.refused(who, "WF005", &raw).await;
                }
            }
        }
        world.must(who, &step(&world.claim, 0, "seal", state(&world.claim, "Sealed"), "")).await;
        world.must(who, &step(&world.order, 0, "expire", state(&world.order, "Cancelled"), "")).await;
        world.holds("two steps").await;
        let role = world.text("SELECT role FROM orders_history WHERE event = 'expire'").await;
        assert_eq!(role, format!("hostile_{}", if who == Who::App { "app" } else { "owner" }));
    }
}

/// A code, and the statement that must be refused with it.
type Attack = (&'static str, String);

/// What every attack starts from: an instance in its first state, and a step that it could make.
struct Victim<'m> {
    model: &'m Model,
    table: String,
    id: String,
    one: String,
    event: String,
    legal: String,
}

impl<'m> Victim<'m> {
    fn new(model: &'m Model, event: &str, to: &str) -> Self {
        let legal = step(model, 0, event, state(model, to), "");
        Victim { model, table: model.table(), id: key_column(model), one: key(model, 0), event: constant(event), legal }
    }

    fn update(&self, what: &str) -> String {
        format!("UPDATE {} SET {what} WHERE {} = {}", self.table, self.id, self.one)
    }

    /// The step with one of its parts changed.
    fn steps(&self) -> Vec<Attack> {
        let but = |old: &str, new: &str| {
            assert!(self.legal.contains(old), "{}", self.legal);
            self.legal.replace(old, new)
        };
        let (owned, other) = if self.model.name.rust == "Order" { ("reason", "tracking") } else { ("why", "\"select\"") };
        vec![
            ("WF001", but("version + 1", "version + 2")),
            ("WF001", but("version + 1", "version - 1")),
            ("WF001", but("version = version + 1, ", "")),
            ("WF001", but("version + 1", &format!("version + 1, {} = {}", self.id, key(self.model, 99)))),
            ("WF001", but("now()", "now() - interval '1 day'")),
            ("WF001", but("now()", "clock_timestamp()")),
            ("WF001", but("now()", "entered_at")),
            ("23502", but("now()", "NULL")),
            ("23514", but(&format!("{owned} = 'a'"), &format!("{owned} = NULL"))),
            ("23514", but(&format!("{other} = NULL"), &format!("{other} = 'x'"))),
        ]
    }

    /// What only a step may change.
    fn changes(&self) -> Vec<Attack> {
        let key = format!("{} = {}", self.id, key(self.model, 99));
        let columns = ["event = 'create', entered_at = now()", "event = 'x'", "entered_at = 'infinity'", "actor = 'eve'"];
        let marks = ["key = gen_random_uuid()", "keyed = 1", "keyed = 2", &key];
        columns.into_iter().chain(marks).map(|what| ("WF001", self.update(what))).collect()
    }

    /// An instance that does not begin at the beginning.
    fn starts(&self) -> Vec<Attack> {
        let new = |more: &[(&str, &str)]| insert_with(self.model, 77, more);
        let (initial, wrong) = (&self.model.states[0].name.label, constant(&self.model.states[1].name.label));
        vec![
            ("23514", new(&[("state", &wrong)])),
            ("23514", new(&[("state", &wrong), ("event", &self.event), ("version", "2")])),
            ("WF002", new(&[("state", &constant(initial)), ("event", &self.event)])),
            ("WF002", new(&[("event", "'adopt'")])),
            ("WF002", new(&[("version", "0")])),
            ("WF002", new(&[("version", "2")])),
            ("WF002", new(&[("entered_at", "now() - interval '1 second'")])),
        ]
    }

    /// Statements of several parts, one of which is illegal; then nothing of it commits.
    fn mixtures(&self) -> Vec<Attack> {
        let Victim { model, table, id, one, legal, .. } = self;
        let forged = step(model, 0, "force", &model.states[0], "");
        let third = format!("UPDATE {table} SET version = version + 1 WHERE {id} = {}", key(model, 2));
        let bad = self.update("event = 'x'");
        let merged = format!("MERGE INTO {table} o USING (SELECT 1) x ON o.{id} = {one} WHEN MATCHED THEN UPDATE SET");
        let started = insert_with(model, 77, &[("version", "7")]).replace(&format!("INTO {table} "), "");
        let refused = [
            legal.split(" WHERE ").next().unwrap_or_default().to_owned(),
            format!("WITH a AS ({legal} RETURNING 1) {third} AND (SELECT count(*) FROM a) > 0"),
            format!("{}; {}", insert(model, 77), step(model, 1, "create", &model.states[0], "")),
            format!("{} ON CONFLICT ({id}) DO UPDATE SET version = {table}.version + 1", insert(model, 0)),
            format!("UPDATE {table} o SET version = o.version + 1 FROM (VALUES (1), (2)) x (n) WHERE o.{id} = {one}"),
            format!("{merged} version = o.version + 1, event = 'x'"),
            format!("PREPARE p AS UPDATE {table} SET version = version + $1 WHERE {id} = {one}; EXECUTE p (2)"),
            format!(
                "BEGIN; DECLARE c CURSOR FOR SELECT FROM {table} WHERE {id} = {one} FOR UPDATE; MOVE c; \
                 UPDATE {table} SET event = 'x' WHERE CURRENT OF c"
            ),
            format!("CREATE TEMPORARY VIEW v AS SELECT * FROM {table}; UPDATE v SET version = version + 1"),
            format!("BEGIN; SET CONSTRAINTS ALL DEFERRED; {bad}; COMMIT"),
            format!("DO $$ BEGIN BEGIN {bad}; EXCEPTION WHEN SQLSTATE 'WF001' THEN NULL; END; {third}; END $$"),
            format!("SELECT set_config('workflow.tx', gen_random_uuid()::text, false); {bad}"),
            format!("SELECT set_config('workflow.note', 'because', false); {forged}"),
        ];
        let begun = format!("MERGE INTO {table} o USING (SELECT 1) x ON false WHEN NOT MATCHED THEN {started}");
        refused.into_iter().map(|sql| ("WF001", sql)).chain([("WF002", begun)]).collect()
    }
}

#[tokio::test]
async fn direct_statements_on_rows_are_refused() {
    let world = World::new().await;
    for victim in [Victim::new(&world.order, "expire", "Cancelled"), Victim::new(&world.claim, "close", "Closed")] {
        for (code, sql) in [victim.steps(), victim.changes(), victim.starts(), victim.mixtures()].concat() {
            for who in BOTH {
                world.refused(who, code, &sql).await;
            }
        }
    }
    world.holds("every attack").await;
}

/// What an application may not touch at all, and what not even the owner may.
#[tokio::test]
async fn history_is_written_by_steps_only_and_never_changed() {
    let world = World::new().await;
    for model in [&world.order, &world.claim] {
        let (table, history, one) = (model.table(), model.history(), key(model, 0));
        let row = format!("(id, version, event, to_state) VALUES ({one}, 2, 'x', 'y')");
        for sql in [
            format!("INSERT INTO {history} {row}"),
            format!("INSERT INTO {history} {row} ON CONFLICT DO NOTHING"),
            format!("INSERT INTO {history} SELECT * FROM {history} ON CONFLICT (id, version) DO UPDATE SET actor = 'eve'"),
            format!("UPDATE {history} SET actor = 'eve'"),
            format!("UPDATE {history} SET data = '{{}}' WHERE version = 1"),
            format!("DELETE FROM {history}"),
            format!("WITH gone AS (DELETE FROM {history} RETURNING *) SELECT count(*) FROM gone"),
            format!("TRUNCATE {history}"),
            format!("TRUNCATE {table} CASCADE"),
            format!("MERGE INTO {history} h USING (SELECT 1) x ON true WHEN MATCHED THEN DELETE"),
            format!("MERGE INTO {history} h USING (SELECT 1) x ON false WHEN NOT MATCHED THEN INSERT {row}"),
            format!("DO $$ BEGIN DELETE FROM {history}; END $$"),
        ] {
            world.refused(Who::Owner, "WF003", &sql).await;
            world.refused(Who::App, "42501", &sql).await;
        }
        for sql in [
            format!("DELETE FROM {table}"),
            format!("DELETE FROM {}", model.jobs()),
            format!("UPDATE {} SET run_at = now()", model.jobs()),
            format!("INSERT INTO {} (id, version, job, kind) VALUES ({one}, 1, 'x', 'task')", model.jobs()),
            format!("TRUNCATE {}", model.jobs()),
            format!("ALTER TABLE {table} DISABLE TRIGGER ALL"),
            "SET session_replication_role = replica".to_owned(),
            "UPDATE workflow.edges SET mode = 'migrate'".to_owned(),
            "INSERT INTO workflow.edges VALUES ('order', 'placed', 'x', 'shipped', 'migrate')".to_owned(),
            "DELETE FROM workflow.models".to_owned(),
            "INSERT INTO workflow.voided VALUES (gen_random_uuid())".to_owned(),
            format!(
                "CREATE TRIGGER zz BEFORE UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()"
            ),
            format!("CREATE RULE r AS ON UPDATE TO {table} DO INSTEAD NOTHING"),
        ] {
            world.refused(Who::App, "42501", &sql).await;
        }
        world.refused(Who::Owner, "42501", "SET session_replication_role = replica").await;
    }
    let delivered = insert_with(&world.order, 77, &[("state", "'delivered'")]);
    for who in BOTH {
        world.refused(who, "WF002", &delivered).await;
    }
}

#[tokio::test]
async fn copy_passes_the_same_guard() {
    let world = World::new().await;
    let id = key(&world.order, 0);
    let id = id.trim_start_matches('\'').trim_end_matches("'::uuid");
    for (who, into, line, code) in [
        (Who::Owner, "orders_history (id, version, event, to_state)", format!("{id}\t2\tx\ty\n"), "WF003"),
        (Who::App, "orders_history (id, version, event, to_state)", format!("{id}\t2\tx\ty\n"), "42501"),
        (Who::Owner, "orders (id, customer_id, sku, quantity, version)", format!("1{}\t{id}\ta\t1\t2\n", &id[1..]), "WF002"),
        (Who::App, "orders (id, customer_id, sku, quantity, version)", format!("1{}\t{id}\ta\t1\t2\n", &id[1..]), "WF002"),
        (Who::App, "orders (id, customer_id, sku, quantity)", format!("1{}\t{id}\ta\t1\n", &id[1..]), ""),
    ] {
        assert_eq!(copy(&world, who, into, &line).await, code, "{who:?} {into}");
        world.holds(into).await;
    }
}

async fn copy(world: &World, who: Who, into: &str, line: &str) -> String {
    let url = if who == Who::App { world.db.url_as("hostile_app") } else { world.db.url_as("hostile_owner") };
    let pool = sqlx::PgPool::connect(&url).await.unwrap();
    let result = async {
        let mut copy = pool.copy_in_raw(&format!("COPY {into} FROM STDIN")).await?;
        copy.send(line.as_bytes()).await?;
        copy.finish().await
    }
    .await;
    pool.close().await;
    result.err().and_then(|e| Some(e.as_database_error()?.code()?.into_owned())).unwrap_or_default()
}

/// What may be done must be done whole: statements that look odd and are legal leave a whole history.
#[tokio::test]
async fn odd_but_legal_statements_leave_a_whole_history() {
    for who in BOTH {
        let world = World::new().await;
        let (order, claim) = (&world.order, &world.claim);
        let cancelled = state(order, "Cancelled");
        let expire = step(order, 0, "expire", cancelled, "");
        let change = "UPDATE orders SET event = 'change_quantity', version = version + 1, quantity = quantity + 1";
        let placed = "WHERE state = 'placed'";
        for sql in [
            // The same row twice in one statement: PostgreSQL makes one of the updates.
            format!("WITH a AS ({change} {placed} RETURNING 1), b AS ({change} {placed} RETURNING 1) SELECT (SELECT count(*) FROM a) + (SELECT count(*) FROM b)"),
            format!("BEGIN; {change} {placed}; {change} {placed}; {change} {placed}; COMMIT"),
            format!("BEGIN; {change} {placed}; SAVEPOINT s; {expire}; ROLLBACK TO s; COMMIT"),
            format!("BEGIN; {}; {}; COMMIT", insert(order, 50), insert(claim, 50)),
            format!("{} ON CONFLICT (id) DO UPDATE SET event = 'change_quantity', version = orders.version + 1", insert(order, 0)),
            "MERGE INTO orders o USING (SELECT 1) x ON o.state = 'placed' WHEN MATCHED THEN UPDATE SET event = 'change_quantity', version = o.version + 1".to_owned(),
            format!("WITH n AS ({} RETURNING 1) {change} {placed} AND (SELECT count(*) FROM n) = 1", insert(order, 51)),
            "UPDATE orders SET sku = 'b', quantity = 9".to_owned(),
            format!("SELECT set_config('workflow.actor', 'psql', false); {expire}"),
        ] {
            world.must(who, &sql).await;
            world.holds(&sql).await;
        }
        // A timer follows its field, from nothing to a time, to another one, and back to nothing.
        for due in ["'2030-01-01'", "'2031-01-01'", "NULL", "'2032-01-01'"] {
            world.must(who, &format!("SELECT {}({}, {due})", claim.function("plan"), key(claim, 0))).await;
            world.holds(due).await;
        }
        assert_eq!(world.text("SELECT actor FROM orders_history WHERE event = 'expire'").await, "psql");
    }
}
