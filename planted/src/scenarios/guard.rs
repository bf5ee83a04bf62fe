//! Statements of other clients.

use crate::anomaly::Anomaly;
use crate::site::Site;
use crate::workflows::accounts::account::event;
use sqlx::AssertSqlSafe;
use uuid::Uuid;

const STATES: [&str; 3] = ["open", "held", "closed"];
const EVENTS: [&str; 7] = ["touch", "post", "hold", "free", "close", "create", "stolen"];
const DECLARED: [(&str, &str, &str); 4] =
    [("open", "touch", "open"), ("open", "hold", "held"), ("held", "free", "open"), ("open", "close", "closed")];

/// Every step that is not declared, as a client without the runtime would write it.
pub(crate) async fn illegal_steps(site: &Site) -> Vec<Anomaly> {
    let mut found = Vec::new();
    let steps = STATES.into_iter().flat_map(|from| EVENTS.into_iter().flat_map(move |event| STATES.map(|to| (from, event, to))));
    for (from, event, to) in steps.filter(|step| !DECLARED.contains(step)) {
        let id = account_in(site, from).await;
        let step = format!("state = '{to}', event = '{event}', version = version + 1, entered_at = now()");
        found.extend(Anomaly::Illegal.when(commits(site, id, &step).await));
    }
    found
}

async fn account_in(site: &Site, state: &str) -> Uuid {
    let (runtime, id) = (site.maker(), site.account().await);
    match state {
        "held" => drop(runtime.fire(id, event::Hold).await.expect("held")),
        "closed" => drop(runtime.fire(id, event::Close).await.expect("closed")),
        _ => {}
    }
    id
}

async fn commits(site: &Site, id: Uuid, change: &str) -> bool {
    let sql = format!("UPDATE accounts SET {change} WHERE id = '{id}'");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&site.admin).await.is_ok()
}

/// A trigger of the application changes the row after every other BEFORE trigger.
pub(crate) async fn late_trigger(site: &Site) -> Vec<Anomaly> {
    let id = site.account().await;
    site.run(
        "CREATE FUNCTION late() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.state := 'closed'; RETURN NEW; END $$;
        CREATE TRIGGER zz_late BEFORE UPDATE ON accounts FOR EACH ROW EXECUTE FUNCTION late();",
    )
    .await;
    Anomaly::Illegal.when(commits(site, id, "event = 'touch', version = version + 1").await)
}

/// A client has temporary tables of the same names.
pub(crate) async fn temporary_tables(site: &Site) -> Vec<Anomaly> {
    let id = site.account().await;
    let mut client = site.db.connect().await.expect("a connection");
    let hidden = "CREATE TEMPORARY TABLE accounts_history (LIKE public.accounts_history INCLUDING ALL);
        CREATE TEMPORARY TABLE accounts_jobs (LIKE public.accounts_jobs INCLUDING ALL);
        UPDATE public.accounts SET event = 'touch', version = version + 1";
    sqlx::raw_sql(hidden).execute(&mut client).await.expect("touched");
    let steps: i64 = site.ask("SELECT count(*) FROM accounts_history").await;
    Anomaly::Unrecorded.when(steps < site.version(id).await)
}
