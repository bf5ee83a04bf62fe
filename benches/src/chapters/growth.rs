//! The same work on small and on large tables.

use super::moves;
use crate::Failure;
use crate::chapter::{Chapter, Plot};
use crate::figure::{Goal, Spread, number};
use crate::rounds::{Effort, Load};
use crate::site::{self, Site};

/// As `grow.sql` writes them.
const HISTORY: i64 = 11;
const CLIENTS: i64 = 8;

const ABOUT: &str = "\
Databases of different sizes on one server, in turn; each instance has eleven rows of history, written set-wise. Eight clients move parcels that
lie far from each other. In one of them history is a table of 16 partitions by a hash of `id`, with the same indexes and triggers; the migrations do not
make it like that.";

/// What is measured: so many instances, and whether their history is partitioned.
type Sized = (i64, bool);

pub(super) async fn measure(effort: Effort) -> Result<Chapter, Failure> {
    let middle = effort.many(1_000_000);
    let sizes: [Sized; 4] = [(effort.many(100_000), false), (middle, false), (middle, true), (effort.many(10_000_000), false)];
    let server = site::started().await?;
    let mut sites = Vec::new();
    for (size, partitioned) in sizes {
        let site = Site::empty(&server).await?;
        if partitioned {
            site.run(include_str!("../sql/partition.sql")).await?;
        }
        site.run(&include_str!("../sql/grow.sql").replace("KEYS", &size.to_string())).await?;
        site.run("VACUUM ANALYZE").await?;
        sites.push(site);
    }
    let mut rates: Vec<Vec<f64>> = vec![Vec::new(); sizes.len()];
    for _ in 0..effort.rounds {
        for ((site, (size, _)), rates) in sites.iter().zip(sizes).zip(&mut rates) {
            let load = Load { clients: CLIENTS, keys: size / CLIENTS, lasting: effort.lasting };
            let depot = site.runtime(CLIENTS, site.database.url()).await?;
            rates.push(moves::parcels(&depot, load).await?);
        }
    }
    for site in &sites {
        site.is_sound().await?;
    }
    Ok(chapter(&sizes, &rates))
}

fn chapter(sizes: &[Sized], rates: &[Vec<f64>]) -> Chapter {
    let mut chapter = Chapter::new("growth", "Growth", ABOUT);
    let [small, .., large] = rates else { return chapter };
    let (least, most) = (sizes[0].0, sizes[sizes.len() - 1].0);
    let what = format!("the rate with {} instances and {} rows of history", number(most as f64), number((most * HISTORY) as f64));
    chapter.bar(&what, &format!("with {}", number(least as f64)), Goal::AtLeast(0.9), Spread::ratio(large, small));
    let rows =
        sizes.iter().zip(rates).map(|(sized, rates)| (named(*sized), vec![Spread::of(rates), Spread::ratio(rates, small)]));
    chapter.table("Transitions a second, by instances", &["`fire`", "to the smallest"], rows.collect());
    let whole = sizes.iter().zip(rates).filter(|((_, partitioned), _)| !partitioned);
    let points = whole.map(|((size, _), rates)| (*size as f64, Spread::of(rates).median)).collect();
    chapter.plots.push(Plot {
        name: "growth".into(),
        title: "Transitions a second over instances".into(),
        x: "instances".into(),
        y: "transitions a second".into(),
        lines: vec![("fire".into(), points)],
    });
    chapter
}

fn named((size, partitioned): Sized) -> String {
    number(size as f64) + if partitioned { ", history partitioned" } else { "" }
}
