//! Row, history and jobs of an instance tell the same, and nothing that the model does not.

use crate::coverage::beside;
use crate::stage::Stage;
use crate::subject::Provable;
use crate::unproved::{Broken, Unproved};
use sqlx::{AssertSqlSafe, Row};
use workflow_runtime::model::StateJob;
use workflow_runtime::workflow::Workflow;

/// What is told of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Standing {
    pub(crate) state: String,
    pub(crate) version: i64,
}

/// One step of its history.
#[derive(Debug)]
struct Told {
    version: i64,
    from_state: Option<String>,
    event: String,
    to_state: String,
    fits: bool,
}

/// What is promised, and what there is instead.
type Wrong = Option<(String, String)>;

impl<W: Provable<A>, A: Send + Sync + 'static> Stage<'_, W, A> {
    /// Where the instance is; none for one that is not there.
    pub(crate) async fn standing(&self, id: &W::Id) -> Result<Option<Standing>, Unproved> {
        let loaded = workflow_runtime::private::load::<W>(id, self.runtime.pool()).await?;
        Ok(loaded.map(|instance| Standing { state: instance.label().to_owned(), version: instance.version() }))
    }

    /// Holds row, history and jobs of the instance against each other and against the model.
    pub(crate) async fn check_truth(&mut self, id: &W::Id, transition: &str, place: &str) -> Result<(), Unproved> {
        let Some(standing) = self.standing(id).await? else { return Ok(()) };
        let wrong = match self.wrong_history(id, &standing).await? {
            None => self.wrong_jobs(id, &standing).await?,
            wrong => wrong,
        };
        let Some((promise, found)) = wrong else { return Ok(()) };
        Err(Broken { transition: transition.to_owned(), promise, place: place.to_owned(), found }.into())
    }

    async fn wrong_history(&mut self, id: &W::Id, standing: &Standing) -> Result<Wrong, Unproved> {
        let sql = include_str!("sql/truth.sql")
            .replace("{table}_history", &beside(W::MODEL.table, "_history"))
            .replace("{table}", W::MODEL.table)
            .replace("{key}", W::MODEL.key);
        let mut steps = Vec::new();
        for row in sqlx::query(AssertSqlSafe(sql)).bind(id.clone()).fetch_all(&mut self.connection).await? {
            steps.push(Told {
                version: row.try_get("version")?,
                from_state: row.try_get("from_state")?,
                event: row.try_get("event")?,
                to_state: row.try_get("to_state")?,
                fits: row.try_get("fits")?,
            });
        }
        let decoded = workflow_runtime::private::history::<W>(id, self.runtime.pool()).await?;
        let unread = decoded.iter().find_map(|step| step.state.as_ref().err());
        if let Some(unread) = unread {
            return Ok(Some(("has a history that cannot be read back".to_owned(), format!("  {unread:?}"))));
        }
        Ok(broken_history::<W>(&steps, standing).map(|promise| (promise, told(&steps))))
    }

    async fn wrong_jobs(&mut self, id: &W::Id, standing: &Standing) -> Result<Wrong, Unproved> {
        let sql = format!(
            "SELECT kind, job, count(*) FROM {} WHERE id = $1 AND kind NOT IN ('task', 'creation') GROUP BY kind, job",
            beside(W::MODEL.table, "_jobs")
        );
        let mut there: Vec<(String, String, i64)> = Vec::new();
        for row in sqlx::query(AssertSqlSafe(sql)).bind(id.clone()).fetch_all(&mut self.connection).await? {
            there.push((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?));
        }
        let state = W::MODEL.states.iter().find(|state| state.label == standing.state);
        Ok(wrong_jobs(state.map_or(&[][..], |state| state.jobs), &there)
            .map(|found| ("has not the jobs of its state".to_owned(), format!("  {} {found}", standing.state))))
    }
}

/// The first step that follows from nothing, or an end that is elsewhere than the row.
fn broken_history<W: Workflow>(steps: &[Told], standing: &Standing) -> Option<String> {
    let mut at: Option<&str> = None;
    for (n, step) in (1..).zip(steps) {
        if step.version != n || step.from_state.as_deref() != at || !is_declared::<W>(step) {
            return Some("has a history that is broken, or that the model does not know".to_owned());
        }
        at = Some(&step.to_state);
    }
    let ends = steps.last().is_some_and(|last| last.version == standing.version && last.to_state == standing.state && last.fits);
    (!ends).then(|| format!("is {} in version {}, and its history ends with something else", standing.state, standing.version))
}

fn is_declared<W: Workflow>(step: &Told) -> bool {
    match &step.from_state {
        None => step.event == "create",
        Some(from) => W::MODEL.edges.iter().any(|edge| edge.from == from && edge.event == step.event && edge.to == step.to_state),
    }
}

fn told(steps: &[Told]) -> String {
    let line = |step: &Told| {
        let from = step.from_state.as_deref().unwrap_or_default();
        format!("  {}: {from} -{}-> {}\n", step.version, step.event, step.to_state)
    };
    steps.iter().map(line).collect()
}

fn wrong_jobs(declared: &[StateJob], there: &[(String, String, i64)]) -> Option<String> {
    let is = |job: &StateJob, kind: &str, name: &str| job.kind.to_string() == kind && job.name == name;
    let stray = there.iter().find(|(kind, name, times)| *times > 1 || !declared.iter().any(|job| is(job, kind, name)));
    let missing = declared.iter().find(|job| job.lasting && !there.iter().any(|(kind, name, _)| is(job, kind, name)));
    match (stray, missing) {
        (Some((kind, name, times)), _) => Some(format!("has the {kind} {name} {times} times")),
        (None, Some(job)) => Some(format!("lacks the {} {}", job.kind, job.name)),
        (None, None) => None,
    }
}
