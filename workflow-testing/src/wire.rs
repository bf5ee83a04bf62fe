//! A wire between the code under test and its server, on which bytes are counted, kept, lost and cut.

mod server;
mod statement;

use crate::postgres::url;
use server::Server;
pub(crate) use statement::PREPARATION;
use statement::Statements;
use std::collections::BTreeSet;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf as FromClient, OwnedWriteHalf as ToClient};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;

/// Listens on 127.0.0.1 in front of a server, for tests of what becomes of a transition when its connection dies.
///
/// A fault strikes the connections that are open when it is called for. Later ones are sound, and so the code under test can
/// look, through the same address, for what became of the first.
#[derive(Debug, Clone)]
pub struct Proxy {
    port: u16,
    wire: Arc<Wire>,
}

#[derive(Debug, Default)]
struct Wire {
    bursts: AtomicUsize,
    next: AtomicUsize,
    faults: watch::Sender<Faults>,
    /// How many bursts are kept back.
    kept: watch::Sender<usize>,
    /// What the last one of them asks for.
    asks: Mutex<String>,
    /// How many answers have vanished.
    swallowed: watch::Sender<usize>,
    /// The connections whose server's side is open.
    open: watch::Sender<BTreeSet<usize>>,
}

/// Connections are numbered; each fault strikes those below a number.
#[derive(Debug, Default, Clone, Copy)]
struct Faults {
    held: usize,
    lost: usize,
    muted: usize,
    cut: usize,
    refusing: bool,
    /// The number of the burst from which on all are kept.
    held_from: Option<usize>,
}

impl Proxy {
    /// Before a server that listens on this Unix socket. It ends with the runtime of the test.
    ///
    /// # Errors
    ///
    /// When there is no free port.
    pub async fn start(socket: PathBuf) -> io::Result<Proxy> {
        Proxy::to(Server::Unix(socket)).await
    }

    /// Before the server that an address names.
    ///
    /// # Errors
    ///
    /// When the address cannot be read, or there is no free port.
    pub async fn before(url: &str) -> io::Result<Proxy> {
        Proxy::to(Server::of(url)?).await
    }

    async fn to(server: Server) -> io::Result<Proxy> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let port = listener.local_addr()?.port();
        let proxy = Proxy { port, wire: Arc::default() };
        tokio::spawn(proxy.wire.clone().listen(listener, server));
        Ok(proxy)
    }

    /// The address, through this proxy, of the database that `url` names.
    pub fn url(&self, url: &str) -> String {
        url::through(url, self.port)
    }

    /// How often a client has sent something: its round trips, for sqlx always waits for the answer.
    pub fn bursts(&self) -> usize {
        self.wire.bursts.load(Ordering::SeqCst)
    }

    /// Keeps what clients send from now on, until [`deliver`](Proxy::deliver) or [`lose`](Proxy::lose).
    pub fn hold(&self) {
        self.strike(|faults, all| faults.held = all);
    }

    /// The same from the `nth` burst on that is sent from now on, counted from 1.
    pub fn hold_from(&self, nth: usize) {
        let from = self.bursts() + nth;
        self.strike(|faults, _| faults.held_from = Some(from));
    }

    /// Waits until something is kept.
    pub async fn kept(&self) {
        reached(&self.wire.kept, |&kept| kept > 0).await;
    }

    /// What was kept last, in words: the statement that it sends, and whether it is only prepared.
    pub fn asks(&self) -> String {
        self.wire.asks().clone()
    }

    /// Delivers what was kept, also when the client is gone.
    pub fn deliver(&self) {
        self.strike(|faults, _| (faults.held, faults.held_from) = (0, None));
    }

    /// Throws away what was kept; the server sees its client go.
    pub fn lose(&self) {
        self.strike(|faults, all| (faults.held, faults.held_from, faults.lost) = (0, None, all));
    }

    /// What the server says from now on vanishes.
    pub fn mute(&self) {
        self.strike(|faults, all| faults.muted = all);
    }

    /// Waits until an answer has vanished so: the server has done what it was sent.
    pub async fn swallowed(&self) {
        reached(&self.wire.swallowed, |&swallowed| swallowed > 0).await;
    }

    /// Cuts the connections. The server notices when it has been given what was kept.
    pub fn cut(&self) {
        self.strike(|faults, all| faults.cut = all);
    }

    /// Whether new connections are closed as soon as they are made.
    pub fn refuse(&self, refusing: bool) {
        self.strike(|faults, _| faults.refusing = refusing);
    }

    /// Waits until the server has finished with the connections that were cut, and so with what was delivered late.
    pub async fn gone(&self) {
        let cut = self.wire.faults.borrow().cut;
        reached(&self.wire.open, |open| open.range(..cut).next().is_none()).await;
    }

    /// Waits until the server has finished with all connections.
    pub async fn closed(&self) {
        reached(&self.wire.open, BTreeSet::is_empty).await;
    }

    fn strike(&self, change: impl FnOnce(&mut Faults, usize)) {
        let all = self.wire.next.load(Ordering::SeqCst);
        self.wire.faults.send_modify(|faults| change(faults, all));
    }
}

/// The sender lives as long as the wire, so there is no error to meet.
async fn reached<T>(watched: &watch::Sender<T>, state: impl FnMut(&T) -> bool) {
    let _ = watched.subscribe().wait_for(state).await;
}

impl Wire {
    async fn listen(self: Arc<Self>, listener: TcpListener, server: Server) {
        while let Ok((client, _)) = listener.accept().await {
            if self.faults.borrow().refusing {
                continue;
            }
            let Ok((from_server, to_server)) = server.connect().await else { continue };
            let _ = client.set_nodelay(true);
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            self.open.send_if_modified(|open| open.insert(number));
            tokio::spawn(self.clone().carry(number, client, from_server, to_server));
        }
    }

    async fn carry(
        self: Arc<Self>,
        number: usize,
        client: TcpStream,
        from_server: impl AsyncRead + Unpin,
        to_server: impl AsyncWrite + Unpin,
    ) {
        let (from_client, to_client) = client.into_split();
        tokio::join!(self.up(number, from_client, to_server), self.down(number, from_server, to_client));
        self.open.send_if_modified(|open| open.remove(&number));
    }

    async fn up(&self, number: usize, mut client: FromClient, mut server: impl AsyncWrite + Unpin) {
        let mut bytes = vec![0; 1 << 16];
        let mut statements = Statements::default();
        loop {
            let read = tokio::select! {
                read = client.read(&mut bytes) => read.unwrap_or(0),
                () = self.until(|faults| number < faults.cut) => 0,
            };
            if read == 0 {
                return;
            }
            let asks = statements.read(&bytes[..read]);
            let burst = self.bursts.fetch_add(1, Ordering::SeqCst) + 1;
            if self.faults.borrow().hold(number, burst) {
                *self.asks() = asks;
                self.kept.send_modify(|kept| *kept += 1);
                self.until(|faults| !faults.hold(number, burst)).await;
                self.kept.send_modify(|kept| *kept -= 1);
            }
            let lost = number < self.faults.borrow().lost;
            if lost || server.write_all(&bytes[..read]).await.is_err() {
                return;
            }
        }
    }

    async fn down(&self, number: usize, mut server: impl AsyncRead + Unpin, mut client: ToClient) {
        let mut bytes = vec![0; 1 << 16];
        loop {
            let read = tokio::select! {
                read = server.read(&mut bytes) => read.unwrap_or(0),
                () = self.until(|faults| number < faults.cut) => break,
            };
            let muted = number < self.faults.borrow().muted;
            if read == 0 || (!muted && client.write_all(&bytes[..read]).await.is_err()) {
                break;
            }
            if muted {
                self.swallowed.send_modify(|swallowed| *swallowed += 1);
            }
        }
        drop(client);
        // Heard to its end: a server that cannot speak would give up what it is doing.
        while server.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
    }

    async fn until(&self, state: impl Fn(&Faults) -> bool) {
        reached(&self.faults, |faults| state(faults)).await;
    }

    fn asks(&self) -> std::sync::MutexGuard<'_, String> {
        self.asks.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Faults {
    fn hold(&self, connection: usize, burst: usize) -> bool {
        connection < self.held || self.held_from.is_some_and(|from| burst >= from)
    }
}
