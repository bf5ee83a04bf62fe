//! Views for people.

use super::phrase::{array, labels};
use super::subject::Subject;
use workflow_model::StateKind;
use workflow_model::names::constant;

/// `<table>_timeline` and `<table>_stuck`.
pub(crate) fn up(s: &Subject<'_>) -> String {
    let internal: Vec<String> =
        s.model.edges().iter().filter(|e| e.transition.is_internal()).map(|e| constant(&e.spelled())).collect();
    let finals: Vec<_> = s.model.states.iter().filter(|state| state.kind == StateKind::Final).collect();
    let stays = match internal.as_slice() {
        [] => String::new(),
        edges => format!(
            "    WHERE h.from_state IS NULL OR h.from_state || '>' || h.event || '>' || h.to_state <> ALL ({})\n",
            array(edges, 8)
        ),
    };
    let open = match finals.as_slice() {
        [] => String::new(),
        finals => format!("WHERE o.state NOT IN ({})\n", labels(finals.iter().copied())),
    };
    s.fill(include_str!("views.sql"), &[("stays", stays), ("open", open)])
}

/// Drops them.
pub(crate) fn down(s: &Subject<'_>) -> String {
    s.fill("DROP VIEW {beside.stuck};\nDROP VIEW {beside.timeline};", &[])
}
