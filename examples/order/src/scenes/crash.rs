//! A process is killed with SIGKILL in the middle of a transition, after its effect took the stock.

use super::{Failure, expect, title};
use crate::stage::Stage;
use ::order::shop::{Shop, ShopError};
use ::order::workflow::Order;
use ::order::workflow::order::{self, Cancelled, Open, Placed, Reserved, Shipped, event};
use sqlx::PgConnection;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use uuid::Uuid;
use workflow_runtime::Runtime;

pub(crate) async fn play(stage: &Stage) -> Result<(), Failure> {
    title(5, "A process is killed with SIGKILL between its effect and its commit.");
    stage.stock_up("coffee", 10).await?;
    let order = stage.place("coffee", 4).await?;
    let mut victim = Command::new(std::env::current_exe()?)
        .args(["victim", stage.database.url(), &order.id.to_string()])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?;
    let output = victim.stdout.take().ok_or("the victim has no output")?;
    let said = BufReader::new(output).lines().next_line().await?;
    println!("   the process says: {}", said.ok_or("the victim said nothing")?);
    victim.kill().await?;
    println!("   killed.");
    let (after, stock) = (stage.load(order.id).await?, stage.on_hand("coffee").await?);
    println!("   the order is {:?}, stock: {stock}: nothing is half done", after.state);
    expect(after.version() == 1 && stock == 10, "neither state nor stock was touched")?;
    let reserved = stage.shop.fire(order.id, event::Reserve { warehouse: "Hamburg".into() }).await?;
    println!(
        "   fired again by another process: reserved in {}, stock: {}",
        reserved.state.warehouse,
        stage.on_hand("coffee").await?
    );
    expect(stage.on_hand("coffee").await? == 6, "the stock was taken once")
}

/// Begins to reserve the order, says so when the stock is taken, and never comes to the commit.
pub(crate) async fn victim(url: &str, id: Uuid) -> Result<(), Failure> {
    let shop = Runtime::connect(url, Stuck).await?;
    shop.fire(id, event::Reserve { warehouse: "Hamburg".into() }).await?;
    Ok(())
}

/// The shop, but its first effect never ends.
struct Stuck;

impl order::Effects for Stuck {
    type Error = ShopError;

    async fn take_stock(
        &self,
        tx: &mut PgConnection,
        before: &Order<Placed>,
        after: &Order<Reserved>,
        event: &event::Reserve,
    ) -> Result<(), ShopError> {
        order::Effects::take_stock(&Shop::default(), tx, before, after, event).await?;
        println!("state is written, {} taken from the stock, COMMIT comes next", after.quantity);
        std::future::pending().await
    }

    async fn return_stock(
        &self,
        tx: &mut PgConnection,
        before: &Open,
        after: &Order<Cancelled>,
        event: &order::ReturnStockEvent,
    ) -> Result<(), ShopError> {
        order::Effects::return_stock(&Shop::default(), tx, before, after, event).await
    }

    async fn hand_over(
        &self,
        tx: &mut PgConnection,
        before: &Order<Reserved>,
        after: &Order<Shipped>,
        event: &event::Ship,
    ) -> Result<(), ShopError> {
        order::Effects::hand_over(&Shop::default(), tx, before, after, event).await
    }
}
