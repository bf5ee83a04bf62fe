//! The functions beside the table, and its triggers.

use super::event;
use super::phrase::{array, dollars};
use super::routine::Routine;
use super::subject::Subject;
use super::{creation, effects, settle, transition};
use crate::stage::{Stage, Value};
use workflow_model::names::{constant, quoted};

/// Every function beside the table, those first that others call.
pub(crate) fn routines(s: &Subject<'_>) -> Vec<Routine> {
    let mut all: Vec<Routine> = [effects::guards(s), effects::effects(s)].into_iter().flatten().collect();
    all.push(transition::function(s));
    all.extend(settle::function(s));
    all.extend(fixed(s));
    all.extend(creation::functions(s));
    all.extend(event::functions(s));
    all.extend(kept(s, &all));
    all
}

/// What every workflow has.
fn fixed(s: &Subject<'_>) -> Vec<Routine> {
    let (id, uuid) = (s.key_type(), "uuid".to_owned());
    let of = |name: &str, types: &[String], template| Routine::of(s.model.function(name), types, s.fill(template, &[]));
    let force = s.fill(include_str!("force_body.sql"), &force_values(s));
    let force = s.fill(include_str!("force.sql"), &[("body", dollars(&force))]);
    let forced = [id.clone(), "text".to_owned(), "jsonb".to_owned(), "text".to_owned()];
    vec![
        of("done", &[id.clone(), uuid.clone()], include_str!("done.sql")).granted("workflow_app"),
        of("void", &[id, uuid], include_str!("void.sql")).private().granted("workflow_app"),
        of("recorded", &["jsonb".to_owned()], include_str!("recorded.sql")).granted("workflow_app"),
        of("removed", &[], include_str!("removed.sql")).private(),
        of("history_written", &[], include_str!("history_written.sql")).private(),
        Routine::of(s.model.function("force"), &forced, force).private().granted("workflow_operator"),
    ]
}

/// The older model's functions of events that now take other arguments.
fn kept(s: &Subject<'_>, all: &[Routine]) -> Vec<Routine> {
    let Some(base) = &s.stage.base else { return Vec::new() };
    let mut stage = Stage::of(base);
    stage.model.table = s.model.table.clone();
    let older = event::functions(&Subject::new(&stage)).into_iter();
    older.filter(|routine| !all.iter().any(|r| r.signature == routine.signature)).collect()
}

fn force_values(s: &Subject<'_>) -> [(&'static str, String); 5] {
    let states: Vec<String> = s.model.states.iter().map(|state| constant(&state.name.label)).collect();
    let owned: Vec<&str> = s.owned().map(|c| c.field.name.label.as_str()).collect();
    let fields: Vec<String> = owned.iter().map(|label| constant(label)).collect();
    let (follow, alone): (Vec<&str>, Vec<&str>) = owned.iter().partition(|label| followed(s, label).is_some());
    let nulls: Vec<String> = alone.iter().map(|label| format!("{}, NULL", constant(label))).collect();
    let nulls: Vec<String> = nulls.chunks(50).map(|c| format!("jsonb_build_object({})", c.join(", "))).collect();
    let nulls: Vec<String> = nulls.into_iter().chain(follow.iter().filter_map(|label| null_unless_followed(s, label))).collect();
    let sets: String = owned.iter().map(|label| format!(",\n        {0} = becomes.{0}", quoted(label))).collect();
    [
        ("states", array(&states, 4)),
        ("fields", array(&fields, 4)),
        ("nulls", if nulls.is_empty() { "'{}'::jsonb".to_owned() } else { nulls.join(" || ") }),
        ("sets", sets),
        ("function", s.name("force")),
    ]
}

/// The column that one follows.
fn followed<'s>(s: &'s Subject<'_>, label: &str) -> Option<&'s str> {
    match s.stage.settling(label)?.follows.as_ref()? {
        Value::Column { column, .. } => Some(column),
        Value::Literal(_) => None,
    }
}

/// Who gives a field by its other name says nothing of this one: the settling trigger lets it follow.
fn null_unless_followed(s: &Subject<'_>, label: &str) -> Option<String> {
    let values = [("other", constant(followed(s, label)?)), ("own", constant(label)), ("function", s.name("force"))];
    let text = "CASE WHEN {function}.fields ? {other} THEN '{}'::jsonb ELSE jsonb_build_object({own}, NULL) END";
    Some(s.fill(text, &values).trim_end().to_owned())
}

/// A trigger, by what `DROP TRIGGER` wants to know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Trigger {
    pub(crate) name: String,
    pub(crate) table: String,
    /// What stands between the name and the table, and behind the table.
    when: &'static str,
    does: String,
}

impl Trigger {
    /// Makes it: writers wait for an instant.
    pub(crate) fn create(&self) -> String {
        format!("CREATE TRIGGER {} {} ON {} {};", self.name, self.when, self.table, self.does)
    }

    /// Whether it is the one that settles columns.
    pub(crate) fn is_settling(&self) -> bool {
        self.when.starts_with("BEFORE INSERT OR UPDATE")
    }

    /// Takes it away: everybody waits for an instant.
    pub(crate) fn drop(&self) -> String {
        format!("DROP TRIGGER {} ON {};", self.name, self.table)
    }
}

/// The triggers on the table and on its history.
pub(crate) fn triggers(s: &Subject<'_>) -> Vec<Trigger> {
    let (table, history) = (s.model.table(), s.model.history());
    let row = |function: &str| format!("FOR EACH ROW EXECUTE FUNCTION {}()", s.model.function(function));
    let refuse = || "EXECUTE FUNCTION workflow.refuse()".to_owned();
    let of = |name: &str, when, table: &String, does| Trigger { name: s.name(name), table: table.clone(), when, does };
    let mut all = Vec::new();
    if settle::is_needed(s) {
        all.push(of("migrate", "BEFORE INSERT OR UPDATE", &table, row("migrate")));
    }
    all.extend([
        of("transition", "AFTER INSERT OR UPDATE", &table, row("transition")),
        of("removed", "AFTER DELETE", &table, row("removed")),
        of("truncate", "BEFORE TRUNCATE", &table, refuse()),
        of("history_written", "BEFORE INSERT OR DELETE", &history, row("history_written")),
        of("history_update", "BEFORE UPDATE", &history, format!("FOR EACH ROW {}", refuse())),
        of("history_truncate", "BEFORE TRUNCATE", &history, refuse()),
    ]);
    all
}
