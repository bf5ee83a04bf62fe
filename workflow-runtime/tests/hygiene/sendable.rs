//! Every future of the interface can be spawned. Compiling it is the test: nothing here is run.

#![allow(dead_code)]

use sqlx::{PgConnection, PgPool};
use workflow_runtime::workflow::{Create, Event, Fire, New, Workflow};
use workflow_runtime::{Error, Job, Runtime, Tx, workflow};

workflow! {
    pub(crate) workflow Order in orders {
        id: i64,

        states {
            initial Placed,
            Paid { by: String },
            final Gone,
        }

        groups {
            Open = Placed | Paid,
        }

        transitions {
            create: -> Placed with greet,
            pay(by: String): Placed -> Paid with charge then thank,
            send: Paid -> Gone by courier,
            drop: Open -> Gone with charge,
            wait: Placed after 1 day,
        }
    }
}

struct Shop;

impl order::Effects for Shop {
    type Error = sqlx::Error;

    async fn greet(&self, _: &mut PgConnection, _: &Order<order::Placed>, _: &order::New) -> sqlx::Result<()> {
        Ok(())
    }

    async fn charge(
        &self,
        tx: &mut PgConnection,
        _: &order::Open,
        _: &order::ChargeAfter,
        _: &order::ChargeEvent,
    ) -> sqlx::Result<()> {
        sqlx::query("SELECT 1").execute(tx).await.map(|_| ())
    }
}

impl order::Work for Shop {
    async fn courier(&self, _: Order<order::Paid>, _: &Job) -> sqlx::Result<order::Courier> {
        Ok(order::event::Send.into())
    }

    async fn thank(&self, _: Order<order::Paid>, _: &Job) -> sqlx::Result<()> {
        Ok(())
    }
}

fn send<T: Send>(value: T) -> T {
    value
}

async fn methods(
    placed: Order<order::Placed>,
    paid: Order<order::Paid>,
    tx: &mut Tx<'_, Shop>,
    pool: PgPool,
) -> Result<(), Error<Order>> {
    let _ = send(placed.clone().possible_now(&pool)).await?;
    let _ = send(placed.clone().history(&pool)).await?;
    let _ = send(Order::load(&pool, 1)).await?;
    let _ = send(Order::find(&pool).in_state::<order::Open>().limit(3).all()).await?;
    let _ = send(placed.clone().wait(tx)).await?;
    let _ = send(placed.pay(tx, "card")).await?;
    let _ = send(paid.clone().send(tx)).await?;
    let _ = send(paid.drop(tx)).await?;
    Ok(())
}

async fn runtime(shop: Runtime<Shop>) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let _ = send(shop.create(order::New { id: 1 })).await?;
    let _ = send(shop.fire(1, order::event::Pay { by: "card".into() })).await?;
    let _ = send(shop.fire(1, order::Event::Send(order::event::Send))).await?;
    let _ = send(shop.fire_all([1, 2], order::event::Wait)).await?;
    let once = shop.as_actor("alice").once("evt-1");
    let _ = send(once.fire(1, order::event::Send)).await?;
    let mut tx = send(shop.begin()).await?;
    let _ = send(tx.create(order::New { id: 2 })).await?;
    let _ = send(tx.fire(1, order::event::Drop)).await?;
    let _ = send(tx.lock::<Order<order::Paid>>(1)).await?;
    let _ = send(tx.lock_all::<order::Open>([1, 2])).await?;
    let mut savepoint = send(tx.savepoint()).await?;
    let _ = send(savepoint.fire(1, order::event::Drop)).await?;
    send(savepoint.release()).await?;
    let savepoint = tx.savepoint().await?;
    send(savepoint.undo()).await?;
    send(tx.commit()).await?;
    let tx = shop.begin().await?;
    send(tx.rollback()).await?;
    let mut theirs = shop.pool().begin().await?;
    let mut joined = shop.join(&mut theirs);
    let _ = send(joined.fire(1, order::event::Drop)).await?;
    let _ = send(shop.outcome::<Order>(1, uuid::Uuid::nil())).await?;
    Ok(())
}

/// For code that is generic over workflows, events and applications.
async fn generic<A, E, N>(
    runtime: Runtime<A>,
    id: <E::Workflow as Workflow>::Id,
    event: E,
    new: N,
) -> Result<(), Error<E::Workflow>>
where
    A: Send + Sync + 'static,
    E: Fire<A> + Event,
    N: Create<A> + New<Workflow = E::Workflow>,
{
    let _ = send(runtime.create(new)).await?;
    let _ = send(runtime.fire(id, event)).await?;
    Ok(())
}

#[test]
fn a_task_can_be_spawned_for_each() {
    fn spawned(shop: Runtime<Shop>, placed: Order<order::Placed>, pool: PgPool) {
        drop(send(runtime(shop.clone())));
        drop(send(async move {
            let mut tx = shop.begin().await.unwrap();
            let paid = Order::load(&pool, 2).await.unwrap().unwrap();
            if let order::In::Paid(paid) = paid.typed() {
                let _ = methods(placed, paid, &mut tx, pool).await;
            }
        }));
    }
    let _: fn(Runtime<Shop>, Order<order::Placed>, PgPool) = spawned;
}
