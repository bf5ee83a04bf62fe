//! How often a transition crosses the wire.

use crate::Failure;
use crate::chapter::Chapter;
use crate::figure::{Goal, Spread};
use crate::parcel::{Depot, pallet, parcel};
use crate::site::Site;
use sqlx::postgres::{PgPool, PgPoolOptions};
use std::time::Duration;
use workflow_runtime::Runtime;
use workflow_testing::Proxy;

const ABOUT: &str = "\
What a client sends before it waits is counted on the wire, until it has its answer. The runtime has one connection, on which each statement was
sent before; the first time takes more, since the database is compared with the declaration, and the statement is prepared. sqlx's pool asks
each connection that comes back whether it is well: that is one more, for which nobody waits. A transition without an effect in Rust leaves its
connection at hand for the next one, which then has none of these.";

pub(super) async fn measure() -> Result<Chapter, Failure> {
    let site = Site::new(10).await?;
    let wire = Proxy::start(site.server.socket_path()).await?;
    let pool = late().connect(&wire.url(site.database.url())).await?;
    let depot = Runtime::new(pool, Depot::default());
    let mut trips = Vec::new();
    let counted = Counted { wire: &wire, pool: depot.pool() };
    for id in [1, 2] {
        let plain = counted.until(depot.fire(id, parcel::event::Send { truck: "north".into() })).await?;
        let with_sql = counted.until(depot.fire(id, pallet::event::Send { truck: "north".into() })).await?;
        let with_effect = counted.until(depot.fire(id + 2, pallet::event::Lift { truck: "north".into() })).await?;
        trips.push([plain, with_sql, with_effect]);
    }
    site.is_sound().await?;
    Ok(chapter(trips[0], trips[1]))
}

/// A pool of one connection, which asks it whether it is well when the answer was counted.
fn late() -> PgPoolOptions {
    let options = PgPoolOptions::new().max_connections(1).test_before_acquire(false);
    options.after_release(|_, _| {
        Box::pin(async {
            tokio::time::sleep(Duration::from_millis(50)).await;
            Ok(true)
        })
    })
}

struct Counted<'c> {
    wire: &'c Proxy,
    pool: &'c PgPool,
}

impl Counted<'_> {
    /// From the moment at which nobody uses a connection up to the answer.
    async fn until<T, E: Into<Failure>>(&self, fired: impl Future<Output = Result<T, E>>) -> Result<f64, Failure> {
        while self.pool.num_idle() < self.pool.size() as usize {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let before = self.wire.bursts();
        fired.await.map_err(Into::into)?;
        Ok((self.wire.bursts() - before) as f64)
    }
}

fn chapter(first: [f64; 3], then: [f64; 3]) -> Chapter {
    let mut chapter = Chapter::new("trips", "Round trips", ABOUT);
    let bars = [("without an effect", 1.0), ("with `with sql`", 1.0), ("with an effect in Rust that sends one statement", 4.0)];
    for ((what, goal), (first, then)) in bars.into_iter().zip(first.into_iter().zip(then)) {
        let against = format!("nothing; the first time it was {first}");
        chapter.bar(&format!("round trips {what}"), &against, Goal::AtMost(goal), Spread::of(&[then]));
    }
    chapter
}
