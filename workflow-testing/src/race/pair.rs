//! Two events that are possible in one state.

use crate::coverage;
use crate::picture::{Mask, Picture};
use crate::stage::{Kept, PATIENCE, Stage};
use crate::step::{Made, Step, Taken, arrow_of, event_of, rule, told};
use crate::subject::Provable;
use crate::unproved::{Broken, Unproved};
use sqlx::PgConnection;
use std::pin::{Pin, pin};
use std::time::{Duration, Instant};
use workflow_runtime::model::Edge;
use workflow_runtime::workflow::Workflow;
use workflow_runtime::{Error, Runtime};

pub(super) struct Pair<'p, 's, W: Workflow, A> {
    pub(super) stage: &'p mut Stage<'s, W, A>,
    pub(super) rival: Runtime<A>,
    pub(super) made: Made<W>,
    pub(super) first: Step,
    pub(super) second: Step,
    edges: (Edge, Edge),
    /// The instance of the second, where it is another one.
    pub(super) neighbour: Made<W>,
    before: Kept,
}

/// What steps one after the other come to.
pub(super) struct Serial {
    told: Vec<String>,
    pub(super) after: Picture,
    pub(super) mask: Mask,
}

impl<'p, 's, W: Provable<A>, A: Send + Sync + 'static> Pair<'p, 's, W, A> {
    /// Of one instance.
    pub(super) async fn of(stage: &'p mut Stage<'s, W, A>, first: &Edge, second: &Edge) -> Result<Self, Unproved> {
        let made = stage.bring(first.from).await?;
        Pair::prepared(stage, made.clone(), made, first, second).await
    }

    /// The second of another instance, in its own state.
    pub(super) async fn of_two(stage: &'p mut Stage<'s, W, A>, first: &Edge, second: &Edge) -> Result<Self, Unproved> {
        let made = stage.bring(first.from).await?;
        let neighbour = stage.subject.bring(&stage.runtime, second.from).await?;
        Pair::prepared(stage, made, neighbour, first, second).await
    }

    async fn prepared(
        stage: &'p mut Stage<'s, W, A>,
        made: Made<W>,
        neighbour: Made<W>,
        first: &Edge,
        second: &Edge,
    ) -> Result<Self, Unproved> {
        let pool = stage.runtime.pool().clone();
        stage.subject.prepare(first.event, &pool).await?;
        if second.event != first.event {
            stage.subject.prepare(second.event, &pool).await?;
        }
        let edges = (*first, *second);
        let (first, second) =
            (stage.subject.event(first.event, 0, &pool).await?, stage.subject.event(second.event, 1, &pool).await?);
        let rival = stage.subject.connect(stage.subject.database.url()).await?;
        let before = stage.keep().await?;
        Ok(Pair { stage, rival, made, first, second, edges, neighbour, before })
    }

    /// Whether the second is made as well.
    pub(super) async fn first_commits(&mut self) -> Result<bool, Unproved> {
        let serial = self.serial(vec![self.first(), self.second()]).await?;
        let told = self.race(true).await?;
        let place = "the first committed while the second waited for it";
        self.check_model(&told, place)?;
        self.compare(&serial, &told, place).await?;
        Ok(told == "made")
    }

    pub(super) async fn first_rolls_back(&mut self) -> Result<(), Unproved> {
        let serial = self.serial(vec![self.second()]).await?;
        let told = self.race(false).await?;
        self.compare(&serial, &told, "the first rolled back while the second waited for it").await
    }

    /// Two handles of one version, as `Order<Placed>` is.
    pub(super) async fn both_saw_the_same(&mut self) -> Result<(), Unproved> {
        let serial = self.serial(vec![self.first()]).await?;
        self.stage.rewind(&self.before).await?;
        let Some(seen) = self.stage.standing(&self.made.id).await?.map(|standing| standing.version) else { return Ok(()) };
        let (first, second) = (self.event(&self.first)?, self.event(&self.second)?);
        let mut tx = self.stage.runtime.begin().await?;
        let id = &self.made.id;
        tx.step::<W::Event, W>(id, Some(seen), &first).await.map_err(|error| self.refused(&self.first, &error))?;
        let holder: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *tx).await?;
        let mut late = self.rival.begin().await?;
        let told = {
            let mut second = pin!(late.step::<W::Event, W>(id, Some(seen), &second));
            let early = waits(&mut self.stage.connection, Some(holder), second.as_mut()).await?;
            tx.commit().await.map_err(|error| self.broken("is not committed", "it was first", error.to_string()))?;
            match early {
                Some(early) => early,
                None => second.await,
            }
        };
        late.rollback().await?;
        let place = "both had seen the same version, and the first committed";
        match told {
            Err(Error::Conflict { by: Some(step), .. }) if step.version == seen + 1 && step.event == self.first.label() => {}
            Err(Error::Conflict { by, .. }) => {
                return Err(self.broken("got a conflict that does not name the winner", place, format!("  {by:?}")));
            }
            other => return Err(self.broken("were both to win", place, format!("  the second: {}", told_of(&other.map(drop))))),
        }
        self.compare(&serial, "made", place).await
    }

    /// The steps one after the other, twice: what the two runs do not agree in says nothing.
    pub(super) async fn serial(&mut self, steps: Vec<(Made<W>, Step)>) -> Result<Serial, Unproved> {
        let (mut told, mut after) = (Vec::new(), Vec::new());
        for _ in 0..2 {
            self.stage.rewind(&self.before).await?;
            told.clear();
            for (made, step) in &steps {
                told.push(told_by(made.take(&self.stage.runtime, step).await)?);
            }
            self.stage.quiet().await?;
            after.push(self.stage.look().await?);
        }
        if steps[0].1 == self.first && told[0] != "made" {
            let reason = told.swap_remove(0);
            return Err(Unproved::Refused { way: self.edges.0.from.to_owned(), event: self.first.label().to_owned(), reason });
        }
        let mask = self.stage.mask(&after[0], &after[1]);
        Ok(Serial { told, after: after[0].masked(&mask), mask })
    }

    /// What the second comes to, which waits for the first.
    async fn race(&mut self, commits: bool) -> Result<String, Unproved> {
        self.stage.rewind(&self.before).await?;
        let mut tx = self.stage.runtime.begin().await?;
        let event = self.event(&self.first)?;
        tx.fire(self.made.id.clone(), event).await.map_err(|error| self.refused(&self.first, &error))?;
        let holder: i32 = sqlx::query_scalar("SELECT pg_backend_pid()").fetch_one(&mut *tx).await?;
        let mut second = pin!(self.made.take(&self.rival, &self.second));
        if let Some(early) = waits(&mut self.stage.connection, Some(holder), second.as_mut()).await? {
            let found = format!("  the second came to its end while the first held the instance: {}", told_by(early)?);
            return Err(self.broken("do not wait for each other", "the first was in an open transaction", found));
        }
        match commits {
            true => tx.commit().await.map_err(|error| self.broken("is not committed", "it was first", error.to_string()))?,
            false => tx.rollback().await?,
        }
        match tokio::time::timeout(PATIENCE, second).await {
            Ok(told) => told_by(told),
            Err(_) => Err(self.broken("do not come to an end", "the first had ended", String::new())),
        }
    }

    async fn compare(&mut self, serial: &Serial, told: &str, place: &str) -> Result<(), Unproved> {
        self.stage.quiet().await?;
        let expected = serial.told.last().map_or("", String::as_str);
        if told != expected {
            let found = format!("  the second: {told}\n  one after the other, it is: {expected}");
            return Err(self.broken("race otherwise than one after the other", place, found));
        }
        let now = self.stage.look().await?.masked(&serial.mask);
        if let Some(found) = now.difference(&serial.after) {
            return Err(self.broken("leave something else (+) than one after the other (-)", place, found));
        }
        let name = self.name();
        self.stage.check_truth(&self.made.id, &name, place).await?;
        self.stage.check_invariants(&name, place).await
    }

    /// The second is made only where the model lets it follow.
    fn check_model(&self, told: &str, place: &str) -> Result<(), Unproved> {
        let (first, second) = &self.edges;
        let follows = W::MODEL.edges.iter().any(|edge| edge.from == first.to && edge.event == second.event);
        let conflict = told.starts_with("conflict");
        if let Some(edge) =
            W::MODEL.edges.iter().find(|edge| edge.from == first.to && edge.event == second.event && told == "made")
        {
            coverage::made::<W>(Some(edge.from), edge.event);
        }
        match (follows, conflict) {
            (true, false) | (false, true) => Ok(()),
            _ => Err(self.broken("do not end as the model says", place, format!("  the second: {told}"))),
        }
    }

    pub(super) fn first(&self) -> (Made<W>, Step) {
        (self.made.clone(), self.first.clone())
    }

    fn second(&self) -> (Made<W>, Step) {
        (self.made.clone(), self.second.clone())
    }

    pub(super) fn neighbour(&self) -> (Made<W>, Step) {
        (self.neighbour.clone(), self.second.clone())
    }

    pub(super) async fn part(self) {
        self.rival.pool().close().await;
    }

    /// To what was there before the race.
    pub(super) async fn back(&mut self) -> Result<(), Unproved> {
        self.stage.rewind(&self.before).await
    }

    pub(super) fn event(&self, step: &Step) -> Result<W::Event, Unproved> {
        event_of::<W, A>(step.label(), &step.payload)
    }

    fn refused(&self, step: &Step, error: &Error<W>) -> Unproved {
        Unproved::Refused { way: self.edges.0.from.to_owned(), event: step.label().to_owned(), reason: told(error) }
    }

    /// `order: placed -reserve-> reserved, and placed -cancel-> cancelled`
    pub(super) fn name(&self) -> String {
        let (first, second) = &self.edges;
        format!("{}, and {} -{}-> {},", arrow_of(W::MODEL.name, first), second.from, second.event, second.to)
    }

    pub(super) fn broken(&self, promise: &str, place: &str, found: String) -> Unproved {
        Broken { transition: self.name(), promise: promise.to_owned(), place: place.to_owned(), found }.into()
    }
}

fn told_by<W: Workflow>(taken: Result<(), Taken<W>>) -> Result<String, Unproved> {
    match taken {
        Ok(()) => Ok(told_of::<W>(&Ok(()))),
        Err(Taken::Refused(error)) => Ok(told_of(&Err(error))),
        Err(Taken::Unproved(unproved)) => Err(unproved),
    }
}

/// Nothing in it differs from run to run.
fn told_of<W: Workflow>(told: &Result<(), Error<W>>) -> String {
    match told {
        Ok(()) => "made".to_owned(),
        Err(Error::Conflict { actual, by, .. }) => {
            let winner = by.as_ref().map_or("nobody", |step| &step.event);
            format!("conflict: it is {}, by {winner} in version {}", actual.label(), actual.version())
        }
        Err(Error::Constraint { name, .. }) => format!("constraint {name}"),
        Err(error) => rule(error).to_owned(),
    }
}

/// What the future came to, unless somebody is seen to wait: for the holder, or for anybody.
pub(super) async fn waits<T>(
    connection: &mut PgConnection,
    holder: Option<i32>,
    second: Pin<&mut impl Future<Output = T>>,
) -> Result<Option<T>, Unproved> {
    tokio::select! {
        biased;
        early = second => Ok(Some(early)),
        seen = blocked(connection, holder) => seen.map(|()| None),
    }
}

async fn blocked(connection: &mut PgConnection, holder: Option<i32>) -> Result<(), Unproved> {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        let seen = sqlx::query_scalar(include_str!("../sql/blocked.sql")).bind(holder);
        if seen.fetch_one(&mut *connection).await? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    let said = "an event neither came to its end nor was seen to wait for the other one";
    Err(std::io::Error::new(std::io::ErrorKind::TimedOut, said).into())
}
