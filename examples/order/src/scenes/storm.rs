//! A courier and a mail service on which there is no relying, workers that are killed, and a server that is restarted: all orders come
//! to their end all the same.

mod account;
mod customers;
mod deaths;
mod front;
mod troupe;

use super::{Failure, expect, title};
use crate::stage::Stage;
use ::order::outside::ledger::Entry;
use ::order::workflow::Order;
use ::order::workflow::order::{Placed, event::Cancel};
use account::Counted;
use clap::Args;
use indicatif::{ProgressBar, ProgressStyle};
use sqlx::PgPool;
use std::time::{Duration, Instant};
use troupe::Troupe;

/// How long, and how wild.
#[derive(Args, Debug, Clone)]
pub(crate) struct Terms {
    /// How many orders are placed, evenly over the time.
    #[arg(long, default_value_t = 10_000)]
    pub(crate) orders: u32,
    /// For how long.
    #[arg(long, default_value_t = 120)]
    pub(crate) seconds: u32,
    /// Seconds between two kills.
    #[arg(long, default_value_t = 2)]
    pub(crate) kill_every: u32,
    /// Restarts of PostgreSQL; every other one begins with SIGKILL.
    #[arg(long, default_value_t = 5)]
    pub(crate) restarts: u32,
    /// What chance follows; a new one each time if nothing is said. It decides what is drawn, not what happens first.
    #[arg(long, default_value_t = fastrand::u32(..), hide_default_value = true)]
    pub(crate) seed: u32,
}

/// What the other sides have written down.
pub(crate) struct Outside {
    pub(crate) courier: Vec<Entry>,
    pub(crate) mail: Vec<Entry>,
}

/// How long it may take until there is one less to do, when nobody is killed any more.
const PATIENCE: Duration = Duration::from_secs(60);

impl Terms {
    /// One that fits between the other scenes.
    pub(crate) fn short(seed: Option<u32>) -> Terms {
        Terms { orders: 300, seconds: 10, kill_every: 1, restarts: 2, seed: seed.unwrap_or_else(|| fastrand::u32(..)) }
    }
}

pub(crate) async fn play(stage: &mut Stage, terms: &Terms) -> Result<Outside, Failure> {
    let Terms { orders, seconds, kill_every, restarts, seed } = terms;
    title(
        7,
        &format!("{orders} orders in {seconds} s, a kill every {kill_every} s, {restarts} restarts of PostgreSQL (seed {seed})."),
    );
    let started = Instant::now();
    let troupe = Troupe::open(stage, *seed).await?;
    clear(stage).await?;
    account::open(stage.pool()).await?;
    let bar = progress(*orders);
    let follows = tokio::spawn(follow(stage.database.pool_with(1).await?, bar.clone()));
    let (customers, restarted, ()) = tokio::try_join!(
        customers::come(troupe.front.shop.clone(), terms),
        deaths::of_the_server(&stage.server, &stage.database, terms),
        deaths::of_processes(&troupe, terms),
    )?;
    settled(troupe.front.shop.pool()).await?;
    follows.abort();
    bar.finish_and_clear();
    let (told, ends, outside) = troupe.close().await?;
    stage.reconnect().await?;
    let counted = Counted { customers, told, restarted, ends };
    println!("   {:.1} s until the last of them had come to its end", started.elapsed().as_secs_f64());
    account::give(stage.pool(), terms, &counted, &outside).await?;
    Ok(outside)
}

/// What the scenes before have left: mails to be sent, parcels to be fetched, and orders that nobody has reserved.
async fn clear(stage: &Stage) -> Result<(), Failure> {
    for order in Order::find(stage.pool()).in_state::<Placed>().all().await? {
        stage.shop.fire(order.id, Cancel { reason: "closing time".into() }).await?;
    }
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM orders_jobs").fetch_one(stage.pool()).await?;
    settled(stage.pool()).await?;
    println!("   the workers have begun with the {left} jobs that the scenes before had left");
    Ok(())
}

/// Comes back when each order is delivered or cancelled, and no job is left.
async fn settled(pool: &PgPool) -> Result<(), Failure> {
    let (mut least, mut since) = (i64::MAX, Instant::now());
    loop {
        // The server may be away.
        let open = sqlx::query_scalar::<_, i64>(include_str!("../sql/open.sql")).fetch_one(pool).await.unwrap_or(i64::MAX);
        if open < least {
            (least, since) = (open, Instant::now());
        }
        if open == 0 {
            return Ok(());
        }
        expect(since.elapsed() < PATIENCE, &format!("the {least} orders and jobs that are left become fewer"))?;
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

fn progress(orders: u32) -> ProgressBar {
    let style =
        ProgressStyle::with_template("   {bar:40} {pos}/{len} at their end").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(orders.into()).with_style(style)
}

/// For the eye alone.
async fn follow(pool: PgPool, bar: ProgressBar) {
    let ended = "SELECT count(*) FROM orders WHERE state IN ('delivered', 'cancelled')";
    let mut before = None;
    loop {
        if let Ok(ended) = sqlx::query_scalar::<_, i64>(ended).fetch_one(&pool).await {
            bar.set_position((ended - *before.get_or_insert(ended)).unsigned_abs());
        }
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
}
