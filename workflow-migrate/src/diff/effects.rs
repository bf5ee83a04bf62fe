//! Effects that move between the application and the database: older binaries would do them twice, or not at all.

use super::{Difference, Versions};
use workflow_model::diagnostic::Part;
use workflow_model::{Edge, Effect, Place};

pub(super) fn compare(v: &Versions<'_>, found: &mut Difference) {
    let old = v.old.edges();
    for (i, line) in v.new.transitions.iter().enumerate() {
        let same = |old: &Edge<'_>| v.new.edges_of(line).iter().any(|new| is_same(v, old, new));
        let moved =
            old.iter().filter(|old| same(old)).find_map(|old| moved(old.transition.effect.as_ref(), line.effect.as_ref()));
        if let Some(moved) = moved {
            let (name, label) = (&v.after.transitions[i].event.rust, &line.event.label);
            let help = format!(
                "write `#[label = \"{label}_2\"]` on `{name}`: it is an event of its own then, and the former one stays beside it, with its \
                 effect, for older binaries"
            );
            found.refuse(Place::Transition(i, Part::Effect), message(name, moved), help);
        }
    }
    let effect = |create: &Option<workflow_model::Create>| create.as_ref().and_then(|create| create.effect.clone());
    if let Some(moved) = moved(effect(&v.old.create).as_ref(), effect(&v.new.create).as_ref()) {
        let help = "leave it where it is, or do what the new one does in an event behind `create`";
        found.refuse(Place::Create(Part::Effect), message("create", moved), help);
    }
}

/// Whether older binaries take an arrow of the newer declaration, be it from a state's former label.
pub(crate) fn is_same(v: &Versions<'_>, old: &Edge<'_>, new: &Edge<'_>) -> bool {
    let (label, former) = (&new.from.name.label, v.former_label(&new.from.name.label));
    let stays = new.transition.target.is_none() && old.to.name.label == former;
    let leads_there = old.to.name.label == new.to.name.label || stays;
    let from = &old.from.name.label;
    leads_there && (from == label || *from == former) && old.transition.event.label == new.transition.event.label
}

/// Where an effect went, and how often older binaries would do it.
pub(crate) fn moved(old: Option<&Effect>, new: Option<&Effect>) -> Option<&'static str> {
    match (old?, new?) {
        (Effect::App(_), Effect::Sql { .. }) => Some("into the database: with an older binary, both would happen"),
        (Effect::Sql { .. }, Effect::App(_)) => Some("into the application: with an older binary, neither would happen"),
        (Effect::App(_), Effect::App(_)) | (Effect::Sql { .. }, Effect::Sql { .. }) => None,
    }
}

fn message(event: &str, moved: &str) -> String {
    format!("the effect of `{event}` moves {moved}")
}
