//! What could happen from a state, and what makes it happen.

use super::guards::Guard;
use crate::site::Site;
use serde::Serialize;
use workflow_model::{Edge, Trigger};

/// An arrow out of a state.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Way {
    /// The event.
    pub event: String,
    /// Where it leads; none when it is internal.
    pub to: Option<String>,
    /// What makes it happen.
    #[serde(flatten)]
    pub by: By,
    /// The application's effect, for which only the application can fire it.
    pub effect: Option<String>,
    /// The `if sql`, and what it says now.
    pub guard: Option<Guard>,
    /// The newer declaration does not have it: it is there for binaries of the older one.
    pub retired: bool,
}

/// What fires an event. Each may be fired by hand as well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum By {
    /// Somebody's call, and nothing else.
    Hand,
    /// The outcome of an activity.
    Activity {
        /// Its name.
        activity: String,
    },
    /// A time after the state was entered.
    After {
        /// How long after.
        interval: String,
    },
    /// The time in a field.
    At {
        /// Its column.
        field: String,
    },
    /// Failures of an activity.
    Failures {
        /// How many.
        failures: u32,
        /// Of which one.
        activity: String,
    },
    /// The end of all children.
    Joined {
        /// Their workflow, as it is written.
        child: String,
    },
}

/// The arrows of the newer declaration, then those that only the older one has.
pub(super) fn from(site: &Site<'_>, state: &str) -> Vec<Way> {
    let mut ways: Vec<Way> = Vec::new();
    for (age, model) in site.models().enumerate() {
        for edge in model.edges().iter().filter(|edge| edge.from.name.label == state) {
            let way = way(edge, age > 0, model);
            if !ways.iter().any(|known| known.event == way.event && known.to == way.to) {
                ways.push(way);
            }
        }
    }
    ways
}

fn way(edge: &Edge<'_>, retired: bool, model: &workflow_model::Model) -> Way {
    let line = edge.transition;
    Way {
        event: line.event.label.clone(),
        to: (!line.is_internal()).then(|| edge.to.name.label.clone()),
        by: line.triggers.first().map_or(By::Hand, |trigger| by(trigger, model)),
        effect: line.app_effect().map(str::to_owned),
        guard: line.guard.as_deref().map(Guard::unasked),
        retired,
    }
}

fn by(trigger: &Trigger, model: &workflow_model::Model) -> By {
    match trigger {
        Trigger::After(time) => By::After { interval: time.interval() },
        Trigger::At(field) => {
            let column = model.columns().into_iter().find(|column| column.field.name.rust == *field);
            By::At { field: column.map_or_else(|| field.clone(), |column| column.field.name.label.clone()) }
        }
        Trigger::By(activity) => By::Activity { activity: activity.clone() },
        Trigger::Joined { child } => By::Joined { child: child.clone() },
        Trigger::Exhausted { failures, activity } => By::Failures { failures: *failures, activity: activity.clone() },
    }
}
