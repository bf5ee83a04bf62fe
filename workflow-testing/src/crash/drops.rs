//! At each await.

use super::scene::{Scene, at_home, part, warm};
use crate::stage::Stage;
use crate::subject::Provable;
use crate::unproved::Unproved;
use crate::wire::Proxy;
use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;

/// How often it was stopped.
pub(super) async fn sweep<W: Provable<A>, A: Send + Sync + 'static>(
    stage: &mut Stage<'_, W, A>,
    scene: &Scene<W>,
) -> Result<usize, Unproved> {
    let mut polls = 1;
    while !stop(stage, scene, polls).await? {
        polls += 1;
    }
    Ok(polls - 1)
}

/// Whether it came to its end before.
async fn stop<W: Provable<A>, A: Send + Sync + 'static>(
    stage: &mut Stage<'_, W, A>,
    scene: &Scene<W>,
    polls: usize,
) -> Result<bool, Unproved> {
    let place = format!("stopped at await {polls}: its future was dropped there");
    let wire = Proxy::before(stage.subject.database.url()).await?;
    let runtime = stage.subject.connect(&wire.url(stage.subject.database.url())).await?;
    warm(&runtime, &scene.made).await?;
    let ended = polled(scene.made.take(&runtime, &scene.step), polls).await;
    at_home(&runtime).await;
    if let Some(busy) = stage.quiet().await? {
        return Err(scene.broken("leaves a connection of the pool inside a transaction", &place, busy));
    }
    part(&runtime, &wire).await;
    let left = scene.judge(stage, &place).await?;
    match ended {
        Some(told) => scene.believe(&told, left, "undisturbed").map(|()| true),
        None => Ok(false),
    }
}

/// What a future that is polled so many times comes to; dropped where it has not.
async fn polled<T>(future: impl Future<Output = T>, times: usize) -> Option<T> {
    let (mut future, mut polls) = (pin!(future), 0);
    poll_fn(|context| {
        polls += 1;
        match future.as_mut().poll(context) {
            Poll::Ready(value) => Poll::Ready(Some(value)),
            Poll::Pending if polls >= times => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
