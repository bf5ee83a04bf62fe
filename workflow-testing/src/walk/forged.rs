//! Statements that are no transitions: nobody may send them, and nothing may come of them.

use super::plan::Choice;
use super::raw::Statement;
use super::world::World;
use crate::coverage::beside;
use crate::subject::Provable;
use crate::truth::Standing;
use serde_json::{Map, Value, json};

impl<W: Provable<A>, A: Send + Sync + 'static> World<'_, W, A> {
    /// One of them, in words and as it is sent.
    pub(super) fn forged(&self, choice: &Choice, at: &Standing) -> Option<(String, Statement)> {
        let other = W::MODEL.states.iter().find(|state| state.label != at.state)?.label;
        let mut values = Map::new();
        values.insert("state".to_owned(), json!(other));
        let update = |set: &str| self.set(set, values.clone());
        let history = beside(W::MODEL.table, "_history");
        let on_history = |sql: &str| Statement {
            sql: format!("{sql} AND $2 IS NOT NULL").replace("{history}", &history),
            values: Value::Null,
        };
        let all = [
            ("an UPDATE to another state that is no transition", update("state = p.state")),
            ("an UPDATE that leaves out a version", update("version = o.version + 2, entered_at = now()")),
            ("an UPDATE of the event alone", update("event = 'forged'")),
            ("an UPDATE of the time at which it was entered", update("entered_at = o.entered_at - interval '1 hour'")),
            ("an UPDATE that names somebody", update("actor = 'somebody', keyed = o.version + 1")),
            ("a DELETE of its history", on_history("DELETE FROM {history} WHERE id = $1")),
            ("an UPDATE of its history", on_history("UPDATE {history} SET event = 'forged' WHERE id = $1")),
            (
                "an INSERT into its history",
                on_history(
                    "INSERT INTO {history} (id, version, event, to_state) SELECT h.id, h.version + 9, 'forged', h.to_state \
                     FROM {history} h WHERE h.id = $1",
                ),
            ),
        ];
        let at = choice.other.index(all.len());
        all.into_iter().nth(at).map(|(told, statement)| (told.to_owned(), statement))
    }
}
