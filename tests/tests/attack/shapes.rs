//! Statements of random parts.
//!
//! What the owner of the tables may do, and `docs/src/guide/guarantees.md` says so, is left out by name: deleting instances, work on
//! jobs and on `workflow.edges`, altering the tables. So is a worker's work on jobs, which is what it is for. The claim's `due` is a
//! common field, which anybody may set without a step; the truth asks history for it.

use crate::world::{MARKED, Who, insert_with, key, key_column, step};
use workflow_model::Model;
use workflow_model::names::{constant, quoted};

/// Decisions, read from random numbers; when they are used up, the first choice.
pub(crate) struct Picks<'n>(pub(crate) std::slice::Iter<'n, u16>);

impl Picks<'_> {
    fn below(&mut self, bound: usize) -> usize {
        usize::from(self.0.next().copied().unwrap_or_default()) % bound.max(1)
    }

    fn pick<T: Clone>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())].clone()
    }
}

/// What may be meant by an attack.
pub(crate) struct Target<'m> {
    pub(crate) who: Who,
    pub(crate) models: [&'m Model; 2],
    /// The generated functions with the types of their arguments.
    pub(crate) functions: &'m [(String, Vec<String>)],
}

impl Target<'_> {
    /// One statement, or a few in a transaction.
    pub(crate) fn statement(&self, p: &mut Picks<'_>) -> String {
        match p.below(12) {
            0 => format!("BEGIN; {}; SAVEPOINT s; {}; ROLLBACK TO s; COMMIT", self.one(p), self.one(p)),
            1 => format!("BEGIN; {}; {}; COMMIT", self.one(p), self.one(p)),
            2 => format!("DO $do$ BEGIN BEGIN {}; EXCEPTION WHEN OTHERS THEN NULL; END; {}; END $do$", self.one(p), self.one(p)),
            3 => format!("PREPARE p AS {}; EXECUTE p; DEALLOCATE p", self.one(p)),
            _ => self.one(p),
        }
    }

    fn one(&self, p: &mut Picks<'_>) -> String {
        let model = p.pick(&self.models);
        match p.below(16) {
            0 | 1 => self.update(model, &model.table(), p),
            2..=4 => some_step(model, p),
            5 => new(model, p),
            6 => format!("{} ON CONFLICT ({}) DO UPDATE SET {}", new(model, p), key_column(model), assignments(model, p)),
            7 => merge(model, p),
            8 => format!("WITH w AS ({} RETURNING 1) {}", some_step(model, p), self.update(model, &model.table(), p)),
            9 => {
                let view = format!("CREATE OR REPLACE TEMPORARY VIEW v AS SELECT * FROM {}", model.table());
                format!("{view}; {}", self.update(model, "v", p))
            }
            10 => format!("SELECT set_config({}, {}, {})", setting(p), constant(p.pick(&VALUES)), p.pick(&["true", "false"])),
            11 => hidden(model, p),
            12 => self.history(model, p),
            13 => self.beside(model, p),
            _ => self.call(model, p),
        }
    }

    fn update(&self, model: &Model, table: &str, p: &mut Picks<'_>) -> String {
        format!("UPDATE {table} SET {}{}", assignments(model, p), filter(model, p))
    }

    /// History takes nothing but steps, from nobody.
    fn history(&self, model: &Model, p: &mut Picks<'_>) -> String {
        let (history, id) = (model.history(), any_key(model, p));
        let row =
            format!("(id, version, event, to_state) VALUES ({id}, {}, {}, {})", p.below(5), event(model, p), state(model, p));
        match p.below(7) {
            0 => format!("INSERT INTO {history} {row}"),
            1 => format!("UPDATE {history} SET actor = 'eve', version = version + {}", p.below(2)),
            2 => format!("DELETE FROM {history} WHERE version > {}", p.below(3)),
            3 => format!("TRUNCATE {history}"),
            4 => format!("INSERT INTO {history} SELECT * FROM {history} ON CONFLICT (id, version) DO UPDATE SET role = 'eve'"),
            5 => format!("WITH u AS ({} RETURNING {}) INSERT INTO {history} {row}", some_step(model, p), key_column(model)),
            _ => format!("MERGE INTO {history} h USING (SELECT 1) x ON h.version = 1 WHEN MATCHED THEN DELETE"),
        }
    }

    /// Jobs and the shared tables.
    fn beside(&self, model: &Model, p: &mut Picks<'_>) -> String {
        let mut tables = vec!["workflow.voided".to_owned(), "workflow.schedules".to_owned()];
        if self.who != Who::Owner {
            tables.extend(["workflow.edges".to_owned(), "workflow.models".to_owned(), model.table()]);
        }
        if !matches!(self.who, Who::Owner | Who::Worker) {
            tables.push(model.jobs());
        }
        let table = p.pick(&tables);
        match p.below(4) {
            0 => format!("DELETE FROM {table}"),
            1 => format!("TRUNCATE {table} CASCADE"),
            2 => format!("INSERT INTO {table} SELECT * FROM {table}"),
            _ if table == "workflow.edges" => {
                "INSERT INTO workflow.edges VALUES ('order', 'placed', 'x', 'shipped', 'force')".into()
            }
            _ => format!("LOCK {table} IN SHARE ROW EXCLUSIVE MODE"),
        }
    }

    fn call(&self, model: &Model, p: &mut Picks<'_>) -> String {
        let (name, types) = p.pick(self.functions);
        let arguments: Vec<String> = types.iter().map(|ty| argument(model, ty, p)).collect();
        format!("SELECT {name}({})", arguments.join(", "))
    }
}

const VALUES: [&str; 10] =
    ["", "eve", "on", "off", "1", "public", "pg_temp, public", "{}", "SQL, DMY", "00000000-0000-0000-0000-000000000001"];

fn setting(p: &mut Picks<'_>) -> String {
    constant(p.pick(&[
        "workflow.actor",
        "workflow.note",
        "workflow.tx",
        "workflow.key",
        "workflow.trace",
        "search_path",
        "datestyle",
        "timezone",
        "standard_conforming_strings",
        "transform_null_equals",
        "extra_float_digits",
        "session_replication_role",
        "row_security",
        "check_function_bodies",
        "quote_all_identifiers",
        "application_name",
    ]))
}

/// A legal step, or nearly one.
fn some_step(model: &Model, p: &mut Picks<'_>) -> String {
    let edges = model.edges();
    let edge = &edges[p.below(edges.len())];
    let n = model.states.iter().position(|s| s.name == edge.from.name).unwrap_or_default();
    let to = if p.below(4) == 0 { &model.states[p.below(model.states.len())] } else { edge.to };
    let rest = if p.below(3) == 0 { MARKED } else { "" };
    let sql = step(model, n, &edge.transition.event.label, to, rest);
    match p.below(6) {
        0 => sql.replace("version + 1", "version + 2"),
        1 => sql.replace("now()", "clock_timestamp()"),
        2 => sql.split(" WHERE ").next().unwrap_or_default().to_owned(),
        _ => sql,
    }
}

fn new(model: &Model, p: &mut Picks<'_>) -> String {
    let mut more: Vec<(&str, String)> = Vec::new();
    for column in ["state", "event", "version", "entered_at", "actor", "keyed"] {
        if p.below(5) == 0 {
            more.push((column, value(model, p)));
        }
    }
    let more: Vec<(&str, &str)> = more.iter().map(|(column, value)| (*column, value.as_str())).collect();
    insert_with(model, p.below(300), &more)
}

fn merge(model: &Model, p: &mut Picks<'_>) -> String {
    let (table, on) = (model.table(), format!("o.{} = {}", key_column(model), any_key(model, p)));
    let then = match p.below(3) {
        0 => format!("MATCHED THEN UPDATE SET {}", assignments(model, p)),
        1 => "MATCHED AND o.version < 0 THEN DO NOTHING".to_owned(),
        _ => format!("NOT MATCHED THEN {}", new(model, p).replace(&format!("INTO {table} "), "")),
    };
    format!("MERGE INTO {table} o USING (SELECT 1) x ON {on} WHEN {then}")
}

/// Something of the client's own, under a name that our functions use.
fn hidden(model: &Model, p: &mut Picks<'_>) -> String {
    let name = p.pick(&[
        quoted(&model.table.name),
        "orders_history".into(),
        "edges".into(),
        "stock".into(),
        "ledger".into(),
        "voided".into(),
    ]);
    match p.below(3) {
        0 => format!("CREATE TEMPORARY TABLE {name} AS SELECT * FROM {} LIMIT 1", model.table()),
        1 => format!("DROP TABLE IF EXISTS pg_temp.{name}"),
        _ => {
            "CREATE OR REPLACE FUNCTION pg_temp.now() RETURNS timestamptz LANGUAGE sql AS 'SELECT ''epoch''::timestamptz'".into()
        }
    }
}

fn assignments(model: &Model, p: &mut Picks<'_>) -> String {
    let ours = ["state", "event", "version", "entered_at", "actor", "key", "keyed"].map(str::to_owned);
    let fields = model.columns().into_iter().map(|c| c.field.name.label.clone()).filter(|label| label != "due");
    let columns: Vec<String> = ours.into_iter().chain(fields).collect();
    let first = p.below(columns.len());
    let set: Vec<String> = (0..=p.below(4))
        .map(|n| format!("{} = {}", quoted(&columns[(first + n * 3) % columns.len()]), value(model, p)))
        .collect();
    let mut set = set;
    set.sort();
    set.dedup_by(|a, b| a.split(" = ").next() == b.split(" = ").next());
    set.join(", ")
}

fn value(model: &Model, p: &mut Picks<'_>) -> String {
    match p.below(12) {
        0 => "NULL".into(),
        1 => "DEFAULT".into(),
        2 => "version + 1".into(),
        3 => "now()".into(),
        4 => "'infinity'".into(),
        5 => p.below(100).to_string(),
        6 => any_key(model, p),
        7 => event(model, p),
        8 => "gen_random_uuid()".into(),
        9 => "'x'".into(),
        10 => "keyed".into(),
        _ => state(model, p),
    }
}

fn filter(model: &Model, p: &mut Picks<'_>) -> String {
    match p.below(4) {
        0 => String::new(),
        1 => format!(" WHERE state = {}", state(model, p)),
        _ => format!(" WHERE {} = {}", key_column(model), any_key(model, p)),
    }
}

fn argument(model: &Model, ty: &str, p: &mut Picks<'_>) -> String {
    if p.below(8) == 0 {
        return format!("NULL::{ty}");
    }
    let value = match ty {
        "uuid" if p.below(3) == 0 => "gen_random_uuid()".to_owned(),
        "uuid" => format!("'00000000-0000-0000-0000-{:012}'", p.below(6)),
        "bigint" | "integer" => p.below(6).to_string(),
        "timestamp with time zone" => "now() + interval '1 day'".to_owned(),
        "jsonb" => p.pick(&["'{}'", "'null'", "'[1]'", "'{\"reason\": \"r\", \"why\": \"w\"}'", "'{\"version\": 9}'"]).to_owned(),
        "double precision" => "1.5".to_owned(),
        "point" => "point(1, 2)".to_owned(),
        _ if p.below(2) == 0 => state(model, p),
        _ => "'it''s'".to_owned(),
    };
    format!("({value})::{ty}")
}

fn any_key(model: &Model, p: &mut Picks<'_>) -> String {
    key(model, p.below(model.states.len() + 1))
}

fn event(model: &Model, p: &mut Picks<'_>) -> String {
    let events: Vec<&str> =
        model.transitions.iter().map(|t| t.event.label.as_str()).chain(["create", "force", "adopt"]).collect();
    constant(p.pick(&events))
}

fn state(model: &Model, p: &mut Picks<'_>) -> String {
    constant(&model.states[p.below(model.states.len())].name.label)
}
