//! Throughput over the number of clients, and over the way to the server.

use super::moves;
use crate::Failure;
use crate::chapter::{Chapter, Plot};
use crate::figure::Spread;
use crate::hand::{Data, idioms, idioms_on_one, pgbench};
use crate::rounds::{Effort, Load};
use crate::site::{self, Site};
use crate::wire;
use std::time::Duration;

const CLIENTS: [i64; 7] = [1, 2, 4, 8, 16, 32, 64];
const DELAYS: [u64; 5] = [0, 1, 2, 5, 10];

const ABOUT: &str = "\
The same moves without an effect as in *One transition*, and the idiom with data. A delay is up to a millisecond longer than is said. On one
instance all clients make the same internal transition, one after the other, and the idiom leaves the application's row alone.";

/// Points of three lines: `fire`, the idiom, pgbench.
type Points = [Vec<(f64, Vec<f64>)>; 3];

#[derive(Default)]
struct Measured {
    over_clients: Points,
    on_one: Points,
    over_delay: Points,
}

pub(super) async fn measure(effort: Effort) -> Result<Chapter, Failure> {
    let site = Site::new(64 * 1_000).await?;
    let mut measured = Measured::default();
    for _ in 0..effort.rounds {
        for clients in CLIENTS {
            let load = Load { clients, keys: 1_000, lasting: effort.lasting / 2 };
            let [depot, idiom] = both(&site, site.database.url(), load).await?;
            note(&mut measured.over_clients, clients as f64, &[depot, idiom, pgbench(&site, load).await?]);
            note(&mut measured.on_one, clients as f64, &on_one(&site, load).await?);
        }
        for delay in DELAYS {
            let load = Load { clients: 8, keys: 1_000, lasting: effort.lasting / 2 };
            let port = wire::slow(site.server.socket_path(), Duration::from_millis(delay)).await?;
            note(&mut measured.over_delay, delay as f64, &both(&site, &site.through(port), load).await?);
        }
    }
    site.is_sound().await?;
    Ok(chapter(&measured))
}

async fn on_one(site: &Site, load: Load) -> Result<[f64; 2], Failure> {
    let url = site.database.url();
    let depot = moves::one_meter(&site.runtime(load.clients, url).await?, load).await?;
    Ok([depot, idioms_on_one(&site::connected(load.clients, url).await?, load).await?])
}

async fn both(site: &Site, url: &str, load: Load) -> Result<[f64; 2], Failure> {
    let depot = moves::parcels(&site.runtime(load.clients, url).await?, load).await?;
    let pool = site::connected(load.clients, url).await?;
    Ok([depot, idioms(&pool, Data::Shelf, load).await?])
}

fn note(points: &mut Points, x: f64, rates: &[f64]) {
    for (line, &rate) in points.iter_mut().zip(rates) {
        match line.iter_mut().find(|(at, _)| *at == x) {
            Some((_, rates)) => rates.push(rate),
            None => line.push((x, vec![rate])),
        }
    }
}

fn chapter(measured: &Measured) -> Chapter {
    let Measured { over_clients, on_one, over_delay } = measured;
    let mut chapter = Chapter::new("clients", "Clients and distance", ABOUT);
    let columns = ["`fire`", "the idiom with data", "pgbench"];
    chapter.table("Transitions a second, by clients", &columns, rows(over_clients, "clients"));
    chapter.table("Transitions a second, all on one instance", &["`fire`", "the idiom"], rows(on_one, "clients"));
    chapter.table(
        "Transitions a second of 8 clients, by the delay of what they send",
        &columns[..2],
        rows(over_delay, "milliseconds"),
    );
    chapter.plots.push(plot("clients", "Transitions a second over clients", "clients", over_clients));
    chapter.plots.push(plot("delay", "Transitions a second of 8 clients over delay", "milliseconds", over_delay));
    chapter
}

fn rows(points: &Points, unit: &str) -> Vec<(String, Vec<Spread>)> {
    let row = |(place, (x, _)): (usize, &(f64, Vec<f64>))| {
        let figures = points.iter().filter_map(|line| line.get(place)).map(|(_, rates)| Spread::of(rates)).collect();
        (format!("{x} {}", if *x == 1.0 { unit.trim_end_matches('s') } else { unit }), figures)
    };
    points[0].iter().enumerate().map(row).collect()
}

fn plot(name: &str, title: &str, x: &str, points: &Points) -> Plot {
    let names = ["fire", "the idiom with data", "pgbench"];
    let lines = names.iter().zip(points).filter(|(_, line)| !line.is_empty());
    let medians = |line: &[(f64, Vec<f64>)]| line.iter().map(|(x, rates)| (*x, Spread::of(rates).median)).collect();
    Plot {
        name: name.into(),
        title: title.into(),
        x: x.into(),
        y: "transitions a second".into(),
        lines: lines.map(|(name, line)| ((*name).into(), medians(line))).collect(),
    }
}
