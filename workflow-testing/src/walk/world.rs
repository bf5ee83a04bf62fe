//! Two instances, and what is known of them.

use super::RandomWalk;
use super::act::{Act, Came};
use super::plan::Choice;
use crate::coverage;
use crate::stage::Stage;
use crate::step::{Made, initial};
use crate::subject::Provable;
use crate::truth::Standing;
use crate::unproved::{Broken, Unproved};
use sqlx::Row;
use std::collections::{BTreeMap, BTreeSet};
use workflow_runtime::workflow::Workflow;

pub(super) struct World<'s, W: Workflow, A> {
    pub(super) stage: Stage<'s, W, A>,
    pub(super) instances: [Option<Made<W>>; 2],
    /// The columns of the workflow's table, with their types.
    pub(super) columns: BTreeMap<String, String>,
    /// The functions in its schema.
    pub(super) functions: BTreeSet<String>,
    /// The table's own name.
    pub(super) table: String,
}

impl<'s, W: Provable<A>, A: Send + Sync + 'static> World<'s, W, A> {
    pub(super) async fn of(mut stage: Stage<'s, W, A>) -> Result<Self, Unproved> {
        let mut columns = BTreeMap::new();
        for row in sqlx::query(include_str!("../sql/columns.sql")).bind(W::MODEL.table).fetch_all(&mut stage.connection).await? {
            columns.insert(row.try_get(0)?, row.try_get(1)?);
        }
        let functions: Vec<String> = sqlx::query_scalar(include_str!("../sql/functions.sql"))
            .bind(W::MODEL.table)
            .fetch_all(&mut stage.connection)
            .await?;
        let table = sqlx::query_scalar("SELECT relname::text FROM pg_class WHERE oid = to_regclass($1)")
            .bind(W::MODEL.table)
            .fetch_one(&mut stage.connection)
            .await?;
        Ok(World { stage, instances: [None, None], columns, functions: functions.into_iter().collect(), table })
    }

    /// One sequence, from the beginning.
    pub(super) async fn walk(&mut self, choices: &[Choice], walk: &mut RandomWalk) -> Result<(), Unproved> {
        self.stage.clear().await?;
        self.instances = [None, None];
        let mut told = Vec::new();
        for choice in choices {
            let standing = self.standing(choice.instance).await?;
            let Some(act) = self.act(choice, standing.as_ref()).await? else { continue };
            told.push(format!("  {}. instance {}: {}", told.len() + 1, choice.instance + 1, act.told));
            let done = self.take(choice.instance, &act, standing.as_ref(), walk).await;
            done.map_err(|unproved| placed(unproved, &told))?;
        }
        Ok(())
    }

    async fn standing(&self, instance: usize) -> Result<Option<Standing>, Unproved> {
        match &self.instances[instance] {
            Some(made) => self.stage.standing(&made.id).await,
            None => Ok(None),
        }
    }

    async fn take(
        &mut self,
        instance: usize,
        act: &Act<W>,
        was: Option<&Standing>,
        walk: &mut RandomWalk,
    ) -> Result<(), Unproved> {
        self.stage.subject.prepare(act.event, self.stage.runtime.pool()).await?;
        let before = self.stage.look().await?;
        let came = self.perform(act).await?;
        self.instances[instance].get_or_insert_with(|| act.made.clone());
        let broken = |promise: &str, found: String| Err(act.broken(promise, found));
        match (&act.leads, &came) {
            (None, Came::Made) => return broken("is not a transition, and was made", String::new()),
            (Some(_), Came::Forbidden(said)) => return broken("is a transition, and was refused as none", format!("  {said}")),
            (Some(to), Came::Made) => {
                let expected = Standing { state: to.clone(), version: was.map_or(1, |was| was.version + 1) };
                let now = self.standing(instance).await?;
                if now.as_ref() != Some(&expected) {
                    return broken("leads elsewhere", format!("  it is {now:?}, and should be {expected:?}"));
                }
                walk.made += 1;
                coverage::made::<W>(was.map(|was| was.state.as_str()), act.event);
            }
            (None, Came::Other(_, said)) if act.is_fired() => {
                return broken("is not possible there, and was refused otherwise than by a conflict", format!("  {said}"));
            }
            (_, Came::Refused(rule) | Came::Other(rule, _)) => self.unchanged(act, rule, &before, walk).await?,
            (None, Came::Forbidden(_)) => self.unchanged(act, "model", &before, walk).await?,
        }
        if was.is_none() && came != Came::Made {
            self.instances[instance] = None;
        }
        self.check(act).await
    }

    async fn unchanged(
        &mut self,
        act: &Act<W>,
        rule: &'static str,
        before: &crate::picture::Picture,
        walk: &mut RandomWalk,
    ) -> Result<(), Unproved> {
        *walk.refused.entry(rule).or_default() += 1;
        coverage::refused::<W>(rule);
        match self.stage.look().await?.difference(before) {
            Some(found) => Err(act.broken("was refused, and has changed something", found)),
            None => Ok(()),
        }
    }

    async fn check(&mut self, act: &Act<W>) -> Result<(), Unproved> {
        let ids: Vec<W::Id> = self.instances.iter().flatten().map(|made| made.id.clone()).collect();
        for id in ids {
            self.stage.check_truth(&id, &act.arrow, "").await?;
        }
        self.stage.check_invariants(&act.arrow, "").await
    }
}

/// With the way to it.
fn placed(unproved: Unproved, told: &[String]) -> Unproved {
    match unproved {
        Unproved::Broken(broken) => {
            let Broken { transition, promise, found, .. } = *broken;
            let place = format!("at the end of:\n{}", told.join("\n"));
            Broken { transition, promise, place, found }.into()
        }
        other => other,
    }
}

/// Where an arrow leads, from there.
pub(super) fn leads<W: Workflow>(from: Option<&Standing>, event: &str) -> Option<String> {
    match from {
        None => Some(initial::<W>().to_owned()),
        Some(at) => {
            W::MODEL.edges.iter().find(|edge| edge.from == at.state && edge.event == event).map(|edge| edge.to.to_owned())
        }
    }
}
