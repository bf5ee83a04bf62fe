//! What is measured: a parcel that waits and moves, and a pallet whose moves change a row of the application as well.

use sqlx::PgConnection;
use workflow_runtime::workflow;

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

/// The application.
#[derive(Debug, Clone)]
pub(crate) struct Depot;

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
