//! The application: what belongs to a trip's steps, in their transaction and outside.

use crate::cards::{CardError, Cards};
use crate::room::room;
use crate::seat::seat;
use crate::trip::{Trip, trip};
use sqlx::PgConnection;
use std::sync::Arc;
use workflow_runtime::{BoxError, Job, JobError, Runtime};

/// The agency, which knows the card service.
#[derive(Debug, Clone, Default)]
pub struct Agency {
    /// Outside.
    pub cards: Arc<Cards>,
}

impl trip::Effects for Agency {
    type Error = BoxError;

    /// Instances of two other workflows come in the transaction of the trip: if there is no seat, no room is held either.
    async fn hold(
        &self,
        tx: &mut PgConnection,
        _: &Trip<trip::Wished>,
        after: &Trip<trip::Reserved>,
        _: &trip::event::Reserve,
    ) -> Result<(), BoxError> {
        let mut tx = Runtime::within(self, tx)?;
        let _ = tx.create(room::New { trip_id: after.id, hotel: after.hotel.clone() }).await?;
        let _ = tx.create(seat::New { trip_id: after.id, flight: after.flight.clone() }).await?;
        Ok(())
    }

    async fn confirm(
        &self,
        tx: &mut PgConnection,
        _: &Trip<trip::Reserved>,
        after: &Trip<trip::Booked>,
        _: &trip::event::Charged,
    ) -> Result<(), BoxError> {
        let mut tx = Runtime::within(self, tx)?;
        let _ = tx.fire(after.id, room::event::Confirm).await?;
        let _ = tx.fire(after.id, seat::event::Confirm).await?;
        Ok(())
    }

    async fn release(
        &self,
        tx: &mut PgConnection,
        before: &trip::ReleaseBefore,
        _: &trip::ReleaseAfter,
        _: &trip::ReleaseEvent,
    ) -> Result<(), BoxError> {
        let trip: Trip = before.clone().into();
        let mut tx = Runtime::within(self, tx)?;
        let _ = tx.fire(trip.id, room::event::Release).await?;
        let _ = tx.fire(trip.id, seat::event::Release).await?;
        Ok(())
    }
}

impl trip::Work for Agency {
    /// The key is the same in each attempt: whoever was charged before the answer was lost is not charged again.
    async fn charge(&self, trip: Trip<trip::Reserved>, job: &Job) -> Result<trip::Charge, BoxError> {
        match self.cards.charge(&job.key, &trip.card, trip.id, trip.price) {
            Ok(receipt) => Ok(trip::event::Charged { receipt }.into()),
            Err(CardError::Declined) => Ok(trip::event::Declined.into()),
            Err(error) => Err(soon(error)),
        }
    }

    async fn refund(&self, trip: Trip<trip::Refunding>, _: &Job) -> Result<trip::Refund, BoxError> {
        self.cards.refund(trip.id).map_err(soon)?;
        Ok(trip::event::Refunded.into())
    }
}

/// An example does not wait for seconds.
fn soon(error: CardError) -> BoxError {
    JobError::retry_after(std::time::Duration::from_millis(20), error).into()
}
