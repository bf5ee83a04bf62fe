//! Between any two messages: the connection dies.

use super::scene::{Scene, part, warm};
use crate::stage::{PATIENCE, Stage};
use crate::subject::Provable;
use crate::unproved::Unproved;
use crate::wire::{PREPARATION, Proxy};
use std::pin::pin;

/// What dies with the connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// The message: the server never gets it.
    Lost,
    /// The answer: the server has done what it was sent.
    Unanswered,
}

/// The messages of a transition.
#[derive(Debug, Default)]
pub(super) struct Messages {
    /// Their number, and so that of the stops.
    pub(super) all: usize,
    /// Those that do something: a preparation alone changes nothing.
    pub(super) statements: Vec<usize>,
}

pub(super) async fn sweep<W: Provable<A>, A: Send + Sync + 'static>(
    stage: &mut Stage<'_, W, A>,
    scene: &Scene<W>,
    kind: Kind,
) -> Result<Messages, Unproved> {
    let mut messages = Messages::default();
    while let Some(asks) = stop(stage, scene, kind, messages.all + 1).await? {
        messages.all += 1;
        if !asks.starts_with(PREPARATION) {
            messages.statements.push(messages.all);
        }
    }
    Ok(messages)
}

/// What the message asked for; nothing when the transition came to its end before.
async fn stop<W: Provable<A>, A: Send + Sync + 'static>(
    stage: &mut Stage<'_, W, A>,
    scene: &Scene<W>,
    kind: Kind,
    message: usize,
) -> Result<Option<String>, Unproved> {
    let wire = Proxy::before(stage.subject.database.url()).await?;
    let runtime = stage.subject.connect(&wire.url(stage.subject.database.url())).await?;
    warm(&runtime, &scene.made).await?;
    wire.hold_from(message);
    let mut fired = pin!(scene.made.take(&runtime, &scene.step));
    let asks = tokio::select! {
        biased;
        told = &mut fired => {
            wire.deliver();
            part(&runtime, &wire).await;
            let left = scene.judge(stage, "undisturbed").await?;
            return scene.believe(&told, left, "undisturbed").map(|()| None);
        }
        () = wire.kept() => wire.asks(),
    };
    let place = place(kind, message, &asks);
    die(&wire, kind).await;
    let Ok(told) = tokio::time::timeout(PATIENCE, fired).await else {
        return Err(scene.broken("does not come to an end", &place, String::new()));
    };
    part(&runtime, &wire).await;
    let left = scene.judge(stage, &place).await?;
    scene.believe(&told, left, &place).map(|()| Some(asks))
}

fn place(kind: Kind, message: usize, asks: &str) -> String {
    match kind {
        Kind::Lost => format!("stopped before message {message} arrived: the connection died with {asks}"),
        Kind::Unanswered => format!("stopped after message {message} arrived: the connection died with the answer to {asks}"),
    }
}

async fn die(wire: &Proxy, kind: Kind) {
    match kind {
        Kind::Lost => wire.lose(),
        Kind::Unanswered => {
            wire.mute();
            wire.deliver();
            let _ = tokio::time::timeout(PATIENCE / 10, wire.swallowed()).await;
        }
    }
    wire.cut();
}
