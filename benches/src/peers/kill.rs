//! A process that is killed in the middle, and goes on.

use super::gate::Gate;
use super::run::Course;
use super::{Peer, Way};
use crate::Failure;
use sqlx::AssertSqlSafe;
use std::time::{Duration, Instant};
use tokio::process::Child;
use workflow_testing::Server;

/// Each of them waits for 20 seconds until it thinks that nothing moves any more: what comes back within a minute is only late.
const RUNS: usize = 3;

/// What is lost or doubled after a kill, or why nobody knows.
pub(crate) async fn left(server: &Server, peer: &Peer, way: Way, orders: i64) -> Result<String, Failure> {
    let course = match Course::new(server, peer, way, orders).await? {
        Ok(course) => course,
        Err(reason) => return Ok(reason),
    };
    let left = match killed(&course).await? {
        true => gone_on(&course).await?,
        false => "it ended before it was killed".to_owned(),
    };
    course.end(server).await?;
    Ok(left)
}

/// As soon as a third of the orders are through. Says whether there was still something to kill.
async fn killed(course: &Course<'_>) -> Result<bool, Failure> {
    let mut child = course.started()?;
    let through = format!("SELECT count(*) FROM {} WHERE state = 'delivered'", course.table());
    while count(course, &through).await? * 3 < course.orders() {
        if has_ended(&mut child)? {
            return Ok(false);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    child.kill().await?;
    let open = format!("SELECT count(*) FROM {} WHERE state <> 'delivered'", course.table());
    Ok(count(course, &open).await? > 0)
}

fn has_ended(child: &mut Child) -> Result<bool, Failure> {
    Ok(child.try_wait()?.is_some())
}

async fn gone_on(course: &Course<'_>) -> Result<String, Failure> {
    let (begun, mut gate) = (Instant::now(), Gate { lost: course.orders(), doubled: 0 });
    for _ in 0..RUNS {
        if let Err(reason) = course.run().await? {
            return Ok(format!("{reason}; {}", Gate::of(course).await?));
        }
        gate = Gate::of(course).await?;
        if gate.lost == 0 {
            break;
        }
    }
    Ok(format!("{gate}, after {} s", begun.elapsed().as_secs()))
}

async fn count(course: &Course<'_>, sql: &str) -> Result<i64, Failure> {
    Ok(sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&course.pool).await?)
}
