//! What is left behind while somebody holds a snapshot open, so that nothing can be cleaned up.

use super::moves;
use crate::Failure;
use crate::chapter::Chapter;
use crate::figure::{Goal, Spread, number};
use crate::hand::{Data, idioms};
use crate::rounds::{Effort, Load};
use crate::site::{self, Site};
use std::time::Duration;

const ABOUT: &str = "\
While a transaction holds a snapshot open, each of the two makes its transitions of 80,000 instances, and then the tables are looked at: how
much they have grown a transition, indexes included, and how many dead versions of rows they have. A rate falls because each look at a row
passes its dead versions. The row of a workflow is wider by 50 bytes: the event, and who sent it under which key.";

const TABLES: [(&str, &str); 2] = [("`fire`", "parcels"), ("the idiom", "hand_parcels")];

pub(super) async fn measure(effort: Effort) -> Result<Chapter, Failure> {
    let many = effort.many(1_000_000);
    let load = Load { clients: 8, keys: 10_000, lasting: Duration::from_secs(5) };
    let site = Site::new(load.all_keys()).await?;
    let depot = site.runtime(load.clients, site.database.url()).await?;
    let pool = site::connected(load.clients, site.database.url()).await?;
    let mut holder = site.pool.begin().await?;
    sqlx::raw_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ; SELECT count(*) FROM parcels").execute(&mut *holder).await?;
    let before = [grown(&site, "parcels").await?, grown(&site, "hand_parcels").await?];
    let mut rates = [Vec::new(), Vec::new()];
    while made(&site, "parcels").await? < many {
        rates[0].push(moves::parcels(&depot, load).await?);
    }
    while made(&site, "hand_parcels").await? < many {
        rates[1].push(idioms(&pool, Data::None, load).await?);
    }
    let mut left = Vec::new();
    for ((_, table), before) in TABLES.iter().zip(before) {
        let transitions = made(&site, table).await? as f64;
        left.push([(grown(&site, table).await? - before) as f64 / transitions, dead(&site, table).await? as f64 / transitions]);
    }
    holder.rollback().await?;
    site.is_sound().await?;
    Ok(chapter(many, left[0], left[1], &rates))
}

fn chapter(many: i64, ours: [f64; 2], theirs: [f64; 2], rates: &[Vec<f64>; 2]) -> Chapter {
    let mut chapter = Chapter::new("bloat", "What a held snapshot costs", ABOUT);
    let ratio = |at: usize| Spread::of(&[ours[at] / theirs[at]]);
    chapter.because("A row holds 50 bytes more: its event, and who sent it under which key. History gets them from there.");
    chapter.bar("dead versions of instances", "the idiom's", Goal::AtMost(1.0), ratio(1));
    chapter.bar("growth of the instances' table", "the idiom's", Goal::AtMost(1.0), ratio(0));
    let rows = TABLES
        .iter()
        .zip([ours, theirs])
        .map(|((name, _), left)| ((*name).into(), left.map(|left| Spread::of(&[left])).to_vec()));
    let title = format!("Left of a transition in the instances' table, after {} of them", number(many as f64));
    chapter.table(&title, &["bytes", "dead versions"], rows.collect());
    let ends = |rates: &[f64]| [rates.first(), rates.last()].into_iter().flatten().map(|&rate| Spread::of(&[rate])).collect();
    let rows = TABLES.iter().zip(rates).map(|((name, _), rates)| ((*name).into(), ends(rates)));
    chapter.table("Transitions a second", &["in the first 5 seconds", "in the last 5 seconds"], rows.collect());
    chapter
}

/// As vacuum finds them, which may not clean them up.
async fn dead(site: &Site, table: &str) -> Result<i64, Failure> {
    site.run(&format!("ANALYZE {table}")).await?;
    site.count(&format!("SELECT n_dead_tup FROM pg_stat_user_tables WHERE relname = '{table}'")).await
}

async fn grown(site: &Site, table: &str) -> Result<i64, Failure> {
    site.count(&format!("SELECT pg_total_relation_size('{table}')")).await
}

async fn made(site: &Site, table: &str) -> Result<i64, Failure> {
    site.count(&format!("SELECT (sum(version) - count(*))::bigint FROM {table}")).await
}
