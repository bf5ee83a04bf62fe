//! How transactions begin and end, and keys that are used twice.

use crate::anomaly::Anomaly;
use crate::app::App;
use crate::site::{Site, until};
use crate::workflows::accounts::Account;
use crate::workflows::accounts::account::event;
use uuid::Uuid;
use workflow_runtime::Fired;
use workflow_runtime::workflow::Fire;

/// Whoever begins gives up while BEGIN is on its way, and the pool's next user writes a row.
pub(crate) async fn dropped_begin(site: &Site) -> Vec<Anomaly> {
    let (proxy, runtime) = site.behind_a_proxy(|_| App::default()).await;
    proxy.hold();
    let begun = tokio::spawn({
        let runtime = runtime.clone();
        async move { runtime.begin().await.map(drop) }
    });
    proxy.kept().await;
    begun.abort();
    assert!(begun.await.is_err(), "it was not interrupted");
    proxy.deliver();
    let insert = sqlx::query("INSERT INTO marks VALUES ($1)").bind(Uuid::new_v4());
    insert.execute(runtime.pool()).await.expect("the pool is usable");
    Anomaly::Swallowed.when(site.ask::<i64>("SELECT count(*) FROM marks").await == 0)
}

/// An effect swallows the error of a statement, and PostgreSQL answers COMMIT with ROLLBACK.
pub(crate) async fn careless_effect(site: &Site) -> Vec<Anomaly> {
    let runtime = site.runtime(App { careless: "SELECT 1/0", ..App::default() }, 1).await;
    let id = site.account().await;
    let told = runtime.fire(id, event::Post).await;
    Anomaly::Acknowledged.when(told.is_ok() && site.version(id).await == 1)
}

/// An effect writes, and then fails.
pub(crate) async fn refused_effect(site: &Site) -> Vec<Anomaly> {
    let runtime = site.runtime(App { careful: "SELECT 1/0", ..App::default() }, 2).await;
    let id = site.account().await;
    assert!(runtime.fire(id, event::Post).await.is_err(), "the effect fails");
    assert_eq!(site.version(id).await, 1);
    Anomaly::EffectAlone.when(site.bookings(id).await > 0)
}

/// Two calls under one key wait for the row at the same time.
pub(crate) async fn one_key(site: &Site) -> Vec<Anomaly> {
    [twice(site, event::Touch).await, twice(site, event::Post).await].concat()
}

async fn twice<E: Fire<App, Workflow = Account>>(site: &Site, event: E) -> Vec<Anomaly> {
    let runtime = site.runtime(App::default(), 2).await;
    let id = site.account().await;
    let mut held = site.admin.begin().await.expect("begun");
    sqlx::query("SELECT FROM accounts WHERE id = $1 FOR UPDATE").bind(id).execute(&mut *held).await.expect("locked");
    let call = async || matches!(runtime.once("key").fire(id, event.clone()).await.expect("fired"), Fired::Now(_));
    let release = async {
        let waiting = "SELECT count(*) = 2 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'";
        until("both wait", async || site.ask(waiting).await).await;
        held.rollback().await.expect("released");
    };
    let (one, other, ()) = tokio::join!(call(), call(), release);
    Anomaly::KeyTwice.when((one && other) || site.version(id).await > 2)
}
