//! A courier that is asked again answers what it has answered.

use order::outside::courier;
use order::outside::fate::{Fate, Mishap};
use order::outside::ledger::{Entry, Ledger};
use order::partners::{Booking, IDEMPOTENCY_KEY, Parcel};
use std::path::Path;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use uuid::Uuid;

/// Done each time, and each time the answer is 500.
const FORGETFUL: &[(Mishap, u32)] = &[(Mishap::FailedAfter, 1000)];

async fn open(ledger: &Path, fate: Fate) -> (String, JoinHandle<std::io::Result<()>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/bookings", listener.local_addr().unwrap());
    let ledger = ledger.to_owned();
    (url, tokio::spawn(async move { courier::serve(listener, &ledger, fate, None).await }))
}

async fn ask(url: &str, key: &str) -> reqwest::Response {
    let booking = Booking { order: Uuid::nil(), warehouse: "BER".into() };
    reqwest::Client::new().post(url).header(IDEMPOTENCY_KEY, key).json(&booking).send().await.unwrap()
}

#[tokio::test]
async fn a_key_gets_one_parcel_whatever_goes_wrong_in_between() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("courier");

    let (url, serving) = open(&ledger, Fate::of(FORGETFUL, 2, 0)).await;
    assert_eq!(ask(&url, "order/1").await.status(), 500);
    serving.abort();
    // A death in the middle of a line.
    std::fs::write(&ledger, std::fs::read_to_string(&ledger).unwrap() + "{\"Booked\":{\"key\":\"order/2\"").unwrap();

    let (url, _serving) = open(&ledger, Fate::kind()).await;
    let first: Parcel = ask(&url, "order/1").await.json().await.unwrap();
    let (second, third) = tokio::join!(ask(&url, "order/2"), ask(&url, "order/2"));
    let (second, third): (Parcel, Parcel) = (second.json().await.unwrap(), third.json().await.unwrap());
    assert_eq!(second, third);
    assert_ne!(first, second);

    let entries = Ledger::read(&ledger).unwrap();
    let booked: Vec<&str> = entries
        .iter()
        .filter_map(|entry| if let Entry::Booked { key, .. } = entry { Some(key.as_str()) } else { None })
        .collect();
    assert_eq!(booked, ["order/1", "order/2"]);
}
