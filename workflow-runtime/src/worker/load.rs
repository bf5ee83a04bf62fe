//! The instances of jobs that were claimed together: one statement, unless something about one of them is special.

use super::claim::Claimed;
use super::lane::Lane;
use crate::job::JobKind;
use crate::statement;
use crate::workflow::{Perform, Workflow};
use sqlx::postgres::PgRow;
use std::error::Error;

/// Each is given once. Whoever finds none loads it singly, and learns why.
pub(super) struct Loaded<W>(Vec<W>);

impl<W: Workflow> Loaded<W> {
    pub(super) fn take(&mut self, claimed: &Claimed<W::Id>) -> Option<W> {
        let place = self.0.iter().position(|instance| *instance.id() == claimed.id)?;
        (claimed.kind == JobKind::Activity).then(|| self.0.swap_remove(place))
    }
}

impl<A: Send + Sync + 'static, W: Perform<A>> Lane<A, W> {
    pub(super) async fn load_all(&self, claimed: &[Claimed<W::Id>]) -> Loaded<W> {
        let activities = claimed.iter().filter(|claimed| claimed.kind == JobKind::Activity);
        let ids: Vec<W::Id> = activities.map(|claimed| claimed.id.clone()).collect();
        if ids.is_empty() {
            return Loaded(Vec::new());
        }
        let rows = statement::query(self.statements.load_all.clone()).bind(ids).fetch_all(&self.runtime);
        // Nobody extends the leases yet.
        let rows = match tokio::time::timeout(self.settings.lease / 6, rows).await {
            Ok(Ok(rows)) => rows,
            Ok(Err(error)) => self.singly(&error),
            Err(late) => self.singly(&late),
        };
        Loaded(rows.iter().filter_map(|row| W::read(row, W::NAMES.row).ok()).collect())
    }

    fn singly(&self, reason: &(dyn Error + 'static)) -> Vec<PgRow> {
        tracing::debug!(reason, workflow = W::MODEL.name, "the instances of jobs are loaded one by one");
        Vec::new()
    }

    pub(super) async fn load(&self, claimed: &Claimed<W::Id>) -> Result<Option<W>, sqlx::Error> {
        crate::private::load::<W>(&claimed.id, &self.runtime).await
    }
}
