//! A workflow with two activities in one state.

use super::depot::Depot;
use uuid::Uuid;
use workflow_runtime::{BoxError, Job};
use workflow_tests::declared;

declared! {
    /// A bid.
    pub workflow Bid in bids {
        id: Uuid,

        states {
            initial Open,
            final Taken,
            final Refused,
        }

        transitions {
            take: Open -> Taken by ask_seller,
            refuse: Open -> Refused by ask_bank,
        }
    }
}

impl bid::Work for Depot {
    type Error = BoxError;

    async fn ask_seller(&self, _: Bid<bid::Open>, job: &Job) -> Result<bid::AskSeller, BoxError> {
        self.begin_bid(job).await;
        Ok(bid::event::Take.into())
    }

    async fn ask_bank(&self, _: Bid<bid::Open>, job: &Job) -> Result<bid::AskBank, BoxError> {
        self.begin_bid(job).await;
        Ok(bid::event::Refuse.into())
    }
}

impl Depot {
    async fn begin_bid(&self, job: &Job) {
        self.told.lock().unwrap().push(job.clone());
        self.bids.wait().await;
    }
}
