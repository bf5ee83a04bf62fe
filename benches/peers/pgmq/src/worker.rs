//! As many loops as there are clients read messages, do what they say, send what is next, and archive or delete what is done.

use crate::{STEPS, Step};
use peer_shared::{Asked, End, Failure, end, sql, steps_from};
use pgmq::{Message, PGMQueueExt};
use sqlx::PgPool;
use std::time::Duration;
use tokio::task::JoinSet;

/// As in the README: for so many seconds a message that was read is not seen by others.
const HIDDEN: i32 = 30;
/// What `best` reads at once.
const BATCH: i32 = 20;
const PAUSE: Duration = Duration::from_millis(50);

pub(crate) async fn run(asked: &Asked, pool: &PgPool, queue: &PGMQueueExt) -> Result<String, Failure> {
    let mut loops = JoinSet::new();
    for _ in 0..asked.clients {
        let (pool, queue) = (pool.clone(), queue.clone());
        if asked.is_best() {
            loops.spawn(best(pool, queue))
        } else {
            loops.spawn(default(pool, queue))
        };
    }
    let note = if asked.is_best() {
        "a batch of messages is deleted in the transaction of its steps, which sends the next ones"
    } else {
        "step, next message and archiving are three transactions, as the README shows them"
    };
    let watched = end(|| progress(pool.clone()));
    tokio::select! {
        end = watched => Ok(End::noted(&end?, note)),
        Some(failed) = loops.join_next() => Err(failed?.err().unwrap_or_else(|| "a worker ended".into())),
    }
}

async fn progress(pool: PgPool) -> Result<(i64, i64), Failure> {
    Ok(sqlx::query_as(sql::PROGRESS).fetch_one(&pool).await?)
}

/// One after the other, each call on its own.
async fn default(pool: PgPool, queue: PGMQueueExt) -> Result<(), Failure> {
    loop {
        let Some(message) = queue.read::<Step>(STEPS, HIDDEN).await? else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let step = &message.message;
        sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(&pool).await?;
        if let Some(next) = after(step) {
            queue.send(STEPS, &next).await?;
        }
        queue.archive(STEPS, message.msg_id).await?;
    }
}

/// A batch at once, and all of it in one transaction.
async fn best(pool: PgPool, queue: PGMQueueExt) -> Result<(), Failure> {
    loop {
        match queue.read_batch::<Step>(STEPS, HIDDEN, BATCH).await? {
            messages if !messages.is_empty() => together(&pool, &queue, &messages).await?,
            _ => tokio::time::sleep(PAUSE).await,
        }
    }
}

/// If a message was taken by somebody else in the meantime, nothing of it is done here.
async fn together(pool: &PgPool, queue: &PGMQueueExt, messages: &[Message<Step>]) -> Result<(), Failure> {
    let ids: Vec<i64> = messages.iter().map(|message| message.msg_id).collect();
    let mut tx = pool.begin().await?;
    if queue.delete_batch_with_cxn(STEPS, &ids, &mut *tx).await? != ids.len() {
        return Ok(tx.rollback().await?);
    }
    for Message { message: step, .. } in messages {
        sqlx::query(sql::STEP).bind(step.order).bind(&step.to).execute(&mut *tx).await?;
    }
    let next: Vec<Step> = messages.iter().filter_map(|message| after(&message.message)).collect();
    if !next.is_empty() {
        queue.send_batch_with_cxn(STEPS, &next, &mut *tx).await?;
    }
    Ok(tx.commit().await?)
}

fn after(step: &Step) -> Option<Step> {
    let to = steps_from(&step.to).first()?;
    Some(Step { order: step.order, to: (*to).to_owned() })
}
