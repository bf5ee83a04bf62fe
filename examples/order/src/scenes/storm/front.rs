//! The shop's front: where the courier tells that a parcel has arrived, at least once.

use super::Failure;
use ::order::partners::{IDEMPOTENCY_KEY, Parcel};
use ::order::shop::Shop;
use ::order::workflow::order::{State, event::Deliver};
use axum::extract;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use axum::{Json, Router};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use workflow_runtime::{Error, Fired, Runtime};

pub(crate) struct Front {
    pub(super) shop: Runtime<Shop>,
    pub(super) url: String,
    tally: Arc<Tally>,
    serving: JoinHandle<std::io::Result<()>>,
}

#[derive(Default)]
struct Tally {
    calls: AtomicU32,
    delivered: AtomicU32,
    again: AtomicU32,
}

/// What the courier has told.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Told {
    pub(crate) calls: u32,
    /// Those that took effect.
    pub(crate) delivered: u32,
    /// Those that had taken effect before.
    pub(crate) again: u32,
}

#[derive(Clone)]
struct Desk {
    shop: Runtime<Shop>,
    tally: Arc<Tally>,
}

impl Front {
    pub(super) async fn open(url: &str) -> Result<Front, Failure> {
        let shop = Runtime::connect(url, Shop::default()).await?.as_actor("front");
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let tally = Arc::new(Tally::default());
        let desk = Desk { shop: shop.clone(), tally: tally.clone() };
        let router = Router::new().route("/deliveries", post(delivered)).with_state(desk);
        let serving = tokio::spawn(async move { axum::serve(listener, router).await });
        Ok(Front { shop, url, tally, serving })
    }

    pub(super) fn close(self) -> Told {
        self.serving.abort();
        let [calls, delivered, again] =
            [&self.tally.calls, &self.tally.delivered, &self.tally.again].map(|n| n.load(Ordering::Relaxed));
        Told { calls, delivered, again }
    }
}

/// Whatever is no clear answer makes the courier tell it again.
async fn delivered(extract::State(desk): extract::State<Desk>, headers: HeaderMap, Json(parcel): Json<Parcel>) -> StatusCode {
    desk.tally.calls.fetch_add(1, Ordering::Relaxed);
    let Some(key) = headers.get(IDEMPOTENCY_KEY).and_then(|key| key.to_str().ok()) else { return StatusCode::BAD_REQUEST };
    match desk.shop.once(key).fire(parcel.order, Deliver).await {
        Ok(Fired::Now(_)) => {
            desk.tally.delivered.fetch_add(1, Ordering::Relaxed);
            StatusCode::OK
        }
        Ok(Fired::Before(_)) => {
            desk.tally.again.fetch_add(1, Ordering::Relaxed);
            StatusCode::OK
        }
        Err(Error::Conflict { actual, .. }) if matches!(actual.state, State::Cancelled(_)) => StatusCode::GONE,
        // The parcel was faster than the answer that it is on its way.
        Err(Error::Conflict { .. }) => StatusCode::CONFLICT,
        Err(_) => StatusCode::SERVICE_UNAVAILABLE,
    }
}
