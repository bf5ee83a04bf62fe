//! Cuts exactly around COMMIT, and around statements that commit by themselves.

use super::Kind;
use crate::Failure;
use crate::site::Site;
use crate::wire::Strike;
use fastrand::Rng;
use std::time::Duration;

/// Commits of one round.
const ROUND: usize = 3;

/// A look-up gives up when it has waited so long for a lock; the gate must open before.
const GATE: Duration = Duration::from_millis(1_200);

/// What the trigger of the entries waits for.
const LOCK: i64 = 4711;

pub(super) fn lose(site: &Site) -> Result<(), Failure> {
    site.wire.strike([Strike::Before; ROUND]);
    site.count(Kind::LoseCommit);
    Ok(())
}

pub(super) fn lose_answer(site: &Site) -> Result<(), Failure> {
    site.wire.strike([Strike::After; ROUND]);
    site.count(Kind::LoseAnswer);
    Ok(())
}

/// Now and then so late that whoever looks has given up.
pub(super) fn deliver_late(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let most = if random.u32(..10) == 0 { 15_000 } else { 1_500 };
    site.wire.strike(std::array::from_fn::<_, ROUND, _>(|_| Strike::Late(Duration::from_millis(random.u64(50..most)))));
    site.count(Kind::DeliverLate);
    Ok(())
}

/// Who cannot connect cannot send again.
pub(super) async fn deliver_first(site: &Site, mut random: Rng) -> Result<(), Failure> {
    let most = random.u64(100..1_500);
    site.wire.refuse(true);
    site.wire.strike(std::array::from_fn::<_, { 2 * ROUND }, _>(|_| Strike::Late(Duration::from_millis(random.u64(50..most)))));
    tokio::time::sleep(Duration::from_millis(most + 100)).await;
    site.wire.refuse(false);
    site.count(Kind::DeliverFirst);
    Ok(())
}

/// The gate is closed; commits gather before it; their senders are cut off and come again, to look. Then it opens.
pub(super) async fn slow(site: &Site) -> Result<(), Failure> {
    let Ok(mut gate) = site.direct().acquire().await else { return Ok(()) };
    // Whatever goes wrong, the lock goes with the session.
    gate.close_on_drop();
    if sqlx::query("SELECT pg_advisory_lock($1)").bind(LOCK).execute(&mut *gate).await.is_err() {
        return Ok(());
    }
    tokio::time::sleep(Duration::from_millis(200)).await;
    let backends = site.wire.hang_up_on_commits();
    let (since, mut most) = (tokio::time::Instant::now(), 0);
    while since.elapsed() < GATE && most < backends.len() as u64 {
        most = most.max(site.wire.waiting_for(&backends).await);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    if gate.close().await.is_ok() {
        site.wire.count(|seen| seen.waiting += most);
        site.count(Kind::SlowCommit);
    }
    Ok(())
}
