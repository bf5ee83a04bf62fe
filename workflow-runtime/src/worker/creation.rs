//! A creation that is due: the job goes, and the instance comes with its effect, in one transaction.

use super::claim::Claimed;
use super::lane::Lane;
use crate::error::Error;
use crate::workflow::{New, Perform, Workflow};

impl<A: Send + Sync + 'static, W: Perform<A>> Lane<A, W> {
    /// False when the job is not this attempt's any more: it was taken back, or somebody else has it.
    pub(super) async fn create_fenced(&self, claimed: &Claimed<W::Id>) -> Result<bool, Error<W>> {
        self.insist(|| self.create_in_transaction(claimed), || ()).await
    }

    /// The job's row is the lock: there is no instance yet. One that was created otherwise meanwhile is left as it is.
    async fn create_in_transaction(&self, claimed: &Claimed<W::Id>) -> Result<bool, Error<W>> {
        let mut tx = self.begin(claimed).await?;
        tx.ready::<W>().await?;
        let take = self.of_job(sqlx::SqlStr::from_static(<W as Workflow>::STATEMENTS.creation), claimed);
        let Some(row) = take.fetch_optional(&mut *tx).await? else { return Ok(false) };
        tx.create(<W::Creation as New>::read(&row)?).await?;
        tx.commit().await?;
        Ok(true)
    }
}
