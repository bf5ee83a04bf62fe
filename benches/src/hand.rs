//! What people would do instead: a function in the database, called by pgbench, and the idiom that everybody writes with sqlx.

use crate::Failure;
use crate::rounds::{Load, rate};
use crate::site::Site;
use sqlx::PgConnection;
use sqlx::postgres::PgPool;
use tokio::process::Command;

/// A parcel is sent and stopped: two transactions.
const SCRIPT: &str =
    "\\set parcel :client_id * KEYS + random(1, KEYS)\nSELECT hand_send(:parcel, 'north');\nSELECT hand_stop(:parcel);\n";

/// pgbench's own clients, in C, with prepared statements: moves a second.
pub(crate) async fn pgbench(site: &Site, load: Load) -> Result<f64, Failure> {
    let script = std::env::temp_dir().join(format!("workflow-bench-{}.sql", std::process::id()));
    std::fs::write(&script, SCRIPT.replace("KEYS", &load.keys.to_string()))?;
    let (clients, seconds) = (load.clients.to_string(), load.lasting.as_secs().to_string());
    let output = Command::new("pgbench")
        .args(["--no-vacuum", "--protocol", "prepared", "--client", &clients, "--jobs", "2", "--time", &seconds, "--file"])
        .arg(&script)
        .arg(site.database.url())
        .output()
        .await?;
    std::fs::remove_file(script)?;
    let said = String::from_utf8_lossy(&output.stdout);
    let scripts = said.lines().find_map(|line| line.strip_prefix("tps = ")?.split(' ').next()?.parse::<f64>().ok());
    match scripts {
        Some(scripts) if output.status.success() => Ok(2.0 * scripts),
        _ => Err(format!("pgbench: {said}{}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// What a move of the idiom does besides the state and its history.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Data {
    /// Nothing.
    None,
    /// A row of the application.
    Shelf,
}

/// One way of a parcel.
struct Way {
    event: &'static str,
    from: &'static str,
    to: &'static str,
    truck: Option<&'static str>,
}

const SEND: Way = Way { event: "send", from: "waiting", to: "moving", truck: Some("north") };
const STOP: Way = Way { event: "stop", from: "moving", to: "waiting", truck: None };

const READ: Way = Way { event: "read", from: "waiting", to: "waiting", truck: None };

/// The idiom on one row, which is everybody's: moves a second.
pub(crate) async fn idioms_on_one(pool: &PgPool, load: Load) -> Result<f64, Failure> {
    let pool = pool.clone();
    let once = rate(load, move |_| {
        let pool = pool.clone();
        async move { moved(&pool, 1, Data::None, &READ).await }
    });
    once.await
}

/// The idiom under load: moves a second.
pub(crate) async fn idioms(pool: &PgPool, data: Data, load: Load) -> Result<f64, Failure> {
    let pool = pool.clone();
    let twice = rate(load, move |parcel| {
        let pool = pool.clone();
        async move { idiom(&pool, parcel, data).await }
    });
    Ok(2.0 * twice.await?)
}

/// A parcel is sent and stopped: two transactions.
async fn idiom(pool: &PgPool, parcel: i64, data: Data) -> Result<(), Failure> {
    moved(pool, parcel, data, &SEND).await?;
    moved(pool, parcel, data, &STOP).await
}

/// The row is locked and looked at; then the application's data, the state and the history are written. It does not even keep a timer.
async fn moved(pool: &PgPool, parcel: i64, data: Data, way: &Way) -> Result<(), Failure> {
    let mut tx = pool.begin().await?;
    let locked = sqlx::query_as("SELECT state, version FROM hand_parcels WHERE id = $1 FOR UPDATE");
    let (state, version): (String, i64) = locked.bind(parcel).fetch_one(&mut *tx).await?;
    if state != way.from {
        return Err(format!("parcel {parcel} is {state}").into());
    }
    if data == Data::Shelf {
        let shelf = sqlx::query("UPDATE hand_shelves SET moves = moves + 1 WHERE pallet = $1");
        shelf.bind(parcel).execute(&mut *tx).await?;
    }
    let state =
        sqlx::query("UPDATE hand_parcels SET state = $2, version = version + 1, entered_at = now(), truck = $3 WHERE id = $1");
    state.bind(parcel).bind(way.to).bind(way.truck).execute(&mut *tx).await?;
    recorded(&mut tx, parcel, version + 1, way).await?;
    Ok(tx.commit().await?)
}

async fn recorded(tx: &mut PgConnection, parcel: i64, version: i64, way: &Way) -> Result<(), sqlx::Error> {
    let data = way.truck.map(|truck| serde_json::json!({ "truck": truck }));
    let history =
        sqlx::query("INSERT INTO hand_history (id, version, event, from_state, to_state, data) VALUES ($1, $2, $3, $4, $5, $6)");
    let history = history.bind(parcel).bind(version).bind(way.event).bind(way.from).bind(way.to).bind(data);
    history.execute(tx).await.map(drop)
}
