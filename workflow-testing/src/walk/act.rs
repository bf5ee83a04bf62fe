//! One step, now that it is known where the instance is.

use super::plan::{Choice, Road};
use super::raw::Statement;
use super::world::{World, leads};
use crate::step::{Made, Step, Taken, arrow, initial, rule, told};
use crate::subject::Provable;
use crate::truth::Standing;
use crate::unproved::{Broken, Unproved};
use workflow_runtime::Error;
use workflow_runtime::workflow::{New, Workflow};

/// What is done, and where the model says that it leads.
pub(super) struct Act<W: Workflow> {
    pub(super) made: Made<W>,
    pub(super) event: &'static str,
    pub(super) arrow: String,
    /// None for what is not to be made.
    pub(super) leads: Option<String>,
    pub(super) told: String,
    how: How,
}

enum How {
    Runtime(Step),
    Sql(Statement),
}

/// How it ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Came {
    Made,
    /// It is not a transition, or not possible there.
    Forbidden(String),
    /// By a guard, an effect or a constraint.
    Refused(&'static str),
    /// In another way, with what was said.
    Other(&'static str, String),
}

impl<W: Workflow> Act<W> {
    /// By the runtime.
    pub(super) fn is_fired(&self) -> bool {
        matches!(self.how, How::Runtime(_))
    }

    pub(super) fn broken(&self, promise: &str, found: String) -> Unproved {
        Broken { transition: self.arrow.clone(), promise: promise.to_owned(), place: String::new(), found }.into()
    }
}

impl<W: Provable<A>, A: Send + Sync + 'static> World<'_, W, A> {
    /// Nothing where there is nothing to choose from.
    pub(super) async fn act(&mut self, choice: &Choice, at: Option<&Standing>) -> Result<Option<Act<W>>, Unproved> {
        let (creation, made) = match &self.instances[choice.instance] {
            Some(made) => (None, made.clone()),
            None => {
                let (step, made) = self.stage.subject.creation(choice.value, self.stage.runtime.pool()).await?;
                (Some(step), made)
            }
        };
        let (Some(at), None) = (at, &creation) else {
            return Ok(creation.map(|step| self.creation(choice, made, step)));
        };
        let Some(event) = event_of::<W>(choice, &at.state) else { return Ok(None) };
        if choice.road == Road::Forged {
            let forged = self.forged(choice, at);
            return Ok(forged.map(|(told, statement)| {
                let arrow = format!("{}: in {} {told}", W::MODEL.name, at.state);
                Act { made, event: "", arrow, leads: None, told, how: How::Sql(statement) }
            }));
        }
        let to = leads::<W>(Some(at), event);
        let step = self.stage.subject.event(event, choice.value, self.stage.runtime.pool()).await?;
        let arrow = arrow(W::MODEL.name, Some(&at.state), event, to.as_deref().unwrap_or("nowhere"));
        let by = |leads, told: String, how| Act { made, event, arrow, leads, told: format!("{event} by {told}"), how };
        if choice.road == Road::Raw {
            let edge = W::MODEL.edges.iter().find(|edge| edge.from == at.state && edge.event == event);
            let target = choice.raw_target::<W>(edge);
            let leads = edge.filter(|edge| edge.effect.is_none() && edge.to == target).map(|edge| edge.to.to_owned());
            if let Some(statement) = self.update(&step, at, edge, target).await? {
                return Ok(Some(by(leads, format!("a raw UPDATE to {target}"), How::Sql(statement))));
            }
        }
        let has_function = self.functions.contains(&format!("{}_{event}", self.table));
        Ok(Some(match choice.road {
            Road::Function if has_function => by(to, "its function".to_owned(), How::Sql(self.function(&step))),
            _ => by(to, "the runtime".to_owned(), How::Runtime(step)),
        }))
    }

    fn creation(&self, choice: &Choice, made: Made<W>, step: Step) -> Act<W> {
        let arrow = arrow(W::MODEL.name, None, "create", initial::<W>());
        let legal = Some(initial::<W>().to_owned());
        let effectless = <W::Creation as New>::EFFECT.is_none();
        let elsewhere = W::MODEL.states.iter().find(|state| !state.initial && state.fields.is_empty());
        let (leads, told, how) = match (choice.road, elsewhere) {
            (Road::Raw | Road::Function, _) => {
                (legal.filter(|_| effectless), "a raw INSERT".to_owned(), How::Sql(self.insert(&step, initial::<W>())))
            }
            (Road::Forged, Some(state)) => {
                (None, format!("a raw INSERT in {}", state.label), How::Sql(self.insert(&step, state.label)))
            }
            (Road::Runtime | Road::Forged, _) => (legal, "the runtime".to_owned(), How::Runtime(step)),
        };
        Act { made, event: "create", arrow, leads, told: format!("create by {told}"), how }
    }

    pub(super) async fn perform(&mut self, act: &Act<W>) -> Result<Came, Unproved> {
        match &act.how {
            How::Runtime(step) => match act.made.take(&self.stage.runtime, step).await {
                Ok(()) => Ok(Came::Made),
                Err(Taken::Unproved(unproved)) => Err(unproved),
                Err(Taken::Refused(error @ (Error::Conflict { .. } | Error::NotFound { .. }))) => {
                    Ok(Came::Forbidden(told(&error)))
                }
                Err(Taken::Refused(error)) => Ok(Came::Other(rule(&error), told(&error))),
            },
            How::Sql(statement) => self.send(&act.made.id, statement).await,
        }
    }
}

/// Among what is possible there, where that was chosen and there is something; else among all.
fn event_of<W: Workflow>(choice: &Choice, state: &str) -> Option<&'static str> {
    let possible: Vec<&'static str> = W::MODEL.edges.iter().filter(|edge| edge.from == state).map(|edge| edge.event).collect();
    let all = W::MODEL.events.iter().map(|event| event.label).collect();
    let among: Vec<&'static str> = if choice.possible && !possible.is_empty() { possible } else { all };
    (!among.is_empty()).then(|| *choice.which.get(&among))
}
