//! The wire between clients and server. It understands as much of PostgreSQL's protocol as it takes to know a COMMIT, and a statement that
//! commits by itself, so that it can be cut exactly before and exactly after.

mod burst;
mod frames;
mod line;

use crate::Failure;
use line::{Fate, Line};
use sqlx::PgPool;
use std::collections::{BTreeMap, VecDeque};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// Listens on 127.0.0.1 in front of a server's Unix socket; which server may change.
#[derive(Debug, Clone)]
pub(crate) struct Wire {
    port: u16,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    server: Mutex<Server>,
    refusing: AtomicBool,
    next: AtomicU64,
    lines: Mutex<BTreeMap<u64, Arc<Line>>>,
    strikes: Mutex<VecDeque<Strike>>,
    manner: watch::Sender<Manner>,
    seen: Mutex<Seen>,
}

/// Where what is sent goes to, and who tells what waits there.
#[derive(Debug, Clone)]
struct Server {
    socket: PathBuf,
    lookout: PgPool,
}

/// What becomes of the next commit, whoever sends it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strike {
    /// The server never hears of it.
    Before,
    /// The server commits, and nobody is told.
    After,
    /// The sender is cut off; the server hears of it so much later.
    Late(Duration),
}

/// How bytes pass.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Manner {
    /// They wait so long, by chance.
    pub(crate) delay: Duration,
    /// In small pieces.
    pub(crate) split: bool,
    /// Not at all, on every nth connection.
    pub(crate) stalled: Option<u64>,
}

/// What came of it, counted where it is certain.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    /// Commits that never reached the server.
    pub(crate) before: u64,
    /// Commits that took effect, and whose answer did not pass.
    pub(crate) after: u64,
    /// Those that took effect after their sender was cut off.
    pub(crate) late: u64,
    /// Those that arrived late and took no effect: their key was done, or void, or the server was gone.
    pub(crate) idle: u64,
    /// Look-ups that waited for an old backend when its commit went on.
    pub(crate) waiting: u64,
}

impl Wire {
    pub(crate) async fn string(socket: PathBuf, lookout: PgPool) -> Result<Wire, Failure> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let shared = Arc::new(Shared {
            server: Mutex::new(Server { socket, lookout }),
            refusing: AtomicBool::new(false),
            next: AtomicU64::new(0),
            lines: Mutex::default(),
            strikes: Mutex::default(),
            manner: watch::Sender::default(),
            seen: Mutex::default(),
        });
        tokio::spawn(shared.clone().listen(listener));
        Ok(Wire { port, shared })
    }

    /// The address of a database through this wire.
    pub(crate) fn url(&self, database: &str) -> String {
        format!("postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// From now on, another server is at the other end; connections that are open are cut.
    pub(crate) fn lead_to(&self, socket: PathBuf, lookout: PgPool) {
        *lock(&self.shared.server) = Server { socket, lookout };
        self.cut(|_| true);
    }

    /// What shall befall the next commits.
    pub(crate) fn strike(&self, strikes: impl IntoIterator<Item = Strike>) {
        lock(&self.shared.strikes).extend(strikes);
    }

    /// Strikes that nothing was sent for yet are called off.
    pub(crate) fn relent(&self) {
        lock(&self.shared.strikes).clear();
    }

    pub(crate) fn behave(&self, manner: Manner) {
        self.shared.manner.send_replace(manner);
    }

    /// Whether new connections are closed as soon as they are made.
    pub(crate) fn refuse(&self, refusing: bool) {
        self.shared.refusing.store(refusing, Ordering::Relaxed);
    }

    /// Cuts connections on both sides; how many there were.
    pub(crate) fn cut(&self, mut chosen: impl FnMut(u64) -> bool) -> usize {
        let lines = lock(&self.shared.lines);
        let chosen: Vec<_> = lines.iter().filter(|(number, _)| chosen(**number)).collect();
        chosen.iter().for_each(|(_, line)| line.meets(Fate::Cut));
        chosen.len()
    }

    /// Cuts off the senders of all commits that are under way, and leaves the server at it. The ids of its backends.
    pub(crate) fn hang_up_on_commits(&self) -> Vec<i32> {
        let lines = lock(&self.shared.lines);
        let busy: Vec<_> = lines.values().filter(|line| line.commits()).collect();
        busy.iter().for_each(|line| line.meets(Fate::HungUp));
        busy.iter().map(|line| line.backend()).collect()
    }

    /// How many sessions wait for one of these.
    pub(crate) async fn waiting_for(&self, backends: &[i32]) -> u64 {
        self.shared.waiting_for(backends).await
    }

    pub(crate) fn count(&self, count: impl FnOnce(&mut Seen)) {
        count(&mut lock(&self.shared.seen));
    }

    pub(crate) fn seen(&self) -> Seen {
        *lock(&self.shared.seen)
    }
}

impl Shared {
    async fn listen(self: Arc<Self>, listener: TcpListener) {
        while let Ok((client, _)) = listener.accept().await {
            if !self.refusing.load(Ordering::Relaxed) {
                tokio::spawn(self.clone().carry(client));
            }
        }
    }

    async fn carry(self: Arc<Self>, client: TcpStream) {
        let socket = lock(&self.server).socket.clone();
        let Ok(server) = UnixStream::connect(&socket).await else { return };
        let _ = client.set_nodelay(true);
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        let line = Arc::new(Line::new(number, self.clone()));
        lock(&self.lines).insert(number, line.clone());
        line.carry(client, server).await;
        lock(&self.lines).remove(&number);
    }

    fn next_strike(&self) -> Option<Strike> {
        lock(&self.strikes).pop_front()
    }

    async fn waiting_for(&self, backends: &[i32]) -> u64 {
        let lookout = lock(&self.server).lookout.clone();
        let waiting = sqlx::query_scalar::<_, i64>(include_str!("sql/waiting.sql")).bind(backends).fetch_one(&lookout).await;
        waiting.map_or(0, i64::unsigned_abs)
    }
}

fn lock<T>(of: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    of.lock().unwrap_or_else(PoisonError::into_inner)
}
