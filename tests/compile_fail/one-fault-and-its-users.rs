//! The fault is reported once, where it is; nothing that uses the workflow adds to it.

use sqlx::PgConnection;
use uuid::Uuid;
use workflow_runtime::{Error, Job, Runtime, Tx, workflow};

workflow! {
    pub workflow Order in orders {
        id: Uuid,
        quantity: i32,

        states {
            initial Placed,
            Reserved { warehouse: String },
            Shipped { tracking: String },
            final Cancelled,
        }

        groups {
            Open = Placed | Reserved,
        }

        transitions {
            reserve(warehouse: String): Placed -> Reserved with take_stock,
            ship: Reserved -> Shipped by book_courier then send_tracking,
            cancel: Open | Shipped -> Cancelled,
        }
    }
}

pub struct Shop;

impl order::Effects for Shop {
    type Error = sqlx::Error;

    async fn take_stock(
        &self,
        _: &mut PgConnection,
        before: &Order<order::Placed>,
        after: &Order<order::Reserved>,
        event: &order::event::Reserve,
    ) -> sqlx::Result<()> {
        println!("{} {} {}", before.quantity, after.state.warehouse, event.warehouse);
        Ok(())
    }
}

impl order::Work for Shop {
    async fn book_courier(&self, order: Order<order::Reserved>, _: &Job) -> sqlx::Result<order::BookCourier> {
        println!("{}", order.state.warehouse);
        Ok(order::event::Ship.into())
    }

    async fn send_tracking(&self, order: Order<order::Shipped>, _: &Job) -> sqlx::Result<()> {
        println!("{}", order.state.tracking);
        Ok(())
    }
}

pub async fn move_on(shop: &Runtime<Shop>, id: Uuid) -> Result<(), Error<Order>> {
    let placed = shop.create(order::New { id, quantity: 3 }).await?.new();
    println!("{:?} {:?}", placed.map(|order| order.version()), order::MODEL.states);
    let reserved = shop.fire(id, order::event::Reserve { warehouse: "BER".into() }).await?;
    println!("{} {:?} {:?}", reserved.state.warehouse, reserved.possible(), order::Label::Placed);
    shop.fire(id, order::Event::from(order::event::Cancel)).await?;
    Ok(())
}

pub async fn in_a_transaction(tx: &mut Tx<'_, Shop>, id: Uuid) -> Result<(), Error<Order>> {
    let placed = tx.lock::<Order<order::Placed>>(id).await?;
    let reserved = placed.reserve(tx, "BER").await?;
    reserved.ship(tx).await?;
    if let Some(order) = Order::load(&mut **tx, id).await? {
        match order.typed() {
            order::In::Placed(placed) => drop(placed.cancel(tx).await?),
            other => println!("{other:?}"),
        }
    }
    tx.lock::<order::Open>(id).await?;
    Ok(())
}

fn main() {}
