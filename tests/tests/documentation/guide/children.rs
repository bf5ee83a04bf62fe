//! An order and its shipments.

use sqlx::PgConnection;
use std::time::Duration;
use uuid::Uuid;
use workflow_runtime::{BoxError, Runtime, Worker, WorkerSettings, workflow};

workflow! {
    /// An order, sent in several parcels.
    pub workflow Order in orders {
        id: Uuid,

        states {
            initial Paid,
            Shipping,
            final Complete,
        }

        transitions {
            pack(addresses: Vec<String>): Paid -> Shipping with create_shipments,
            complete: Shipping -> Complete after all Shipment,
        }
    }
}

workflow! {
    /// One parcel of an order.
    pub workflow Shipment in shipments of Order by order_id {
        id: Uuid,
        order_id: Uuid,
        address: String,

        states {
            initial Packed,
            final Delivered,
            final Lost,
        }

        transitions {
            deliver: Packed -> Delivered,
            lose: Packed -> Lost,
        }
    }
}

struct Shop;

impl order::Effects for Shop {
    type Error = BoxError;

    async fn create_shipments(
        &self,
        tx: &mut PgConnection,
        _: &Order<order::Paid>,
        order: &Order<order::Shipping>,
        event: &order::event::Pack,
    ) -> Result<(), BoxError> {
        let mut tx = Runtime::within(self, tx)?;
        for address in &event.addresses {
            tx.create(shipment::New { id: Uuid::new_v4(), order_id: order.id, address: address.clone() }).await?;
        }
        Ok(())
    }
}

/// One more, also while the order is looking whether it is complete.
async fn add(shop: &Runtime<Shop>, order_id: Uuid, address: String) -> Result<(), BoxError> {
    let mut tx = shop.begin().await?;
    let order = tx.lock::<Order<order::Shipping>>(order_id).await?;
    tx.create(shipment::New { id: Uuid::new_v4(), order_id: order.id, address }).await?;
    tx.commit().await?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_complete_when_its_shipments_are_at_their_end() -> Result<(), BoxError> {
    let database = workflow_tests::database(include_str!("children.rs"), "").await;
    let shop = Runtime::connect(database.url(), Shop).await?;
    let id = Uuid::new_v4();
    shop.create(order::New { id }).await?;
    shop.fire(id, order::event::Pack { addresses: vec!["here".into(), "there".into()] }).await?;
    add(&shop, id, "over there".into()).await?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let mut settings = WorkerSettings::default();
    settings.poll = Duration::from_millis(20);
    let worker = Worker::with(shop.clone(), settings).serving::<Order>().serving::<Shipment>();
    let working = tokio::spawn(worker.run(async move { stopped.await.unwrap_or_default() }));
    let shipments: Vec<Uuid> = sqlx::query_scalar("SELECT id FROM shipments").fetch_all(shop.pool()).await?;
    assert_eq!(shipments.len(), 3);
    shop.fire(shipments[0], shipment::event::Lose).await?;
    for shipment in &shipments[1..] {
        shop.fire(*shipment, shipment::event::Deliver).await?;
    }
    while !matches!(Order::load(shop.pool(), id).await?.map(|order| order.state), Some(order::State::Complete(_))) {
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    drop(stop);
    working.await?;
    Ok(())
}
