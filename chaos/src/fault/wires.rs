//! Bytes that come late, in pieces, or not at all.

use super::Kind;
use crate::Failure;
use crate::site::Site;
use crate::wire::Manner;
use fastrand::Rng;
use std::time::Duration;

pub(super) fn cut(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let nth = random.u64(1..6);
    if site.wire.cut(|number| number.is_multiple_of(nth)) > 0 {
        site.count(Kind::Cut);
    }
    Ok(())
}

pub(super) async fn crawl(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let delay = Duration::from_millis(random.u64(1..20));
    behave(site, Manner { delay, split: true, stalled: None }, Duration::from_millis(random.u64(500..2_000))).await;
    site.count(Kind::Crawl);
    Ok(())
}

/// Some of them are cut in the end.
pub(super) async fn stall(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let nth = random.u64(2..4);
    behave(site, Manner { stalled: Some(nth), ..Manner::default() }, Duration::from_millis(random.u64(500..4_000))).await;
    site.wire.cut(|number| number.is_multiple_of(nth) && random.bool());
    site.count(Kind::Stall);
    Ok(())
}

async fn behave(site: &Site, manner: Manner, so_long: Duration) {
    site.wire.behave(manner);
    tokio::time::sleep(so_long).await;
    site.wire.behave(Manner::default());
}
