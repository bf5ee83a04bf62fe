//! A wire between the code under test and its server, on which bytes are counted, kept, lost and cut.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf as FromClient, OwnedWriteHalf as ToClient};
use tokio::net::unix::{OwnedReadHalf as FromServer, OwnedWriteHalf as ToServer};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

/// Listens on 127.0.0.1 in front of a server's Unix socket.
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
}

impl Proxy {
    /// Starts it. It ends with the runtime of the test.
    pub async fn start(socket: PathBuf) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let port = listener.local_addr().expect("an address").port();
        let proxy = Proxy { port, wire: Arc::default() };
        tokio::spawn(proxy.wire.clone().listen(listener, socket));
        proxy
    }

    /// The address, through this proxy, of the database that `url` names.
    pub fn url(&self, url: &str) -> String {
        let before = url.split('?').next().unwrap_or_default();
        let database = before.rsplit('/').next().unwrap_or_default();
        format!("postgres://postgres@127.0.0.1:{}/{database}?sslmode=disable", self.port)
    }

    /// How often a client has sent something: its round trips, for sqlx always waits for the answer.
    pub fn bursts(&self) -> usize {
        self.wire.bursts.load(Ordering::SeqCst)
    }

    /// Keeps what clients send from now on, until [`deliver`](Proxy::deliver) or [`lose`](Proxy::lose).
    pub fn hold(&self) {
        self.strike(|faults, all| faults.held = all);
    }

    /// Waits until something is kept.
    pub async fn kept(&self) {
        let mut kept = self.wire.kept.subscribe();
        kept.wait_for(|&kept| kept > 0).await.expect("the wire is there");
    }

    /// Delivers what was kept, also when the client is gone.
    pub fn deliver(&self) {
        self.strike(|faults, _| faults.held = 0);
    }

    /// Throws away what was kept; the server sees its client go.
    pub fn lose(&self) {
        self.strike(|faults, all| (faults.held, faults.lost) = (0, all));
    }

    /// What the server says from now on vanishes.
    pub fn mute(&self) {
        self.strike(|faults, all| faults.muted = all);
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
        let mut open = self.wire.open.subscribe();
        open.wait_for(|open| open.range(..cut).next().is_none()).await.expect("the wire is there");
    }

    fn strike(&self, change: impl FnOnce(&mut Faults, usize)) {
        let all = self.wire.next.load(Ordering::SeqCst);
        self.wire.faults.send_modify(|faults| change(faults, all));
    }
}

impl Wire {
    async fn listen(self: Arc<Self>, listener: TcpListener, socket: PathBuf) {
        while let Ok((client, _)) = listener.accept().await {
            if self.faults.borrow().refusing {
                continue;
            }
            let Ok(server) = UnixStream::connect(&socket).await else { continue };
            let _ = client.set_nodelay(true);
            let number = self.next.fetch_add(1, Ordering::SeqCst);
            self.open.send_if_modified(|open| open.insert(number));
            tokio::spawn(self.clone().carry(number, client, server));
        }
    }

    async fn carry(self: Arc<Self>, number: usize, client: TcpStream, server: UnixStream) {
        let (from_client, to_client) = client.into_split();
        let (from_server, to_server) = server.into_split();
        tokio::join!(self.up(number, from_client, to_server), self.down(number, from_server, to_client));
        self.open.send_if_modified(|open| open.remove(&number));
    }

    async fn up(&self, number: usize, mut client: FromClient, mut server: ToServer) {
        let mut bytes = vec![0; 1 << 16];
        loop {
            let read = tokio::select! {
                read = client.read(&mut bytes) => read.unwrap_or(0),
                () = self.until(|faults| number < faults.cut) => 0,
            };
            if read == 0 {
                return;
            }
            self.bursts.fetch_add(1, Ordering::SeqCst);
            if number < self.faults.borrow().held {
                self.kept.send_modify(|kept| *kept += 1);
                self.until(|faults| number >= faults.held).await;
                self.kept.send_modify(|kept| *kept -= 1);
            }
            let lost = number < self.faults.borrow().lost;
            if lost || server.write_all(&bytes[..read]).await.is_err() {
                return;
            }
        }
    }

    async fn down(&self, number: usize, mut server: FromServer, mut client: ToClient) {
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
        }
        drop(client);
        // Heard to its end: a server that cannot speak would give up what it is doing.
        while server.read(&mut bytes).await.is_ok_and(|read| read > 0) {}
    }

    async fn until(&self, state: impl Fn(&Faults) -> bool) {
        self.faults.subscribe().wait_for(|faults| state(faults)).await.expect("the wire is there");
    }
}
