//! The workflow that these tests are about.

use chrono::{DateTime, Utc};
use uuid::Uuid;
use workflow_tests::declared;

/// Where effects leave their mark.
pub const TABLES: &str = "CREATE TABLE numbers (bill uuid NOT NULL)";

declared! {
    /// A bill.
    pub workflow Bill in bills {
        id: Uuid,
        month: DateTime<Utc>,
        amount: f64,
        note: Option<String>,
        seal: Vec<u8>,

        states {
            initial Open { due: Option<DateTime<Utc>> },
            final Paid,
        }

        transitions {
            create: -> Open with number then send then remind on due,
            pay: Open -> Paid then thank then ask_back in 14 days up to 3 attempts,
        }
    }
}
