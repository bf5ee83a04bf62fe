//! The gate: what was lost or done twice.

use super::run::Course;
use crate::Failure;
use sqlx::AssertSqlSafe;
use std::fmt;

/// Orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Gate {
    /// Not delivered, or with fewer steps in the ledger than were made, or out of step with it.
    pub(crate) lost: i64,
    /// With more steps in the ledger than there are.
    pub(crate) doubled: i64,
}

impl Gate {
    pub(crate) async fn of(course: &Course<'_>) -> Result<Gate, Failure> {
        let sql = include_str!("../sql/peers.sql").replace("ORDERS", course.table());
        let (delivered, doubled): (i64, i64) = sqlx::query_as(AssertSqlSafe(sql)).fetch_one(&course.pool).await?;
        let lost = course.orders() - delivered;
        Ok(Gate { lost, doubled })
    }

    pub(crate) fn is_passed(self) -> bool {
        self == Gate { lost: 0, doubled: 0 }
    }
}

/// `nothing`, `3 lost, 1 doubled`
impl fmt::Display for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Gate { lost: 0, doubled: 0 } => f.write_str("nothing"),
            Gate { lost, doubled: 0 } => write!(f, "{lost} lost"),
            Gate { lost: 0, doubled } => write!(f, "{doubled} doubled"),
            Gate { lost, doubled } => write!(f, "{lost} lost, {doubled} doubled"),
        }
    }
}
