//! Reads what is to be checked: the logs whole, the database some accounts at a time.

use super::{Account, Entry, Instance, Job, Logs, Part, Row, Step, Total, said};
use crate::Failure;
use crate::partner::Deed;
use crate::troupe::files;
use sqlx::postgres::PgRow;
use sqlx::{AssertSqlSafe, FromRow, PgPool, Row as _};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;
use uuid::Uuid;

/// Accounts that are read at a time.
const TOGETHER: usize = 200;

impl Logs {
    pub(crate) fn read(folder: &Path) -> Result<Logs, Failure> {
        let mut logs = Logs::default();
        for path in files(folder, "log")? {
            let process = path.file_stem().unwrap_or_default().to_string_lossy();
            for (id, calls) in said::calls(&process, &std::fs::read_to_string(&path)?) {
                logs.calls.entry(id).or_default().extend(calls);
            }
        }
        for path in files(folder, "ledger")? {
            for deed in std::fs::read_to_string(&path)?.lines().filter_map(Deed::read) {
                let id = deed.key.split('/').nth(1).and_then(|id| id.parse().ok()).unwrap_or_default();
                logs.deeds.entry(id).or_default().push(deed);
            }
        }
        Ok(logs)
    }
}

/// All accounts that there are, or that anybody was told of.
pub(crate) async fn ids(pool: &PgPool, logs: &Logs) -> Result<Vec<Vec<Uuid>>, Failure> {
    let there: Vec<Uuid> = sqlx::query_scalar(include_str!("../sql/ids.sql")).fetch_all(pool).await?;
    let all: BTreeSet<Uuid> = there.into_iter().chain(logs.calls.keys().chain(logs.deeds.keys()).copied()).collect();
    Ok(all.into_iter().collect::<Vec<_>>().chunks(TOGETHER).map(<[Uuid]>::to_vec).collect())
}

/// What is known of these.
pub(crate) async fn accounts(pool: &PgPool, logs: &mut Logs, ids: &[Uuid]) -> Result<Vec<Account>, Failure> {
    let mut rows: HashMap<Uuid, Vec<Row>> = of(pool, include_str!("../sql/accounts.sql"), ids).await?;
    let mut steps: HashMap<Uuid, Vec<Step>> = of(pool, include_str!("../sql/steps.sql"), ids).await?;
    let mut entries: HashMap<Uuid, Vec<Entry>> = of(pool, include_str!("../sql/entries.sql"), ids).await?;
    let mut totals: HashMap<Uuid, Vec<Total>> = of(pool, include_str!("../sql/totals.sql"), ids).await?;
    let mut jobs: HashMap<Uuid, Vec<Job>> = of(pool, include_str!("../sql/jobs.sql"), ids).await?;
    let mut parts = parts(pool, ids).await?;
    let account = |id: &Uuid| Account {
        instance: Instance {
            id: *id,
            row: rows.remove(id).and_then(|mut rows| rows.pop()),
            steps: steps.remove(id).unwrap_or_default(),
        },
        entries: entries.remove(id).unwrap_or_default(),
        totals: totals.remove(id).unwrap_or_default(),
        jobs: jobs.remove(id).unwrap_or_default(),
        parts: parts.remove(id).unwrap_or_default(),
        calls: logs.calls.remove(id).unwrap_or_default(),
        deeds: logs.deeds.remove(id).unwrap_or_default(),
    };
    Ok(ids.iter().map(account).collect())
}

/// By their accounts.
async fn parts(pool: &PgPool, ids: &[Uuid]) -> Result<BTreeMap<Uuid, Vec<Part>>, Failure> {
    let of_accounts = sqlx::query_as::<_, (Uuid, Uuid)>(include_str!("../sql/children.sql")).bind(ids).fetch_all(pool).await?;
    let children: Vec<Uuid> = of_accounts.iter().map(|(id, _)| *id).collect();
    let mut rows: HashMap<Uuid, Vec<Row>> = of(pool, include_str!("../sql/parts.sql"), &children).await?;
    let mut steps: HashMap<Uuid, Vec<Step>> = of(pool, include_str!("../sql/part_steps.sql"), &children).await?;
    let mut entries: HashMap<Uuid, Vec<Entry>> = of(pool, include_str!("../sql/entries.sql"), &children).await?;
    let mut jobs: HashMap<Uuid, Vec<Job>> = of(pool, include_str!("../sql/part_jobs.sql"), &children).await?;
    let mut parts: BTreeMap<Uuid, Vec<Part>> = BTreeMap::new();
    for (id, account) in of_accounts {
        let row = rows.remove(&id).and_then(|mut rows| rows.pop());
        let instance = Instance { id, row, steps: steps.remove(&id).unwrap_or_default() };
        let (entries, jobs) = (entries.remove(&id).unwrap_or_default(), jobs.remove(&id).unwrap_or_default());
        parts.entry(account).or_default().push(Part { instance, entries, jobs });
    }
    Ok(parts)
}

/// The first column says whose a row is.
async fn of<T>(pool: &PgPool, sql: &'static str, ids: &[Uuid]) -> Result<HashMap<Uuid, Vec<T>>, Failure>
where
    T: for<'r> FromRow<'r, PgRow>,
{
    let mut found: HashMap<Uuid, Vec<T>> = HashMap::new();
    for row in sqlx::query(AssertSqlSafe(sql)).bind(ids).fetch_all(pool).await? {
        found.entry(row.try_get(0)?).or_default().push(T::from_row(&row)?);
    }
    Ok(found)
}
