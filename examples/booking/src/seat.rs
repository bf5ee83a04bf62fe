//! A seat that is held for a trip.

use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    /// A seat, from the moment that it is held. Its key is the trip's.
    pub workflow Seat in seats {
        trip_id: Uuid,
        flight: String,

        states {
            initial Held,
            Confirmed,
            final Released,
        }

        transitions {
            create: -> Held with sql "UPDATE flights SET free = free - 1 WHERE number = NEW.flight",
            confirm: Held -> Confirmed,
            release: Held | Confirmed -> Released with sql "UPDATE flights SET free = free + 1 WHERE number = NEW.flight",
        }
    }
}
