//! What is measured: a parcel that waits and moves, and a pallet whose moves change a row of the application as well; and a print,
//! which is work for a worker.

use sqlx::PgConnection;
use std::time::Instant;
use tokio::sync::mpsc::UnboundedSender;
use workflow_runtime::{BoxError, Job, workflow};

workflow! {
    /// A parcel. Whoever moves one has a timer started or stopped, and nothing else to do.
    pub(crate) workflow Parcel in parcels {
        id: i64,

        states {
            initial Waiting,
            Moving { truck: String },
            final Lost,
        }

        transitions {
            send(truck: String): Waiting -> Moving,
            stop: Moving -> Waiting,
            lose: Moving -> Lost after 14 days,
        }
    }
}

workflow! {
    /// A pallet, counted where it stands: the same by a statement in the database, and by an effect in Rust.
    pub(crate) workflow Pallet in pallets {
        id: i64,

        states {
            initial Waiting,
            Moving { truck: String },
            final Lost,
        }

        transitions {
            send(truck: String): Waiting -> Moving with sql "UPDATE shelves SET moves = moves + 1 WHERE pallet = NEW.id",
            stop: Moving -> Waiting with sql "UPDATE shelves SET moves = moves + 1 WHERE pallet = NEW.id",
            lift(truck: String): Waiting -> Moving with count,
            lose: Moving -> Lost after 14 days,
        }
    }
}

workflow! {
    /// A meter, which all read at the same time.
    pub(crate) workflow Meter in meters {
        id: i64,

        states { initial Open, final Closed }

        transitions {
            read: Open -> Open,
            close: Open -> Closed,
        }
    }
}

workflow! {
    /// A print, which a worker prints and tells of.
    pub(crate) workflow Print in prints {
        id: i64,

        states { initial Waiting, Printing, final Printed }

        transitions {
            begin: Waiting -> Printing,
            end: Printing -> Printed by press then tell,
        }
    }
}

/// The application; it tells of each print that a worker has begun with, if somebody wants to know.
#[derive(Debug, Clone, Default)]
pub(crate) struct Depot {
    pub(crate) told: Option<UnboundedSender<(i64, Instant)>>,
}

impl print::Work for Depot {
    type Error = BoxError;

    async fn press(&self, print: Print<print::Printing>, _: &Job) -> Result<print::Press, BoxError> {
        if let Some(told) = &self.told {
            told.send((print.id, Instant::now()))?;
        }
        Ok(print::event::End.into())
    }

    async fn tell(&self, _: Print<print::Printed>, _: &Job) -> Result<(), BoxError> {
        Ok(())
    }
}

impl pallet::Effects for Depot {
    type Error = sqlx::Error;

    async fn count(
        &self,
        tx: &mut PgConnection,
        _: &Pallet<pallet::Waiting>,
        after: &Pallet<pallet::Moving>,
        _: &pallet::event::Lift,
    ) -> Result<(), sqlx::Error> {
        sqlx::query("UPDATE shelves SET moves = moves + 1 WHERE pallet = $1").bind(after.id).execute(tx).await.map(drop)
    }
}
