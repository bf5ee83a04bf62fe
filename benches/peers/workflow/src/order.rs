//! The order, moved by whoever calls, and by workers: each step and the ledger's row in one statement.

use workflow_runtime::{BoxError, Job, workflow};

workflow! {
    /// An order that its callers move.
    pub workflow Order in orders {
        id: uuid::Uuid,

        states { initial Placed, Reserved, Shipped, final Delivered }

        transitions {
            reserve: Placed -> Reserved with sql "UPDATE ledger SET steps = steps + 1, last = NEW.state WHERE order_id = NEW.id",
            ship: Reserved -> Shipped with sql "UPDATE ledger SET steps = steps + 1, last = NEW.state WHERE order_id = NEW.id",
            deliver: Shipped -> Delivered with sql "UPDATE ledger SET steps = steps + 1, last = NEW.state WHERE order_id = NEW.id",
        }
    }
}

workflow! {
    /// The same, moved by workers: in each state there is something to be done that leads to the next one.
    pub workflow Parcel in parcels {
        id: uuid::Uuid,

        states { initial Placed, Reserved, Shipped, final Delivered }

        transitions {
            reserve: Placed -> Reserved by pick with sql "UPDATE ledger SET steps = steps + 1, last = NEW.state WHERE order_id = NEW.id",
            ship: Reserved -> Shipped by pack with sql "UPDATE ledger SET steps = steps + 1, last = NEW.state WHERE order_id = NEW.id",
            deliver: Shipped -> Delivered by bring with sql "UPDATE ledger SET steps = steps + 1, last = NEW.state WHERE order_id = NEW.id",
        }
    }
}

#[derive(Debug, Clone)]
pub struct Shop;

impl parcel::Work for Shop {
    type Error = BoxError;

    async fn pick(&self, _: Parcel<parcel::Placed>, _: &Job) -> Result<parcel::Pick, BoxError> {
        Ok(parcel::event::Reserve.into())
    }

    async fn pack(&self, _: Parcel<parcel::Reserved>, _: &Job) -> Result<parcel::Pack, BoxError> {
        Ok(parcel::event::Ship.into())
    }

    async fn bring(&self, _: Parcel<parcel::Shipped>, _: &Job) -> Result<parcel::Bring, BoxError> {
        Ok(parcel::event::Deliver.into())
    }
}
