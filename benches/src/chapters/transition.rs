//! One transition: against the fastest that can be written by hand, and against what is written by hand.

use super::moves;
use crate::Failure;
use crate::chapter::Chapter;
use crate::figure::{Goal, Spread};
use crate::hand::{Data, idioms, pgbench};
use crate::parcel::Depot;
use crate::rounds::{Effort, Load};
use crate::site::{self, Site};
use crate::wire;
use sqlx::postgres::PgPool;
use std::time::Duration;
use workflow_runtime::Runtime;

const CLIENTS: i64 = 8;
const DELAY: Duration = Duration::from_millis(2);

const ABOUT: &str = "\
A parcel is sent and stopped, over and over, by 8 clients with keys of their own: two transactions, each of which changes the state, writes a
row of history, and starts or stops a timer.

- **pgbench**: its own clients, written in C, call a function in PL/pgSQL that does the same work and no more, prepared.
- **The idiom**: sqlx; BEGIN, SELECT … FOR UPDATE, UPDATE of the application's row, UPDATE of the state, INSERT into history, COMMIT. It keeps
  no timers. Without data, the application's row is left alone.

Afterwards every version must have its row of history, every move of a pallet its count on the shelf, and every moving parcel its timer;
also after the server was killed in the middle. What is 2 ms away has what it sends delayed by that, and by up to a millisecond more.";

const WHY: &str = "\
What is guaranteed costs the database: *What the guarantees cost* takes one after the other away. Counted by callgrind in a backend of its own, `fire`
takes 479,000 instructions in the database and the hand-tuned function 255,000. Of the difference, PostgreSQL reads the two CHECKs anew for each
statement (51,000), a trigger of its own asks of each row of history whether it may be written (42,000), the trigger's settings are entered and left
(25,000), and history has a second index, by which no key takes effect twice (20,000). `with sql` takes 641,000: its function has a search path of its own,
and whether it moved its own instance is asked afterwards. On one machine a round trip costs little, so what the idiom sends more is a small part: how often the hand-tuned function, called by pgbench, does the
idiom's work stands in the first table, and a goal above that is out of reach here for whoever does the same work.";

/// Moves a second, round by round.
#[derive(Default)]
struct Rates {
    pgbench: Vec<f64>,
    plain: Vec<f64>,
    with_sql: Vec<f64>,
    idiom: Vec<f64>,
    idiom_with_data: Vec<f64>,
}

/// Everybody on the same wire.
struct Contenders {
    depot: Runtime<Depot>,
    pool: PgPool,
}

pub(super) async fn measure(effort: Effort) -> Result<Chapter, Failure> {
    let load = Load { clients: CLIENTS, keys: 1_000, lasting: effort.lasting };
    let site = Site::new(load.all_keys()).await?;
    let near = Contenders::at(&site, site.database.url()).await?;
    let port = wire::slow(site.server.socket_path(), DELAY).await?;
    let far = Contenders::at(&site, &site.through(port)).await?;
    let (mut at_once, mut delayed) = (Rates::default(), Rates::default());
    for _ in 0..effort.rounds {
        at_once.pgbench.push(pgbench(&site, load).await?);
        near.measure(&mut at_once, load).await?;
        far.measure(&mut delayed, load).await?;
    }
    site.is_sound().await?;
    killed(&site, &near.depot, load).await?;
    Ok(chapter(&at_once, &delayed))
}

impl Contenders {
    async fn at(site: &Site, url: &str) -> Result<Contenders, Failure> {
        Ok(Contenders { depot: site.runtime(CLIENTS, url).await?, pool: site::connected(CLIENTS, url).await? })
    }

    async fn measure(&self, rates: &mut Rates, load: Load) -> Result<(), Failure> {
        rates.plain.push(moves::parcels(&self.depot, load).await?);
        rates.idiom.push(idioms(&self.pool, Data::None, load).await?);
        rates.with_sql.push(moves::pallets(&self.depot, load).await?);
        rates.idiom_with_data.push(idioms(&self.pool, Data::Shelf, load).await?);
        Ok(())
    }
}

/// The server dies under load. What the clients then see is not asked here; what is left must be whole.
async fn killed(site: &Site, depot: &Runtime<Depot>, load: Load) -> Result<(), Failure> {
    let long = Load { lasting: Duration::from_secs(20), ..load };
    let pallets = depot.clone();
    let load = tokio::spawn(async move { moves::pallets(&pallets, long).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    site.server.kill().await?;
    if load.await?.is_ok() {
        return Err("the server was killed, and nobody noticed".into());
    }
    site.server.restart().await?;
    site.is_sound().await
}

fn chapter(near: &Rates, far: &Rates) -> Chapter {
    let mut chapter = Chapter::new("transition", "One transition", ABOUT);
    let against = "a hand-tuned function, called by pgbench";
    chapter.bar("a transition without an effect", against, Goal::AtLeast(0.9), Spread::ratio(&near.plain, &near.pgbench));
    let idiom = "the idiom in sqlx";
    chapter.bar(
        "the same, and the idiom changes data",
        idiom,
        Goal::AtLeast(2.0),
        Spread::ratio(&near.plain, &near.idiom_with_data),
    );
    chapter.bar("the same, 2 ms away", idiom, Goal::AtLeast(4.0), Spread::ratio(&far.plain, &far.idiom_with_data));
    chapter.bar("data changed by `with sql`", idiom, Goal::AtLeast(2.5), Spread::ratio(&near.with_sql, &near.idiom_with_data));
    chapter.because(WHY);
    chapter.table(
        "Ratios that have no bar",
        &["here", "2 ms away"],
        vec![
            (
                "without data, to the idiom without data".into(),
                vec![Spread::ratio(&near.plain, &near.idiom), Spread::ratio(&far.plain, &far.idiom)],
            ),
            (
                "`with sql`, to the idiom with data".into(),
                vec![Spread::ratio(&near.with_sql, &near.idiom_with_data), Spread::ratio(&far.with_sql, &far.idiom_with_data)],
            ),
            ("pgbench, to the idiom with data".into(), vec![Spread::ratio(&near.pgbench, &near.idiom_with_data)]),
        ],
    );
    chapter.table("Transitions a second", &["here", "2 ms away"], rows(near, far));
    chapter
}

fn rows(near: &Rates, far: &Rates) -> Vec<(String, Vec<Spread>)> {
    let row = |name: &str, figures: &[&Vec<f64>]| (name.to_owned(), figures.iter().map(|figures| Spread::of(figures)).collect());
    vec![
        row("pgbench", &[&near.pgbench]),
        row("`fire`", &[&near.plain, &far.plain]),
        row("`fire`, with data by `with sql`", &[&near.with_sql, &far.with_sql]),
        row("the idiom without data", &[&near.idiom, &far.idiom]),
        row("the idiom with data", &[&near.idiom_with_data, &far.idiom_with_data]),
    ]
}
