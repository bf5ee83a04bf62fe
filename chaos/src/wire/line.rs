//! One connection.

use super::burst::{Burst, Names, took_effect};
use super::frames::{Frames, texts};
use super::{Seen, Shared, Strike, lock};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicI32, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf as FromClient, OwnedWriteHalf as ToClient};
use tokio::net::unix::{OwnedReadHalf as FromServer, OwnedWriteHalf as ToServer};
use tokio::net::{TcpStream, UnixStream};
use tokio::sync::watch;

#[derive(Debug)]
pub(super) struct Line {
    number: u64,
    shared: Arc<Shared>,
    fate: watch::Sender<Fate>,
    answer: watch::Sender<Answer>,
    backend: AtomicI32,
    /// A commit is under way.
    commits: AtomicBool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Fate {
    Sound,
    /// The client hears nothing from now on, and does not know it.
    Muted,
    /// The client is gone, and the server does not know it.
    HungUp,
    /// Both sides are closed.
    Cut,
}

/// The server's last answer.
#[derive(Debug, Clone, Default)]
struct Answer {
    /// How many there were.
    count: u64,
    /// `I` outside of a transaction.
    status: u8,
    /// What was done.
    tags: Vec<String>,
    /// There will be no more.
    over: bool,
}

/// Longer than a statement waits for its locks.
const PATIENCE: Duration = Duration::from_secs(10);

impl Line {
    pub(super) fn new(number: u64, shared: Arc<Shared>) -> Line {
        let (fate, answer) = (watch::Sender::new(Fate::Sound), watch::Sender::default());
        Line { number, shared, fate, answer, backend: AtomicI32::new(0), commits: AtomicBool::new(false) }
    }

    /// Never better than it was.
    pub(super) fn meets(&self, fate: Fate) {
        self.fate.send_if_modified(|now| {
            let worse = fate > *now;
            *now = (*now).max(fate);
            worse
        });
    }

    pub(super) fn commits(&self) -> bool {
        self.commits.load(Ordering::Relaxed) && *self.fate.borrow() == Fate::Sound
    }

    pub(super) fn backend(&self) -> i32 {
        self.backend.load(Ordering::Relaxed)
    }

    pub(super) async fn carry(&self, client: TcpStream, server: UnixStream) {
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::join!(self.up(from_client, to_server), self.down(from_server, to_client));
    }

    async fn until(&self, fate: Fate) {
        // The sender is ours, so it is there.
        let _ = self.fate.subscribe().wait_for(|now| *now >= fate).await;
    }

    async fn up(&self, mut client: FromClient, mut server: ToServer) {
        let (mut frames, mut names, mut burst) = (Frames::of_client(), Names::default(), Burst::default());
        loop {
            let read = tokio::select! {
                read = client.read_buf(&mut frames.buffer) => read.unwrap_or(0),
                () = self.until(Fate::HungUp) => 0,
            };
            if read == 0 {
                break;
            }
            for frame in frames.by_ref() {
                burst.add(&frame, &mut names, self.answer.borrow().status);
                if burst.is_whole() && !self.send(std::mem::take(&mut burst), &mut server).await {
                    return self.meets(Fate::Cut);
                }
            }
        }
        drop(client);
        if *self.fate.borrow() == Fate::HungUp {
            let asked = self.answer.borrow().count;
            self.answered(asked).await;
        }
        self.meets(Fate::Cut);
    }

    /// Whether the connection goes on.
    async fn send(&self, burst: Burst, server: &mut ToServer) -> bool {
        let asked = self.answer.borrow().count;
        let strike = burst.commits.then(|| self.shared.next_strike()).flatten();
        match strike {
            None => {
                self.commits.store(burst.commits, Ordering::Relaxed);
                self.pass(server, &burst.bytes).await
            }
            Some(Strike::Before) => {
                self.count(|seen| seen.before += 1);
                false
            }
            Some(Strike::After) => {
                self.meets(Fate::Muted);
                if self.deliver(&burst, server, asked).await {
                    self.count(|seen| seen.after += 1);
                }
                false
            }
            Some(Strike::Late(after)) => {
                self.meets(Fate::HungUp);
                tokio::time::sleep(after).await;
                let waiting = self.shared.waiting_for(&[self.backend()]).await;
                let took_effect = self.deliver(&burst, server, asked).await;
                self.count(|seen| match took_effect {
                    true => (seen.late, seen.waiting) = (seen.late + 1, seen.waiting + waiting),
                    false => seen.idle += 1,
                });
                false
            }
        }
    }

    /// Gives it to the server, and waits for the answer. Whether anything was written.
    async fn deliver(&self, burst: &Burst, server: &mut ToServer, asked: u64) -> bool {
        server.write_all(&burst.bytes).await.is_ok() && self.answered(asked).await
    }

    async fn answered(&self, asked: u64) -> bool {
        let mut answers = self.answer.subscribe();
        let answer = tokio::time::timeout(PATIENCE, answers.wait_for(|answer| answer.count > asked || answer.over)).await;
        matches!(answer, Ok(Ok(answer)) if answer.count > asked && took_effect(&answer.tags))
    }

    async fn down(&self, mut server: FromServer, client: ToClient) {
        let (mut frames, mut tags, mut client) = (Frames::of_server(), Vec::new(), Some(client));
        loop {
            let mut bytes = bytes::BytesMut::with_capacity(1 << 14);
            let read = tokio::select! {
                read = server.read_buf(&mut bytes) => read.unwrap_or(0),
                () = self.until(Fate::HungUp), if client.is_some() => {
                    client = None;
                    continue;
                }
                () = self.until(Fate::Cut) => 0,
            };
            if read == 0 {
                break;
            }
            frames.buffer.extend_from_slice(&bytes);
            self.read(&mut frames, &mut tags);
            if let Some(to) = client.as_mut().filter(|_| *self.fate.borrow() == Fate::Sound)
                && !self.pass(to, &bytes).await
            {
                break;
            }
        }
        self.answer.send_modify(|answer| answer.over = true);
        self.meets(Fate::Cut);
    }

    fn read(&self, frames: &mut Frames, tags: &mut Vec<String>) {
        for frame in frames {
            match frame.letter {
                b'C' => tags.extend(texts(frame.body()).next().map(str::to_owned)),
                b'K' => {
                    let id = frame.body().first_chunk().map_or(0, |id| i32::from_be_bytes(*id));
                    self.backend.store(id, Ordering::Relaxed);
                }
                b'Z' => {
                    self.commits.store(false, Ordering::Relaxed);
                    let (status, tags) = (frame.body().first().copied().unwrap_or_default(), std::mem::take(tags));
                    self.answer.send_modify(|answer| *answer = Answer { count: answer.count + 1, status, tags, over: false });
                }
                _ => {}
            }
        }
    }

    /// In the manner of the moment. Whether it arrived.
    async fn pass(&self, to: &mut (impl AsyncWrite + Unpin), bytes: &[u8]) -> bool {
        let manner = *self.shared.manner.borrow();
        if manner.stalled.is_some_and(|nth| self.number.is_multiple_of(nth)) {
            let mut manners = self.shared.manner.subscribe();
            tokio::select! {
                _ = manners.wait_for(|manner| manner.stalled.is_none()) => {}
                () = self.until(Fate::Cut) => return false,
            }
        }
        if !manner.delay.is_zero() {
            tokio::time::sleep(manner.delay.mul_f64(fastrand::f64())).await;
        }
        let pieces = if manner.split { bytes.len().min(fastrand::usize(2..6)) } else { 1 };
        for piece in bytes.chunks(bytes.len().div_ceil(pieces).max(1)) {
            if to.write_all(piece).await.is_err() {
                return false;
            }
            if pieces > 1 {
                tokio::task::yield_now().await;
            }
        }
        true
    }

    fn count(&self, count: impl FnOnce(&mut Seen)) {
        count(&mut lock(&self.shared.seen));
    }
}
