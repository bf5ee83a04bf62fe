//! The differences between what must stand and what does.

use super::statement::{body, setting, trigger};
use super::{Aspect, Catalogue, Expected, Kind, Thing, consequence, expression, types};
use serde::Serialize;

/// A difference.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Where.
    pub thing: Thing,
    /// What is the matter with it.
    #[serde(flatten)]
    pub fault: Fault,
    /// What does not work because of it.
    pub breaks: String,
    /// What to do.
    pub remedy: String,
}

/// What is the matter with a thing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "fault")]
pub enum Fault {
    /// It is not there.
    Missing,
    /// It is not as it must be.
    Different {
        /// In which respect.
        aspect: Aspect,
        /// How it must be.
        expected: String,
        /// How it is.
        found: String,
    },
    /// It must not be there.
    Unexpected,
    /// It is the application's own, and takes part in what the workflow does: no drift, but to be known.
    Noted,
}

impl Finding {
    /// Whether the database is not as it must be.
    pub fn is_drift(&self) -> bool {
        match self.fault {
            Fault::Missing | Fault::Different { .. } | Fault::Unexpected => true,
            Fault::Noted => false,
        }
    }

    /// In a line: `the trigger orders_transition on public.orders is disabled`.
    pub fn summary(&self) -> String {
        let thing = &self.thing;
        match &self.fault {
            Fault::Missing => format!("{thing} is not there"),
            Fault::Unexpected => format!("{thing} should not be there"),
            Fault::Noted => format!("{thing} is not the workflow's"),
            Fault::Different { aspect: Aspect::Enabled, found, .. } => format!("{thing} is {found}"),
            Fault::Different { aspect: Aspect::Valid, .. } => format!("{thing} is not valid"),
            Fault::Different { aspect: Aspect::Public, .. } => format!("{thing} may be called by everybody"),
            Fault::Different { aspect: Aspect::Required, expected, .. } if expected == "yes" => format!("{thing} may be NULL"),
            Fault::Different { aspect: Aspect::Required, .. } => format!("{thing} must not be NULL"),
            Fault::Different { aspect: Aspect::Security, found, .. } => {
                format!("{thing} has the rights of its {}", holder(found))
            }
            Fault::Different { aspect: aspect @ (Aspect::Settings | Aspect::Parameters), .. } => {
                format!("{thing} has other {}", aspect.word())
            }
            Fault::Different { aspect, .. } => format!("{thing} has another {}", aspect.word()),
        }
    }
}

fn holder(security: &str) -> &'static str {
    if security == "definer" { "owner" } else { "caller" }
}

/// Everything in which a database differs from what is expected of it; the worst first.
pub fn compare(expected: &Expected, found: &Catalogue) -> Vec<Finding> {
    let mut findings = Vec::new();
    for thing in expected.catalogue.things() {
        let part_of_missing = !thing.of.is_empty() && is_missing(expected, found, &thing.of);
        if part_of_missing {
            continue;
        }
        let Some(twin) = twin(found, thing) else {
            findings.push(finding(expected, thing, Fault::Missing));
            continue;
        };
        for (aspect, value) in expected.catalogue.aspects(thing) {
            let stands = found.get(twin, aspect).unwrap_or_default();
            if !same(aspect, value, stands) {
                let fault = Fault::Different { aspect, expected: value.to_owned(), found: stands.to_owned() };
                findings.push(finding(expected, thing, fault));
            }
        }
    }
    let unknown = found.things().filter(|thing| !expected.catalogue.has(thing));
    findings.extend(unknown.filter_map(|thing| Some(finding(expected, thing, surplus(expected, found, thing)?))));
    findings
}

/// The same thing as it was found: the types of a function's arguments may be written in another way.
fn twin<'c>(found: &'c Catalogue, thing: &'c Thing) -> Option<&'c Thing> {
    if found.has(thing) {
        return Some(thing);
    }
    let (name, arguments) = thing.name.strip_suffix(')')?.split_once('(')?;
    let is_same = |other: &str| {
        let other = other.strip_suffix(')').and_then(|other| other.split_once('('));
        other.is_some_and(|(other, types)| other == name && all_same(arguments, types))
    };
    found.things().find(|other| other.kind == thing.kind && is_same(&other.name))
}

fn all_same(expected: &str, found: &str) -> bool {
    let (expected, found): (Vec<&str>, Vec<&str>) = (expected.split(", ").collect(), found.split(", ").collect());
    expected.len() == found.len() && expected.iter().zip(&found).all(|(one, other)| types::same(one, other))
}

/// A table that is not there says all about its columns.
fn is_missing(expected: &Expected, found: &Catalogue, table: &str) -> bool {
    let table = Thing::new(Kind::Table, "", table);
    expected.catalogue.has(&table) && !found.has(&table)
}

/// Columns, indexes and constraints of the application's own are no drift; what fires with a transition is said.
fn surplus(expected: &Expected, found: &Catalogue, thing: &Thing) -> Option<Fault> {
    let is_own = expected.tables.contains(&thing.of);
    match thing.kind {
        Kind::Edge | Kind::Record => expected.labels.contains(&thing.of).then_some(Fault::Unexpected),
        Kind::Trigger if is_own => Some(match is_settling(expected, thing) {
            true => Fault::Unexpected,
            false => Fault::Noted,
        }),
        Kind::Rule if is_own => Some(Fault::Noted),
        Kind::Constraint if is_own => is_left_over(expected, thing).then_some(Fault::Unexpected),
        // An index that failed is no index, and is in the way of the file that builds it.
        Kind::Index if is_own => (found.get(thing, Aspect::Valid) == Some("no")).then_some(Fault::Noted),
        Kind::Index
        | Kind::Trigger
        | Kind::Rule
        | Kind::Constraint
        | Kind::Table
        | Kind::Column
        | Kind::Function
        | Kind::View => None,
    }
}

fn is_settling(expected: &Expected, thing: &Thing) -> bool {
    let table = thing.of.rsplit_once('.').map_or(thing.of.as_str(), |(_, name)| name);
    expected.tables.first() == Some(&thing.of) && thing.name == format!("{table}_migrate")
}

/// `orders_state_1`, where `orders_state_2` is the one that must be there.
fn is_left_over(expected: &Expected, thing: &Thing) -> bool {
    let unnumbered = |name: &str| {
        let (key, number) = name.rsplit_once('_')?;
        number.chars().all(|c| c.is_ascii_digit()).then(|| key.to_owned())
    };
    let Some(key) = unnumbered(&thing.name) else { return false };
    expected
        .catalogue
        .things()
        .any(|other| other.kind == Kind::Constraint && other.of == thing.of && unnumbered(&other.name).as_ref() == Some(&key))
}

fn same(aspect: Aspect, expected: &str, found: &str) -> bool {
    match aspect {
        Aspect::Type | Aspect::Returns => types::same(expected, found),
        Aspect::Default if expected.is_empty() || found.is_empty() => expected == found,
        Aspect::Default | Aspect::Condition => expression::same(expected, found),
        Aspect::Body => expected == body(found),
        Aspect::Definition if found.starts_with("CREATE TRIGGER") => expected == trigger(found),
        Aspect::Settings => expected == settings(found),
        Aspect::Required
        | Aspect::Form
        | Aspect::Valid
        | Aspect::Definition
        | Aspect::Enabled
        | Aspect::Parameters
        | Aspect::Language
        | Aspect::Volatility
        | Aspect::Security
        | Aspect::Public
        | Aspect::Mode
        | Aspect::Fingerprint => expected == found,
    }
}

/// As `pg_proc` has them, a line each.
fn settings(found: &str) -> String {
    let mut all: Vec<String> =
        found.lines().filter_map(|line| line.split_once('=')).map(|(name, value)| setting(name, value)).collect();
    all.sort();
    all.join("; ")
}

fn finding(expected: &Expected, thing: &Thing, fault: Fault) -> Finding {
    let breaks = consequence::breaks(expected, thing, &fault);
    let remedy = consequence::remedy(thing, &fault);
    Finding { thing: thing.clone(), fault, breaks, remedy }
}
