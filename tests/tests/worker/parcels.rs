//! The workflow that the worker's tests are about.

use uuid::Uuid;
use workflow_tests::declared;

/// Where effects leave their mark.
pub const TABLES: &str = "CREATE TABLE marks (parcel uuid NOT NULL, what text NOT NULL)";

declared! {
    /// A parcel.
    pub workflow Parcel in parcels {
        id: Uuid,
        address: String,
        ready: bool,

        states {
            initial Packed,
            Booked { tracking: String },
            Lost,
            final Delivered,
            final Returned { reason: String },
        }

        transitions {
            book(tracking: String): Packed -> Booked by find_courier then tell,
            refuse: Packed -> Returned { reason: "refused" } by find_courier with mark,
            undeliverable: Packed -> Returned { reason: "no courier" } after 3 failures of find_courier with mark,
            recall: Packed -> Returned { reason: "recalled" },
            remind: Booked after 30 minutes with mark,
            deliver: Booked -> Delivered after 1 hour if sql "ready",
            lose: Booked -> Lost,
            turn_up: Lost -> Booked { tracking: "found" } by search
                up to 2 attempts pausing 3 hours to 3 hours within 1 second
                then report up to 1 attempt,
            change(address: String): Packed | Booked,
        }
    }
}
