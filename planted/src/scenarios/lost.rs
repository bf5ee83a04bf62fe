//! Answers that are lost, and messages that are late.

use crate::anomaly::Anomaly;
use crate::app::App;
use crate::site::{Site, until};
use crate::workflows::accounts::account::event;

/// COMMIT took effect, and its answer vanishes.
pub(crate) async fn answer_to_commit(site: &Site) -> Vec<Anomaly> {
    let (proxy, runtime) = site.behind_a_proxy(|proxy| App::at_the_end(move || proxy.mute())).await;
    let id = site.account().await;
    let fired = tokio::spawn(async move { runtime.fire(id, event::Post).await });
    until("COMMIT took effect", async || site.version(id).await == 2).await;
    proxy.cut();
    let told = fired.await.expect("no panic");
    let booked = site.bookings(id).await;
    [Anomaly::EffectTwice.when(booked > 1), Anomaly::Denied.when(booked > 0 && told.is_err())].concat()
}

/// COMMIT is still on its way while the runtime asks what became of it.
pub(crate) async fn late_commit(site: &Site) -> Vec<Anomaly> {
    let (proxy, runtime) = site.behind_a_proxy(|proxy| App::at_the_end(move || proxy.hold())).await;
    let id = site.account().await;
    let committed = tokio::spawn(async move {
        let mut tx = runtime.begin().await.expect("begun");
        tx.fire(id, event::Post).await.expect("posted");
        tx.commit().await
    });
    proxy.kept().await;
    proxy.cut();
    until("it waits, or believes to know", async || committed.is_finished() || site.is_waiting().await).await;
    proxy.deliver();
    proxy.gone().await;
    let told = committed.await.expect("no panic");
    Anomaly::Denied.when(told.is_err() && site.bookings(id).await > 0)
}

/// A statement that commits by itself is in the network for as long as it likes, and its connection is gone.
pub(crate) async fn late_statement(site: &Site) -> Vec<Anomaly> {
    let (proxy, runtime) = site.behind_a_proxy(|_| App::default()).await;
    // Prepared, so that it is sent as one burst.
    runtime.fire(site.account().await, event::Touch).await.expect("touched");
    until("the pool is idle", async || runtime.pool().num_idle() == 1).await;
    let id = site.account().await;
    proxy.hold();
    let fired = tokio::spawn(async move { runtime.fire(id, event::Touch).await });
    proxy.kept().await;
    proxy.cut();
    let told = fired.await.expect("no panic");
    proxy.deliver();
    proxy.gone().await;
    let version = site.version(id).await;
    [Anomaly::Denied.when(told.is_err() && version > 1), Anomaly::EffectTwice.when(version > 2)].concat()
}
