//! Many orders at the same time, for less stock than they want.

use super::{Failure, title};
use crate::stage::Stage;
use ::order::shop::Shop;
use ::order::workflow::order::event::{Cancel, ChangeQuantity, Deliver, Reserve, Ship};
use ::order::workflow::{Order, order as workflow};
use indicatif::{ProgressBar, ProgressStyle};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Instant;
use tokio::task::JoinSet;
use uuid::Uuid;
use workflow_runtime::{Error, Runtime};

/// As many as the runtime's pool has connections.
const CUSTOMERS: u32 = 10;

/// There is enough for two orders of three.
const PER_ORDER: i32 = 2;

#[derive(Default)]
struct Tally {
    delivered: AtomicU32,
    cancelled: AtomicU32,
    out_of_stock: AtomicU32,
}

pub(crate) async fn play(stage: &Stage, orders: u32) -> Result<(), Failure> {
    title(6, &format!("{orders} orders by {CUSTOMERS} customers at the same time, for too little stock."));
    stage.stock_up("cups", i32::try_from(orders)? / 3 * PER_ORDER * 2).await?;
    let (bar, tally, next) = (progress(orders), Arc::new(Tally::default()), Arc::new(AtomicU32::new(0)));
    let started = Instant::now();
    let mut customers = JoinSet::new();
    for _ in 0..CUSTOMERS {
        let (shop, bar, tally, next) = (stage.shop.clone(), bar.clone(), tally.clone(), next.clone());
        customers.spawn(async move {
            while next.fetch_add(1, Ordering::Relaxed) < orders {
                one(&shop, &tally).await?;
                bar.inc(1);
            }
            Ok::<(), Error<Order>>(())
        });
    }
    while let Some(customer) = customers.join_next().await {
        customer??;
    }
    bar.finish_and_clear();
    let [delivered, cancelled, out] =
        [&tally.delivered, &tally.cancelled, &tally.out_of_stock].map(|n| n.load(Ordering::Relaxed));
    println!("   {delivered} delivered, {cancelled} cancelled, {out} out of stock, in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}

fn progress(orders: u32) -> ProgressBar {
    let style = ProgressStyle::with_template("   {bar:40} {pos}/{len} orders").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(orders.into()).with_style(style)
}

/// One order's way: what it does is decided by its id.
async fn one(shop: &Runtime<Shop>, tally: &Tally) -> Result<(), Error<Order>> {
    let id = Uuid::new_v4();
    let chance = id.as_bytes()[0];
    shop.create(workflow::New { id, customer_id: Uuid::new_v4(), sku: "cups".into(), quantity: 1 }).await?;
    shop.fire(id, ChangeQuantity { quantity: PER_ORDER }).await?;
    match shop.fire(id, Reserve { warehouse: "Berlin".into() }).await {
        Ok(_) => {}
        Err(Error::Rejected { .. }) => {
            shop.fire(id, Cancel { reason: "out of stock".into() }).await?;
            tally.out_of_stock.fetch_add(1, Ordering::Relaxed);
            return Ok(());
        }
        Err(error) => return Err(error),
    }
    if chance.is_multiple_of(8) {
        shop.fire(id, Cancel { reason: "changed my mind".into() }).await?;
        tally.cancelled.fetch_add(1, Ordering::Relaxed);
        return Ok(());
    }
    shop.fire(id, Ship { tracking: format!("DX-{id}") }).await?;
    shop.fire(id, Deliver).await?;
    tally.delivered.fetch_add(1, Ordering::Relaxed);
    Ok(())
}
