//! Who has locked a row, without touching it.
//!
//! `SELECT … FOR NO KEY UPDATE NOWAIT` would lock the row itself for a moment, and needs the right to write. The row already says
//! which transaction has locked it (`xmax`), and `pg_locks` which process that is. Two things are not seen so: a lock that was
//! taken under a savepoint which was released since, and whether a single lock is one of a foreign key, which stops no transition.

use crate::error::InspectError;
use crate::look::Look;
use crate::site::Site;
use serde::{Deserialize, Serialize};

/// A process that has the row, or the table.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Locker {
    /// The process of the server.
    pub pid: i32,
    /// Whether it is the row; else the whole table.
    pub row: bool,
    /// What it calls itself.
    pub application: Option<String>,
    /// Its role.
    pub role: Option<String>,
    /// `active`, `idle in transaction`; none where the asking role may not see it.
    pub state: Option<String>,
    /// For how many seconds its transaction has been open.
    pub age: Option<f64>,
}

pub(super) async fn of(look: &mut Look, site: &Site<'_>, id: &str) -> Result<Vec<Locker>, InspectError> {
    let given = [Some(id), Some(&*site.table.qualified())];
    let holders = |template: &str| site.fill(include_str!("../sql/lockers.sql")).replace("{holders}", &site.fill(template));
    let alone = look.ask("pg_locks", &holders(include_str!("../sql/lockers_alone.sql")), &given).await?;
    if !alone.is_empty() {
        return Ok(alone);
    }
    // Several lockers share a number, which is a transaction's otherwise: then there is nobody of that number, or an error.
    let several = look.attempt("", &holders(include_str!("../sql/lockers_several.sql")), &given).await;
    Ok(several.unwrap_or_default())
}
