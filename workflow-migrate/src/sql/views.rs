//! Views for people.

use super::phrase::{array, labels};
use super::subject::Subject;
use workflow_model::StateKind;
use workflow_model::names::constant;

/// A view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct View {
    /// Qualified, as SQL.
    pub(crate) name: String,
    /// A comment, `CREATE VIEW …;`
    pub(crate) text: String,
}

impl View {
    /// Puts it into the place of the one before: its columns are always the same.
    pub(crate) fn replace(&self) -> String {
        self.text.replacen("CREATE VIEW", "CREATE OR REPLACE VIEW", 1)
    }

    /// Takes it away.
    pub(crate) fn drop(&self) -> String {
        format!("DROP VIEW {};", self.name)
    }
}

/// `<table>_timeline` and `<table>_stuck`.
pub(crate) fn views(s: &Subject<'_>) -> Vec<View> {
    let view = |name: &str, template, hole, value| View {
        name: s.model.function(name),
        text: s.fill(template, &[(hole, value)]).trim_end().to_owned(),
    };
    vec![
        view("timeline", include_str!("timeline.sql"), "stays", stays(s)),
        view("stuck", include_str!("stuck.sql"), "open", open(s)),
    ]
}

fn stays(s: &Subject<'_>) -> String {
    let edges = s.model.edges();
    let internal: Vec<String> = edges.iter().filter(|e| e.transition.is_internal()).map(|e| constant(&e.spelled())).collect();
    match internal.as_slice() {
        [] => String::new(),
        edges => format!(
            "    WHERE h.from_state IS NULL OR h.from_state || '>' || h.event || '>' || h.to_state <> ALL ({})\n",
            array(edges, 8)
        ),
    }
}

fn open(s: &Subject<'_>) -> String {
    let finals: Vec<_> = s.model.states.iter().filter(|state| state.kind == StateKind::Final).collect();
    match finals.as_slice() {
        [] => String::new(),
        finals => format!("WHERE o.state NOT IN ({})\n", labels(finals.iter().copied())),
    }
}
