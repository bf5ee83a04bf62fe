//! How often a transition crosses the wire.

use crate::Failure;
use crate::chapter::Chapter;
use crate::figure::{Goal, Spread};
use crate::parcel::{pallet, parcel};
use crate::site::Site;
use workflow_testing::Proxy;

const ABOUT: &str = "\
What a client sends before it waits is counted on the wire. The runtime has one connection, on which each statement was sent before; the first
time takes more, since the database is compared with the declaration, and the statement is prepared. sqlx's pool asks each connection that comes
back whether it is well: that is one more, for which nobody waits.";

pub(super) async fn measure() -> Result<Chapter, Failure> {
    let site = Site::new(10).await?;
    let wire = Proxy::start(site.server.socket_path()).await?;
    let depot = site.runtime(1, &wire.url(site.database.url())).await?;
    let mut trips = Vec::new();
    for id in [1, 2] {
        let begun = wire.bursts();
        depot.fire(id, parcel::event::Send { truck: "north".into() }).await?;
        let plain = wire.bursts();
        depot.fire(id, pallet::event::Send { truck: "north".into() }).await?;
        let with_sql = wire.bursts();
        depot.fire(id + 2, pallet::event::Lift { truck: "north".into() }).await?;
        trips.push([plain - begun, with_sql - plain, wire.bursts() - with_sql].map(|count| count as f64));
    }
    site.is_sound().await?;
    Ok(chapter(trips[0], trips[1]))
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
