//! The courier: takes parcels, and tells the shop, at least once, when they have arrived.

use super::fate::{self, Fate};
use super::ledger::{Entry, Ledger};
use super::{answer, key_of};
use crate::partners::{Booking, IDEMPOTENCY_KEY, Parcel};
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

/// Before the shop is told once more.
const AGAIN: Duration = Duration::from_millis(400);

/// How long the shop may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

struct Courier {
    ledger: Ledger,
    /// The parcel of each key. It is locked while a new one is written down, so that two requests at once get one number.
    parcels: Mutex<BTreeMap<String, Parcel>>,
    fate: Fate,
    http: reqwest::Client,
    /// Where to tell of arrivals.
    shop: Option<String>,
}

/// Serves until the process ends. What the ledger says was taken and has not arrived goes on its way.
///
/// # Errors
///
/// When the ledger cannot be read, or the listener fails.
pub async fn serve(listener: TcpListener, ledger: &Path, fate: Fate, shop: Option<String>) -> io::Result<()> {
    let (ledger, entries) = Ledger::open(ledger)?;
    let (mut parcels, mut arrived) = (BTreeMap::new(), BTreeSet::new());
    for entry in entries {
        match entry {
            Entry::Booked { key, parcel } => drop(parcels.insert(key, parcel)),
            Entry::Arrived { tracking, .. } => drop(arrived.insert(tracking)),
            _ => {}
        }
    }
    let on_their_way: Vec<Parcel> = parcels.values().filter(|p| !arrived.contains(&p.tracking)).cloned().collect();
    let courier = Arc::new(Courier { ledger, parcels: Mutex::new(parcels), fate, http: reqwest::Client::new(), shop });
    for parcel in on_their_way {
        tokio::spawn(courier.clone().carry(parcel));
    }
    axum::serve(listener, Router::new().route("/bookings", post(book)).with_state(courier)).await
}

async fn book(State(courier): State<Arc<Courier>>, headers: HeaderMap, Json(booking): Json<Booking>) -> Response {
    let key = match key_of(&headers) {
        Ok(key) => key,
        Err(refusal) => return refusal.into_response(),
    };
    if courier.fate.is_decided(&key, fate::NOWHERE) {
        let declined = courier.ledger.write(&[Entry::Declined { key }]).await;
        return declined.map_or(StatusCode::INTERNAL_SERVER_ERROR, |()| StatusCode::UNPROCESSABLE_ENTITY).into_response();
    }
    // In a task of its own: a client that hangs up must not cut off what is half written.
    let take = async { tokio::spawn(courier.clone().take(key, booking)).await.map_err(io::Error::other)?.map(Json) };
    answer(&courier.fate, &courier.ledger, take).await
}

impl Courier {
    async fn take(self: Arc<Self>, key: String, booking: Booking) -> io::Result<Parcel> {
        let mut parcels = self.parcels.lock().await;
        if let Some(parcel) = parcels.get(&key) {
            return Ok(parcel.clone());
        }
        let parcel = Parcel { order: booking.order, tracking: format!("C-{}-{:05}", booking.warehouse, parcels.len() + 1) };
        self.ledger.write(&[Entry::Booked { key: key.clone(), parcel: parcel.clone() }]).await?;
        parcels.insert(key, parcel.clone());
        tokio::spawn(self.clone().carry(parcel.clone()));
        Ok(parcel)
    }

    /// To the customer's door. Some arrivals are told twice at the same time.
    async fn carry(self: Arc<Self>, parcel: Parcel) {
        let Some(shop) = &self.shop else { return };
        tokio::time::sleep(Duration::from_millis((200 + self.fate.below(800)).into())).await;
        let delivered = if self.fate.happens(fate::TOLD_TWICE) {
            tokio::join!(self.tell(shop, &parcel), self.tell(shop, &parcel)).0
        } else {
            self.tell(shop, &parcel).await
        };
        // Where this is not written, the shop is told again after the next start.
        let _ = self.ledger.write(&[Entry::Arrived { tracking: parcel.tracking, delivered }]).await;
    }

    /// Again and again, until the shop has heard it. False when it does not want the parcel any more.
    async fn tell(&self, shop: &str, parcel: &Parcel) -> bool {
        loop {
            let told = self.http.post(format!("{shop}/deliveries")).timeout(PATIENCE);
            let told = told.header(IDEMPOTENCY_KEY, format!("delivery/{}", parcel.tracking)).json(parcel).send().await;
            match told.map(|answer| answer.status()) {
                Ok(status) if status.is_success() => return true,
                Ok(StatusCode::GONE) => return false,
                _ => tokio::time::sleep(AGAIN).await,
            }
        }
    }
}
