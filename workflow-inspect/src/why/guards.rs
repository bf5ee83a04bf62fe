//! What the guards say now.
//!
//! The generated function `<table>_guards` asks the same expressions, but only its owner may call it, and it wants the row as it
//! would become, which only the caller of the event knows. So an expression is asked of the row before, on the search path that
//! it has in the function, where it does not speak of what the event carries.

use super::ways::Way;
use crate::error::InspectError;
use crate::look::Look;
use crate::site::Site;
use serde::Serialize;
use workflow_model::names::quoted;

/// An `if sql`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Guard {
    /// Its expression.
    pub text: String,
    /// What it says.
    #[serde(flatten)]
    pub says: Verdict,
}

/// What a guard says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "says")]
pub enum Verdict {
    /// The event is possible.
    Yes,
    /// It is not.
    No,
    /// It cannot be told beforehand.
    Unknown {
        /// Why not.
        why: String,
    },
}

impl Guard {
    pub(super) fn unasked(text: &str) -> Guard {
        let why = "it speaks of what the event carries (NEW)".to_owned();
        Guard { text: text.to_owned(), says: Verdict::Unknown { why } }
    }
}

/// Asks each that can be asked.
pub(super) async fn asked(look: &mut Look, site: &Site<'_>, id: &str, ways: &mut [Way]) -> Result<(), InspectError> {
    let path = format!("SET LOCAL search_path = pg_catalog, {}, pg_temp", quoted(site.table.schema()));
    let guards = ways.iter_mut().filter_map(|way| way.guard.as_mut()).filter(|guard| !speaks_of_new(&guard.text));
    for guard in guards {
        let sql = site.fill(include_str!("../sql/guard.sql"));
        let sql = sql.replace("{row}", &quoted(&site.table.name)).replace("{guard}", &guard.text);
        guard.says = match look.attempt::<bool>(&path, &sql, &[Some(id)]).await {
            Ok(rows) if rows.contains(&true) => Verdict::Yes,
            Ok(_) => Verdict::No,
            Err(error) => match error.as_database_error() {
                Some(said) => Verdict::Unknown { why: said.message().to_owned() },
                None => return Err(InspectError::Read { what: "a guard".to_owned(), source: error }),
            },
        };
    }
    Ok(())
}

/// Whether `NEW.` stands in it. One in a text constant counts too: then it is not asked, which is no lie.
fn speaks_of_new(guard: &str) -> bool {
    let lower = guard.to_lowercase();
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    lower.match_indices("new").any(|(at, word)| {
        let (before, after) = (&lower[..at], &lower[at + word.len()..]);
        !before.ends_with(is_word) && after.trim_start_matches('"').trim_start().starts_with('.')
    })
}

#[cfg(test)]
mod tests {
    use super::speaks_of_new;

    #[test]
    fn a_guard_that_speaks_of_what_the_event_carries_is_known_by_its_text() {
        for text in ["NEW.slot <> ''", "slot = new . slot", "(\"new\".slot)", "a < new.b"] {
            assert!(speaks_of_new(text), "{text}");
        }
        for text in ["renew.x > 1", "new_slot > 1", "news.x = 1", "number <> 'new'"] {
            assert!(!speaks_of_new(text), "{text}");
        }
    }
}
