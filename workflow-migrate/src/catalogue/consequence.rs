//! What does not work when something is not as it must be, and what to do about it.

use super::{Aspect, Expected, Fault, Kind, Thing};

/// What is broken.
pub(super) fn breaks(expected: &Expected, thing: &Thing, fault: &Fault) -> String {
    if let Fault::Noted = fault {
        return noted(thing).to_owned();
    }
    match thing.kind {
        Kind::Table => "the workflow cannot work without it",
        Kind::Column => column(fault),
        Kind::Constraint => match fault {
            Fault::Different { aspect: Aspect::Valid, .. } => "rows that were there before it may break it",
            Fault::Unexpected => "transitions that the declaration allows may be refused",
            Fault::Missing | Fault::Different { .. } | Fault::Noted => "rows can be in a form that the binaries cannot read",
        },
        Kind::Index => match fault {
            Fault::Different { aspect: Aspect::Valid, .. } => "queries do not use it, and what it should keep unique may not be",
            Fault::Missing | Fault::Different { .. } | Fault::Unexpected | Fault::Noted => {
                "queries that need it scan the table, and nothing keeps unique what it should"
            }
        },
        Kind::Function => return function(thing, fault),
        Kind::Trigger => trigger(expected, thing, fault),
        Kind::Rule => "statements become other statements",
        Kind::View => "who reads it gets an error",
        Kind::Edge => match fault {
            Fault::Unexpected => "a change that is not declared may pass, or is named as legal in messages",
            Fault::Missing | Fault::Different { .. } | Fault::Noted => {
                "what is tolerated or named as legal in messages is not what is declared"
            }
        },
        Kind::Record => match fault {
            Fault::Unexpected => "binaries of a label that is gone are told that they are current",
            Fault::Missing | Fault::Different { .. } | Fault::Noted => {
                "binaries may refuse to start: they compare themselves with it"
            }
        },
    }
    .to_owned()
}

fn noted(thing: &Thing) -> &'static str {
    match thing.kind {
        Kind::Trigger => "it fires with transitions, and may change or refuse them",
        Kind::Rule => "it may turn a transition's statements into others",
        Kind::Index => "a concurrent build has failed: it costs writes and serves no query",
        Kind::Table | Kind::Column | Kind::Constraint | Kind::Function | Kind::View | Kind::Edge | Kind::Record => "nothing",
    }
}

fn column(fault: &Fault) -> &'static str {
    match fault {
        Fault::Missing => "transitions fail, and binaries cannot read the rows",
        Fault::Different { aspect: Aspect::Required, expected, .. } if expected == "yes" => {
            "rows without a value can be written, which binaries cannot read"
        }
        Fault::Different { aspect: Aspect::Required, .. } => "transitions that leave it empty fail",
        Fault::Different { aspect: Aspect::Default, .. } => "inserts that do not name the column get another value, or fail",
        Fault::Different { .. } | Fault::Unexpected | Fault::Noted => "values may not fit what the binaries read and write",
    }
}

fn trigger(expected: &Expected, thing: &Thing, fault: &Fault) -> &'static str {
    let table = thing.of.rsplit_once('.').map_or(thing.of.as_str(), |(_, name)| name);
    let end = thing.name.strip_prefix(table).unwrap_or(&thing.name);
    let is_own = expected.tables.first() == Some(&thing.of);
    match (fault, end) {
        (Fault::Unexpected, _) => "columns are changed as if binaries of two versions were at work",
        (_, "_transition") if is_own => {
            "the guard does not run: illegal changes pass, and no history, jobs or effects are written"
        }
        (_, "_removed") if is_own => "history and jobs of deleted instances stay behind",
        (_, "_migrate") if is_own => "binaries of the two versions that may run do not understand each other's rows",
        (_, "_truncate") if is_own => "the table can be truncated away from its history",
        _ => "history can be written, changed or deleted by other means than transitions",
    }
}

fn function(thing: &Thing, fault: &Fault) -> String {
    let name = thing.name.split_once('(').map_or(thing.name.as_str(), |(name, _)| name);
    let does = [
        ("_transition", "guard, history, jobs and effects"),
        ("_done", "the question whether a key has taken effect"),
        ("_void", "the answer to a lost commit"),
        ("_force", "the repair by operators"),
        ("_guards", "the guards"),
        ("_effects", "the effects"),
        ("_migrate", "the settling between two versions"),
        ("_removed", "the deletion of an instance"),
        ("_recorded", "the reading of history"),
        ("_history_written", "the protection of history"),
        (".refuse", "the protection of history"),
        (".tolerate", "the guard's refusals"),
    ];
    let does =
        does.iter().find(|(end, _)| name.ends_with(end)).map_or("the event as other clients than Rust fire it", |(_, does)| does);
    match fault {
        Fault::Missing => format!("{does} cannot be carried out"),
        Fault::Different { aspect: Aspect::Public, .. } => {
            format!("whoever can connect can call it, and it has the rights of its owner: {does}")
        }
        Fault::Different { aspect: Aspect::Security, expected, .. } if expected == "definer" => {
            format!("roles without rights on the tables beside are refused: {does}")
        }
        Fault::Different { aspect: Aspect::Security, .. } => format!("callers get rights that they do not have: {does}"),
        Fault::Different { aspect: Aspect::Settings, .. } => {
            format!("a client's own settings or temporary tables can change what is done: {does}")
        }
        Fault::Different { .. } | Fault::Unexpected | Fault::Noted => {
            format!("something else may be done than is declared: {does}")
        }
    }
}

/// What to do.
pub(super) fn remedy(thing: &Thing, fault: &Fault) -> String {
    let (of, name) = (quoted(&thing.of), quoted(&thing.name));
    let again = "run the statement that makes it, from the last migration that has it, in a migration of your own";
    match (thing.kind, fault) {
        (Kind::Trigger, Fault::Different { aspect: Aspect::Enabled, .. }) => {
            format!("find out who disabled it and what was written meanwhile, then ALTER TABLE {of} ENABLE TRIGGER {name};")
        }
        (Kind::Constraint, Fault::Different { aspect: Aspect::Valid, .. }) => {
            format!("ALTER TABLE {of} VALIDATE CONSTRAINT {name};")
        }
        (Kind::Index, Fault::Different { aspect: Aspect::Valid, .. }) => {
            "find the rows that are in its way, then REINDEX INDEX CONCURRENTLY it".to_owned()
        }
        (Kind::Index, Fault::Noted) => "DROP INDEX CONCURRENTLY it, or `cargo workflow apply`, which builds it anew".to_owned(),
        (Kind::Function, Fault::Different { aspect: Aspect::Public, .. }) => {
            format!("REVOKE ALL ON FUNCTION {} FROM PUBLIC;", thing.name)
        }
        (Kind::Column, Fault::Different { aspect: Aspect::Required, expected, .. }) if expected == "yes" => {
            format!("fill the rows without a value, then ALTER TABLE {of} ALTER {name} SET NOT NULL;")
        }
        (Kind::Column, Fault::Different { aspect: Aspect::Required, .. }) => {
            format!("ALTER TABLE {of} ALTER {name} DROP NOT NULL;")
        }
        (Kind::Column, Fault::Different { aspect: Aspect::Default, expected, .. }) if expected.is_empty() => {
            format!("ALTER TABLE {of} ALTER {name} DROP DEFAULT;")
        }
        (Kind::Column, Fault::Different { aspect: Aspect::Default, expected, .. }) => {
            format!("ALTER TABLE {of} ALTER {name} SET DEFAULT {expected};")
        }
        (Kind::Constraint, Fault::Unexpected) => format!("ALTER TABLE {of} DROP CONSTRAINT {name};"),
        (Kind::Edge, Fault::Missing | Fault::Different { .. } | Fault::Unexpected | Fault::Noted) => {
            "put the row of workflow.edges as it was declared, and find out who changed it".to_owned()
        }
        (Kind::Trigger | Kind::Rule, Fault::Noted) => "make sure that it is meant".to_owned(),
        (_, Fault::Missing | Fault::Different { .. }) => again.to_owned(),
        (_, Fault::Unexpected | Fault::Noted) => "take it away, if nobody needs it".to_owned(),
    }
}

/// `schema.name`, each quoted where it must be.
fn quoted(name: &str) -> String {
    name.split('.').map(workflow_model::names::quoted).collect::<Vec<_>>().join(".")
}
