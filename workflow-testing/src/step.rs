//! One step that can be made again and again: a creation or an event, with its payload.

use crate::sample::misfit;
use crate::subject::{Provable, Subject};
use crate::unproved::Unproved;
use serde::Deserialize;
use serde_json::{Value, json};
use sqlx::PgPool;
use workflow_runtime::model::Edge;
use workflow_runtime::workflow::{New, Workflow};
use workflow_runtime::{Error, Runtime};

/// The payload is JSON, so that another process can be given it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Step {
    pub(crate) event: Option<&'static str>,
    pub(crate) payload: Value,
}

/// An instance, by the creation that made it.
#[derive(Debug, Clone)]
pub(crate) struct Made<W: Workflow> {
    pub(crate) id: W::Id,
    pub(crate) creation: Value,
}

impl Step {
    pub(crate) fn label(&self) -> &'static str {
        self.event.unwrap_or("create")
    }
}

/// `order: placed -reserve-> reserved`
pub(crate) fn arrow(workflow: &str, from: Option<&str>, event: &str, to: &str) -> String {
    match from {
        Some(from) => format!("{workflow}: {from} -{event}-> {to}"),
        None => format!("{workflow}: -{event}-> {to}"),
    }
}

pub(crate) fn arrow_of(workflow: &str, edge: &Edge) -> String {
    arrow(workflow, Some(edge.from), edge.event, edge.to)
}

/// Its initial state's label.
pub(crate) fn initial<W: Workflow>() -> &'static str {
    W::MODEL.states.iter().find(|state| state.initial).map_or("", |state| state.label)
}

impl<W: Provable<A>, A: Send + Sync + 'static> Subject<W, A> {
    /// A creation, and the instance that it makes.
    pub(crate) async fn creation(&self, pick: usize, pool: &PgPool) -> Result<(Step, Made<W>), Unproved> {
        let key = W::MODEL.creation.first().and_then(|key| key.column);
        let payload = self.samples.object("create", W::MODEL.creation, key, pick, pool).await?;
        let id = creation_of::<W, A>(&payload)?.id().clone();
        Ok((Step { event: None, payload: payload.clone() }, Made { id, creation: payload }))
    }

    /// An event with a payload of samples.
    pub(crate) async fn event(&self, label: &'static str, pick: usize, pool: &PgPool) -> Result<Step, Unproved> {
        let declared = W::MODEL.events.iter().find(|event| event.label == label);
        let parameters = declared.map_or(&[][..], |event| event.parameters);
        let payload = self.samples.object(label, parameters, None, pick, pool).await?;
        event_of::<W, A>(label, &payload)?;
        Ok(Step { event: Some(label), payload })
    }

    /// What the subject says has to happen before.
    pub(crate) async fn prepare(&self, event: &str, pool: &PgPool) -> Result<(), sqlx::Error> {
        match self.preparations.get(event) {
            Some(prepare) => prepare(pool.clone()).await,
            None => Ok(()),
        }
    }
}

fn creation_of<W: Provable<A>, A>(payload: &Value) -> Result<W::Creation, Unproved> {
    W::Creation::deserialize(payload).map_err(|error| misfit("create", payload, &error))
}

/// The enum of all events is tagged by their labels; an event without a payload is a unit.
pub(crate) fn event_of<W: Provable<A>, A>(label: &str, payload: &Value) -> Result<W::Event, Unproved> {
    let inner = if payload.as_object().is_some_and(serde_json::Map::is_empty) { Value::Null } else { payload.clone() };
    W::Event::deserialize(json!({ label: inner })).map_err(|error| misfit(label, payload, &error))
}

impl<W: Workflow> Made<W> {
    /// In another process, which was told the creation only.
    pub(crate) fn of<A>(creation: Value) -> Result<Self, Unproved>
    where
        W: Provable<A>,
    {
        let id = creation_of::<W, A>(&creation)?.id().clone();
        Ok(Made { id, creation })
    }

    /// The step, through the public interface.
    pub(crate) async fn take<A: Send + Sync + 'static>(&self, runtime: &Runtime<A>, step: &Step) -> Result<(), Taken<W>>
    where
        W: Provable<A>,
    {
        match step.event {
            None => {
                let new = creation_of::<W, A>(&step.payload).map_err(Taken::Unproved)?;
                runtime.create(new).await.map_err(Taken::Refused).map(drop)
            }
            Some(label) => {
                let event = event_of::<W, A>(label, &step.payload).map_err(Taken::Unproved)?;
                runtime.fire(self.id.clone(), event).await.map_err(Taken::Refused).map(drop)
            }
        }
    }
}

/// Why a step was not made.
#[derive(Debug)]
pub(crate) enum Taken<W: Workflow> {
    Refused(Error<W>),
    Unproved(Unproved),
}

/// The rule that a refusal follows, for reports.
pub(crate) fn rule<W: Workflow>(error: &Error<W>) -> &'static str {
    match error {
        Error::NotFound { .. } => "not found",
        Error::Conflict { .. } => "conflict",
        Error::Blocked { .. } => "guard",
        Error::Rejected { .. } => "effect",
        Error::Constraint { .. } => "constraint",
        Error::Unknown { .. } => "unknown",
        Error::EndedByEffect { .. } => "ended by effect",
        _ => "database",
    }
}

/// An error with its sources.
pub(crate) fn told(error: &(dyn std::error::Error + 'static)) -> String {
    let mut said: Vec<String> = Vec::new();
    for error in std::iter::successors(Some(error), |error| error.source()) {
        let text = error.to_string();
        if !said.iter().any(|before| before.contains(&text)) {
            said.push(text);
        }
    }
    said.join(": ")
}
