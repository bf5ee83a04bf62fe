//! The table.

use crate::anomaly::Anomaly;
use crate::database;
use crate::scenarios::{children, ends, guard, jobs, lost};
use crate::site::Site;
use std::pin::Pin;

/// Work on a site, whose type is forgotten.
pub type OnSite<T> = for<'s> fn(&'s Site) -> Pin<Box<dyn Future<Output = T> + 's>>;

/// A scenario on a fresh site, and the anomalies that its check saw.
pub type Check = OnSite<Vec<Anomaly>>;

/// Where a bug is.
#[derive(Debug, Clone, Copy)]
pub enum Planting {
    /// In the runtime, by its feature: `WORKFLOW_PLANTED` says so.
    Runtime,
    /// In the database.
    Database(OnSite<()>),
}

/// A bug, and what finds it.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    /// Its name.
    pub bug: &'static str,
    /// Where it is.
    pub planting: Planting,
    /// What finds it.
    pub check: Check,
    /// As which it is found.
    pub anomaly: Anomaly,
    /// What has to be planted in the database as well: it would refuse what the bug does.
    pub beside: Option<OnSite<()>>,
    /// How often: a bug that stands in two statements has to be found in both.
    pub ways: usize,
}

impl Row {
    /// Then it is planted by `WORKFLOW_PLANTED`.
    pub fn is_in_the_runtime(&self) -> bool {
        matches!(self.planting, Planting::Runtime)
    }

    /// What of it is in the database.
    pub async fn plant(&self, site: &Site) {
        if let Planting::Database(plant) = self.planting {
            plant(site).await;
        }
        if let Some(plant) = self.beside {
            plant(site).await;
        }
    }

    const fn beside(mut self, plant: OnSite<()>) -> Row {
        self.beside = Some(plant);
        self
    }

    const fn twice(mut self) -> Row {
        self.ways = 2;
        self
    }
}

const fn runtime(bug: &'static str, check: Check, anomaly: Anomaly) -> Row {
    Row { bug, planting: Planting::Runtime, check, anomaly, beside: None, ways: 1 }
}

const fn database(bug: &'static str, plant: OnSite<()>, check: Check, anomaly: Anomaly) -> Row {
    Row { bug, planting: Planting::Database(plant), check, anomaly, beside: None, ways: 1 }
}

/// Each bug that must be found.
pub const ROWS: [Row; 16] = [
    runtime("no-fencing", |s| Box::pin(jobs::late_outcome(s)), Anomaly::LateAttempt).twice(),
    runtime("fence-by-exists", |s| Box::pin(jobs::late_outcome(s)), Anomaly::LateAttempt).twice(),
    runtime("job-before-instance", |s| Box::pin(jobs::outcome_and_user(s)), Anomaly::Deadlock).twice(),
    runtime("no-key-look-up", |s| Box::pin(lost::answer_to_commit(s)), Anomaly::EffectTwice)
        .beside(|s| Box::pin(database::keys_repeat(s))),
    runtime("look-up-without-lock", |s| Box::pin(lost::late_commit(s)), Anomaly::Denied),
    runtime("look-up-only", |s| Box::pin(lost::late_statement(s)), Anomaly::Denied),
    runtime("once-by-not-exists", |s| Box::pin(ends::one_key(s)), Anomaly::KeyTwice)
        .beside(|s| Box::pin(database::keys_repeat(s)))
        .twice(),
    runtime("plain-begin", |s| Box::pin(ends::dropped_begin(s)), Anomaly::Swallowed),
    runtime("plain-commit", |s| Box::pin(ends::careless_effect(s)), Anomaly::Acknowledged),
    runtime("effect-outside", |s| Box::pin(ends::refused_effect(s)), Anomaly::EffectAlone),
    database("keys-repeat", |s| Box::pin(database::keys_repeat(s)), |s| Box::pin(lost::late_statement(s)), Anomaly::EffectTwice),
    database("guard-off", |s| Box::pin(database::guard_off(s)), |s| Box::pin(guard::illegal_steps(s)), Anomaly::Illegal),
    database("guard-before", |s| Box::pin(database::guard_before(s)), |s| Box::pin(guard::late_trigger(s)), Anomaly::Illegal),
    database("shadowed", |s| Box::pin(database::shadowed(s)), |s| Box::pin(guard::temporary_tables(s)), Anomaly::Unrecorded),
    runtime("lease-by-client", |s| Box::pin(jobs::two_workers(s)), Anomaly::TwoAtOnce),
    database(
        "join-in-trigger",
        |s| Box::pin(database::join_in_trigger(s)),
        |s| Box::pin(children::last_two(s)),
        Anomaly::LeftWaiting,
    ),
];
