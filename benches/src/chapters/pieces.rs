//! What each of the guarantees costs: the same transitions where one of them was taken away.

use super::moves;
use crate::Failure;
use crate::chapter::Chapter;
use crate::figure::Spread;
use crate::parcel::Depot;
use crate::rounds::{Effort, Load};
use crate::site::{self, Site};
use workflow_runtime::Runtime;

const ABOUT: &str = "\
The moves of *One transition*, by `fire`, on databases of one server. In each of them something is missing that the generated migration makes, or
that PostgreSQL does by itself, and with it what it guarantees. So a ratio says how much faster a transition would be without.";

/// What is taken away, and how.
const PIECES: [(&str, &str); 7] = [
    ("nothing", ""),
    (
        "the CHECKs: a row is one variant of the enum",
        "ALTER TABLE parcels DROP CONSTRAINT parcels_state_1, DROP CONSTRAINT parcels_truck_1",
    ),
    ("the trigger on history: nobody else writes it", "DROP TRIGGER parcels_history_written ON parcels_history"),
    ("the index of keys: none takes effect twice", "DROP INDEX parcels_history_by_key"),
    (
        "the trigger function's settings: its names and plans are its own",
        "ALTER FUNCTION parcels_transition() RESET ALL;
        DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET enable_seqscan = off', current_database()); END $$",
    ),
    (
        "the wait for the disk: what was answered outlives a crash of the server",
        "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET synchronous_commit = off', current_database()); END $$",
    ),
    ("the trigger function: guard, history and timers", "DROP TRIGGER parcels_transition ON parcels"),
];

/// Then there is no history to look at.
const UNGUARDED: usize = 6;

pub(super) async fn measure(effort: Effort) -> Result<Chapter, Failure> {
    let load = Load { clients: 8, keys: 1_000, lasting: effort.lasting };
    let server = site::started().await?;
    let mut sites = Vec::new();
    for (_, without) in PIECES {
        let site = Site::empty(&server).await?;
        site.fill(load.all_keys()).await?;
        site.run(without).await?;
        let depot = site.runtime(load.clients, site.database.url()).await?;
        sites.push((site, depot));
    }
    let rates = measured(&sites, load, effort).await?;
    for (site, _) in &sites[..UNGUARDED] {
        site.is_sound().await?;
    }
    Ok(chapter(&rates))
}

/// Of each site, round by round.
async fn measured(sites: &[(Site, Runtime<Depot>)], load: Load, effort: Effort) -> Result<Vec<Vec<f64>>, Failure> {
    let mut rates = vec![Vec::new(); sites.len()];
    for _ in 0..effort.rounds {
        for ((_, depot), rates) in sites.iter().zip(&mut rates) {
            rates.push(moves::parcels(depot, load).await?);
        }
    }
    Ok(rates)
}

fn chapter(rates: &[Vec<f64>]) -> Chapter {
    let mut chapter = Chapter::new("pieces", "What the guarantees cost", ABOUT);
    let row =
        |((name, _), of): (&(&str, &str), &Vec<f64>)| ((*name).to_owned(), vec![Spread::of(of), Spread::ratio(of, &rates[0])]);
    chapter.table("Without", &["transitions a second", "to all"], PIECES.iter().zip(rates).map(row).collect());
    chapter
}
