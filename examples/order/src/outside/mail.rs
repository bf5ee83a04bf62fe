//! The mail service: sends a letter at least once, and for a key that it has seen not again.

use super::fate::{self, Fate};
use super::ledger::{Entry, Ledger};
use super::{answer, key_of};
use crate::partners::Letter;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use axum::{Json, Router};
use std::collections::BTreeSet;
use std::io;
use std::path::Path;
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio::sync::Mutex;

struct Mail {
    ledger: Ledger,
    /// The keys. They are locked while a new one is written down.
    sent: Mutex<BTreeSet<String>>,
    fate: Fate,
}

/// Serves until the process ends.
///
/// # Errors
///
/// When the ledger cannot be read, or the listener fails.
pub async fn serve(listener: TcpListener, ledger: &Path, fate: Fate) -> io::Result<()> {
    let (ledger, entries) = Ledger::open(ledger)?;
    let keys = entries.into_iter().filter_map(|entry| match entry {
        Entry::Sent { key, .. } => Some(key),
        _ => None,
    });
    let mail = Arc::new(Mail { ledger, sent: Mutex::new(keys.collect()), fate });
    axum::serve(listener, Router::new().route("/mails", post(send)).with_state(mail)).await
}

async fn send(State(mail): State<Arc<Mail>>, headers: HeaderMap, Json(letter): Json<Letter>) -> Response {
    let key = match key_of(&headers) {
        Ok(key) => key,
        Err(refusal) => return refusal.into_response(),
    };
    // In a task of its own: a client that hangs up must not cut off what is half written.
    let send = async { tokio::spawn(mail.clone().send(key, letter)).await.map_err(io::Error::other)? };
    answer(&mail.fate, &mail.ledger, async { send.await.map(|()| StatusCode::ACCEPTED) }).await
}

impl Mail {
    /// Some arrive twice.
    async fn send(self: Arc<Self>, key: String, letter: Letter) -> io::Result<()> {
        let mut sent = self.sent.lock().await;
        if sent.contains(&key) {
            return Ok(());
        }
        let times = if self.fate.happens(fate::SENT_TWICE) { 2 } else { 1 };
        self.ledger.write(&vec![Entry::Sent { key: key.clone(), letter }; times]).await?;
        sent.insert(key);
        Ok(())
    }
}
