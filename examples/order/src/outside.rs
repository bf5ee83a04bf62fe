//! The other sides themselves: a courier and a mail service that fail, stall, hang up, answer twice and crash, and honour
//! idempotency keys all the same.

pub mod courier;
pub mod fate;
pub mod ledger;
pub mod mail;

use crate::partners::IDEMPOTENCY_KEY;
use axum::http::header::RETRY_AFTER;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use fate::{Fate, Mishap};
use ledger::{Entry, Ledger};
use std::future::Future;
use std::io;
use std::time::Duration;

/// Longer than anybody waits.
const STALL: Duration = Duration::from_secs(20);

/// The key of a request, which must have one.
fn key_of(headers: &HeaderMap) -> Result<String, (StatusCode, &'static str)> {
    let key = headers.get(IDEMPOTENCY_KEY).and_then(|key| key.to_str().ok());
    key.map(str::to_owned).ok_or((StatusCode::BAD_REQUEST, "an Idempotency-Key is missing"))
}

/// Does what is asked for, unless something comes in between; and answers, unless something comes in between.
async fn answer<T: IntoResponse>(fate: &Fate, ledger: &Ledger, act: impl Future<Output = io::Result<T>>) -> Response {
    let mishap = fate.draw();
    if let Some(mishap) = mishap
        && ledger.write(&[Entry::Suffered { mishap }]).await.is_err()
    {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    }
    match mishap {
        Some(Mishap::Failed) => return StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Mishap::Busy) => return (StatusCode::TOO_MANY_REQUESTS, [(RETRY_AFTER, "1")]).into_response(),
        Some(Mishap::Crashed) => std::process::exit(1),
        _ => {}
    }
    let Ok(done) = act.await else { return StatusCode::INTERNAL_SERVER_ERROR.into_response() };
    match mishap {
        Some(Mishap::FailedAfter) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
        Some(Mishap::StalledAfter) => {
            tokio::time::sleep(STALL).await;
            StatusCode::GATEWAY_TIMEOUT.into_response()
        }
        // It ends the connection's task, and the connection with it, before a byte of an answer was sent.
        Some(Mishap::HungUpAfter) => std::panic::resume_unwind(Box::new("hung up")),
        Some(Mishap::CrashedAfter) => std::process::exit(1),
        _ => done.into_response(),
    }
}
