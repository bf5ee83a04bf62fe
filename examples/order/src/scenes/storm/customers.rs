//! Customers: each places an order and has it reserved; some change their minds.

use super::{Failure, Terms};
use ::order::shop::Shop;
use ::order::workflow::Order;
use ::order::workflow::order::event::{Cancel, Reserve};
use ::order::workflow::order::{self as workflow};
use fastrand::Rng;
use std::time::Duration;
use tokio::task::JoinSet;
use uuid::Uuid;
use workflow_runtime::{Error, Runtime};

/// What is on the shelf: enough for 19 orders of 20.
pub(super) const TITLES: [&str; 4] = ["atlas", "novel", "primer", "reader"];

/// The server may be away for a while.
const ATTEMPTS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(300);

#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Customers {
    pub(crate) out_of_stock: u32,
    pub(crate) changed_their_mind: u32,
}

enum Outcome {
    Bought,
    OutOfStock,
    ChangedMind,
}

struct Wish {
    id: Uuid,
    sku: &'static str,
    /// When it is regretted.
    regret: Option<Duration>,
}

pub(super) async fn come(shop: Runtime<Shop>, terms: &Terms) -> Result<Customers, Failure> {
    let mut random = Rng::with_seed(terms.seed.into());
    let each = i32::try_from(terms.orders)? * 19 / 20 / 4;
    for title in TITLES {
        until_heard(|| stock_up(&shop, title, each)).await?;
    }
    let mut pace = tokio::time::interval(Duration::from_secs(terms.seconds.into()) / terms.orders.max(1));
    let mut under_way = JoinSet::new();
    for _ in 0..terms.orders {
        pace.tick().await;
        under_way.spawn(one(shop.clone(), wish(&mut random)));
    }
    let mut customers = Customers::default();
    while let Some(outcome) = under_way.join_next().await {
        match outcome?? {
            Outcome::Bought => {}
            Outcome::OutOfStock => customers.out_of_stock += 1,
            Outcome::ChangedMind => customers.changed_their_mind += 1,
        }
    }
    Ok(customers)
}

async fn stock_up(shop: &Runtime<Shop>, sku: &str, quantity: i32) -> Result<(), Error<Order>> {
    let insert = "INSERT INTO inventory (sku, on_hand, initial) VALUES ($1, $2, $2) ON CONFLICT DO NOTHING";
    sqlx::query(insert).bind(sku).bind(quantity).execute(shop.pool()).await?;
    Ok(())
}

fn wish(random: &mut Rng) -> Wish {
    let id = uuid::Builder::from_random_bytes(random.u128(..).to_le_bytes()).into_uuid();
    let sku = TITLES[random.usize(..TITLES.len())];
    let regret = (random.u32(..12) == 0).then(|| Duration::from_millis(random.u64(..3000)));
    Wish { id, sku, regret }
}

async fn one(shop: Runtime<Shop>, wish: Wish) -> Result<Outcome, Error<Order>> {
    let Wish { id, sku, regret } = wish;
    let (shop, checkout) = (&shop, &shop.once("checkout"));
    let new = move || workflow::New { id, customer_id: Uuid::nil(), sku: sku.into(), quantity: 1 };
    until_heard(|| shop.create(new())).await?;
    match until_heard(|| checkout.fire(id, Reserve { warehouse: "BER".into() })).await {
        Ok(_) => {}
        Err(Error::Rejected { .. }) => {
            cancel(shop, id, "out of stock").await?;
            return Ok(Outcome::OutOfStock);
        }
        Err(error) => return Err(error),
    }
    let Some(regret) = regret else { return Ok(Outcome::Bought) };
    tokio::time::sleep(regret).await;
    match cancel(shop, id, "changed my mind").await {
        Ok(()) => Ok(Outcome::ChangedMind),
        // It is on its way.
        Err(Error::Conflict { .. }) => Ok(Outcome::Bought),
        Err(error) => Err(error),
    }
}

async fn cancel(shop: &Runtime<Shop>, id: Uuid, reason: &str) -> Result<(), Error<Order>> {
    let customer = shop.once("customer");
    until_heard(|| customer.fire(id, Cancel { reason: reason.into() })).await.map(|_| ())
}

/// With a key, or an id, it does no harm to ask once more: also where it is not known what became of the last time.
async fn until_heard<T, F>(ask: impl Fn() -> F) -> Result<T, Error<Order>>
where
    F: Future<Output = Result<T, Error<Order>>>,
{
    for _ in 1..ATTEMPTS {
        match ask().await {
            Err(error) if error.is_retryable() || matches!(error, Error::Unknown { .. } | Error::Database(_)) => {
                tokio::time::sleep(PAUSE).await;
            }
            heard => return heard,
        }
    }
    ask().await
}
