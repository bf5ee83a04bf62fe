//! By SIGKILL, while a message is on its way.

use super::child::Children;
use super::losses::Messages;
use super::scene::Scene;
use crate::stage::Stage;
use crate::subject::Provable;
use crate::unproved::Unproved;
use crate::wire::Proxy;

/// How often it was killed: before each statement arrived, and after the last one did. For the server, to be killed after one has arrived
/// is the same as before the next one does. A process that came to its end before was not.
pub(super) async fn sweep<W: Provable<A>, A: Send + Sync + 'static>(
    stage: &mut Stage<'_, W, A>,
    scene: &Scene<W>,
    children: &mut Children,
    messages: &Messages,
) -> Result<usize, Unproved> {
    let mut killed = 0;
    for message in &messages.statements {
        killed += usize::from(kill(stage, scene, children, *message, false).await?);
    }
    killed += usize::from(kill(stage, scene, children, messages.all, true).await?);
    Ok(killed)
}

async fn kill<W: Provable<A>, A: Send + Sync + 'static>(
    stage: &mut Stage<'_, W, A>,
    scene: &Scene<W>,
    children: &mut Children,
    message: usize,
    delivered: bool,
) -> Result<bool, Unproved> {
    let wire = Proxy::before(stage.subject.database.url()).await?;
    let mut child = children.take()?;
    child.give(&wire.url(stage.subject.database.url()), &scene.made.creation, &scene.step).await?;
    wire.hold_from(message);
    child.go().await?;
    let (killed, place) = tokio::select! {
        () = wire.kept() => (true, place(message, delivered, &wire.asks())),
        ended = child.ended() => match ended? {
            // It had one message less: nothing is left to be stopped.
            true => (false, "undisturbed, in a process of its own".to_owned()),
            false => return Err(child.failed().await),
        },
    };
    child.kill().await?;
    if delivered {
        wire.deliver()
    } else {
        wire.lose()
    }
    wire.closed().await;
    scene.judge(stage, &place).await?;
    Ok(killed)
}

fn place(message: usize, delivered: bool, asks: &str) -> String {
    let when = if delivered { "after" } else { "before" };
    format!("stopped {when} message {message} arrived: its process was killed by SIGKILL with {asks} on its way")
}
