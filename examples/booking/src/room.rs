//! A room that is held for a trip.

use uuid::Uuid;
use workflow_runtime::workflow;

workflow! {
    /// A room, from the moment that it is held. Its key is the trip's.
    pub workflow Room in rooms {
        trip_id: Uuid,
        hotel: String,

        states {
            initial Held,
            Confirmed,
            final Released,
        }

        transitions {
            create: -> Held with sql "UPDATE hotels SET free = free - 1 WHERE name = NEW.hotel",
            confirm: Held -> Confirmed,
            release: Held | Confirmed -> Released with sql "UPDATE hotels SET free = free + 1 WHERE name = NEW.hotel",
        }
    }
}
