//! A parent whose children end.

use crate::anomaly::Anomaly;
use crate::app::App;
use crate::site::Site;
use crate::workflows::orders::order;
use crate::workflows::shipments::shipment;
use uuid::Uuid;

/// The last two children end at the same time, in two transactions that do not see each other.
pub(crate) async fn last_two(site: &Site) -> Vec<Anomaly> {
    let runtime = site.maker();
    // One after the other: that much every way of counting can do.
    let (id, children) = waiting(site).await;
    for child in children {
        runtime.fire(child, shipment::event::Deliver).await.expect("delivered");
    }
    assert!(is_complete(site, id).await, "no parent is told at all");

    let (id, [one, other]) = waiting(site).await;
    let (mut first, mut second) = (runtime.begin().await.expect("begun"), runtime.begin().await.expect("begun"));
    first.fire(one, shipment::event::Deliver).await.expect("delivered");
    second.fire(other, shipment::event::Deliver).await.expect("delivered");
    first.commit().await.expect("committed");
    second.commit().await.expect("committed");
    Anomaly::LeftWaiting.when(!is_complete(site, id).await)
}

/// An order that has found two shipments on their way.
async fn waiting(site: &Site) -> (Uuid, [Uuid; 2]) {
    let (runtime, order_id) = (site.maker(), Uuid::new_v4());
    let children = [Uuid::new_v4(), Uuid::new_v4()];
    for id in children {
        runtime.create(shipment::New { id, order_id }).await.expect("a shipment");
    }
    runtime.create(order::New { id: order_id }).await.expect("an order");
    assert!(!is_complete(site, order_id).await, "it does not wait");
    (order_id, children)
}

/// After all that is due was done.
async fn is_complete(site: &Site, id: Uuid) -> bool {
    site.worker(App::default()).await.until_idle().await.expect("idle");
    site.ask(&format!("SELECT state = 'complete' FROM orders WHERE id = '{id}'")).await
}
