//! Do the ledgers of the other sides agree with the tables?

use crate::scenes::storm::Outside;
use crate::scenes::{Failure, expect};
use crate::stage::Stage;
use ::order::outside::ledger::Entry;
use sqlx::Row;
use std::collections::BTreeMap;
use uuid::Uuid;

/// A key was given one parcel, ever; and each shipment of a worker is the parcel of its key.
pub(super) async fn parcels(stage: &Stage, outside: &Outside) -> Result<(), Failure> {
    let (mut booked, mut bookings) = (BTreeMap::new(), 0);
    for entry in &outside.courier {
        if let Entry::Booked { key, parcel } = entry {
            bookings += 1;
            booked.insert(key.clone(), (parcel.order, parcel.tracking.clone()));
        }
    }
    expect(booked.len() == bookings, "the courier has taken one parcel for each key")?;
    let shipped = sqlx::query(include_str!("../sql/booked.sql")).fetch_all(stage.pool()).await?;
    for row in &shipped {
        let (id, tracking): (Uuid, String) = (row.try_get("order_id")?, row.try_get("tracking")?);
        let key: String = row.try_get("key")?;
        let parcel = booked.remove(&key);
        expect(parcel == Some((id, tracking)), &format!("the shipment of {id} is the parcel that was booked as {key}"))?;
    }
    let shipments: i64 = sqlx::query_scalar("SELECT count(*) FROM shipments").fetch_one(stage.pool()).await?;
    let (shipped, in_vain) = (shipped.len(), booked.len());
    println!("   {shipments} shipments, one for each order that was shipped; {shipped} of them by workers,");
    println!(
        "   with the parcel that the courier has under their key; {in_vain} more were booked for orders that were cancelled meanwhile"
    );
    vain(stage, booked.values().map(|(order, _)| *order).collect()).await
}

/// A booking without a shipment is of an order that was cancelled before the answer was known.
async fn vain(stage: &Stage, orders: Vec<Uuid>) -> Result<(), Failure> {
    let all = i64::try_from(orders.len())?;
    let cancelled = "SELECT count(*) FROM orders WHERE id = ANY ($1) AND state = 'cancelled'";
    let cancelled: i64 = sqlx::query_scalar(cancelled).bind(orders).fetch_one(stage.pool()).await?;
    expect(cancelled == all, "what was booked and not shipped was cancelled, and booked once")
}

/// Each shipped order has at least a mail, all of them under its one key.
pub(super) async fn mails(stage: &Stage, outside: &Outside) -> Result<(), Failure> {
    let mut sent: BTreeMap<(Uuid, String), u32> = BTreeMap::new();
    for entry in &outside.mail {
        if let Entry::Sent { key, letter } = entry {
            *sent.entry((letter.order, key.clone())).or_default() += 1;
        }
    }
    let owed = sqlx::query(include_str!("../sql/told.sql")).fetch_all(stage.pool()).await?;
    for row in &owed {
        let owed: (Uuid, String) = (row.try_get("id")?, row.try_get("key")?);
        expect(sent.contains_key(&owed), &format!("a mail was sent for {} under its key", owed.0))?;
    }
    expect(sent.len() == owed.len(), "nobody was sent a mail for an order that was not shipped, or under another key")?;
    let twice = sent.values().filter(|times| **times > 1).count();
    println!("   every shipped order was told by mail, under one key each; {twice} mails arrived twice");
    Ok(())
}
