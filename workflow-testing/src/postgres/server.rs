//! Servers: one for all tests of a process, or one of your own to kill.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustix::process::Signal;

use super::folder::{self, Folder};
use super::postmaster::{self, Postmaster};
use super::{Base, Database, Error, Installation, data};

static SHARED: OnceLock<Server> = OnceLock::new();

/// A PostgreSQL server, which stops when it is dropped or when its process ends, however that happens.
///
/// Its superuser is `postgres`. It listens on a Unix socket only, in a folder no other user can enter,
/// and asks for no password.
#[derive(Debug, Clone)]
pub struct Server {
    running: Arc<Running>,
}

#[derive(Debug)]
struct Running {
    /// `None` while it is stopped.
    postmaster: Mutex<Option<Postmaster>>,
    settings: Vec<String>,
    folder: Folder,
    installation: Installation,
}

/// What a server shall be like. See [`Server::builder`].
#[derive(Debug, Clone)]
pub struct ServerBuilder {
    durable: bool,
    kept: Option<String>,
    settings: Vec<String>,
}

impl Server {
    /// The server of this process, started by whoever asks first. It does not wait for the disk, so
    /// that a database a test is quick; to kill and restart one, take a [private](Server::private).
    ///
    /// # Errors
    ///
    /// When PostgreSQL is not installed or does not start. The next call tries again.
    pub async fn shared() -> Result<&'static Server, Error> {
        static STARTING: Mutex<()> = Mutex::new(());
        if let Some(server) = SHARED.get() {
            return Ok(server);
        }
        blocking(|| {
            let _one = STARTING.lock().unwrap_or_else(PoisonError::into_inner);
            match SHARED.get() {
                Some(server) => Ok(server),
                None => {
                    let server = Server::builder().durable(false).start_now()?;
                    end_with_process();
                    Ok(SHARED.get_or_init(|| server))
                }
            }
        })
        .await
    }

    /// A server of your own, to [`kill`](Server::kill) and [`restart`](Server::restart).
    ///
    /// # Errors
    ///
    /// When PostgreSQL is not installed or does not start.
    pub async fn private() -> Result<Server, Error> {
        Server::builder().start().await
    }

    /// For a server with other settings: durable and thrown away, if nothing else is said.
    pub fn builder() -> ServerBuilder {
        ServerBuilder { durable: true, kept: None, settings: Vec::new() }
    }

    /// The address of its database `postgres`.
    pub fn url(&self) -> String {
        format!("postgres://postgres@localhost/postgres?host={}", self.running.folder.socket().display())
    }

    /// The Unix socket it listens on, for a proxy between it and the code under test.
    pub fn socket_path(&self) -> PathBuf {
        self.running.folder.socket().join(".s.PGSQL.5432")
    }

    pub(super) fn installation(&self) -> &Installation {
        &self.running.installation
    }

    /// The id of its first process; `None` when it was stopped or killed.
    pub fn pid(&self) -> Option<u32> {
        self.running.postmaster().as_ref().map(Postmaster::pid)
    }

    /// A new, empty database on this server.
    ///
    /// # Errors
    ///
    /// When the server is stopped.
    pub async fn create_database(&self) -> Result<Database, Error> {
        Database::create_on(&self.url()).await
    }

    /// Kills it without a warning (SIGKILL) and returns when all its processes are gone.
    ///
    /// # Errors
    ///
    /// When a process stays, busy with a long statement: PostgreSQL's processes end when they next wait.
    pub async fn kill(&self) -> Result<(), Error> {
        self.change(|running| running.end(Signal::KILL)).await
    }

    /// Stops it properly, breaking off what it was asked to do.
    ///
    /// # Errors
    ///
    /// When it stays after a minute and a kill.
    pub async fn stop(&self) -> Result<(), Error> {
        self.change(|running| running.end(Signal::INT)).await
    }

    /// Starts it again with the same data, at the same address; stops it before if it runs.
    ///
    /// # Errors
    ///
    /// When it does not stop or does not start.
    pub async fn restart(&self) -> Result<(), Error> {
        self.change(|running| {
            running.end(Signal::INT)?;
            running.start()
        })
        .await
    }

    async fn change(&self, how: impl FnOnce(&Running) -> Result<(), Error> + Send + 'static) -> Result<(), Error> {
        let running = Arc::clone(&self.running);
        blocking(move || how(&running)).await
    }
}

impl ServerBuilder {
    /// Whether a commit waits for the disk (`fsync`), as it does in production. One that is neither
    /// durable nor kept lives in memory where there is room.
    pub fn durable(mut self, durable: bool) -> ServerBuilder {
        self.durable = durable;
        self
    }

    /// Keeps the data under this name, for the next server with the same name: for an example that is
    /// killed and started again. The data stays below `/tmp` until the machine starts anew.
    pub fn kept(mut self, name: impl Into<String>) -> ServerBuilder {
        self.kept = Some(name.into());
        self
    }

    /// Any setting of PostgreSQL, as in `postgresql.conf`.
    pub fn setting(mut self, name: &str, value: &str) -> ServerBuilder {
        self.settings.push(format!("{name}={value}"));
        self
    }

    /// Starts the server and waits until it takes connections.
    ///
    /// # Errors
    ///
    /// When PostgreSQL is not installed or does not start, or another process has the kept server.
    pub async fn start(self) -> Result<Server, Error> {
        blocking(move || self.start_now()).await
    }

    fn start_now(self) -> Result<Server, Error> {
        let forgets = !self.durable && self.kept.is_none();
        let base = if forgets { Base::in_memory() } else { Base::on_disk() };
        let installation = Installation::find(base?)?;
        folder::sweep(&installation)?;
        let folder = match &self.kept {
            Some(name) => Folder::kept(&installation, name)?,
            None => Folder::throwaway(&installation)?,
        };
        data::fill(&installation, &folder.data())?;
        let settings = self.all_settings();
        let running = Running { postmaster: Mutex::default(), settings, folder, installation };
        running.start()?;
        Ok(Server { running: Arc::new(running) })
    }

    fn all_settings(self) -> Vec<String> {
        let durable = if self.durable { "on" } else { "off" };
        let mut settings = vec![
            "listen_addresses=".to_owned(),
            "max_connections=300".to_owned(),
            "timezone=UTC".to_owned(), // rather than the machine's
            format!("fsync={durable}"),
            format!("full_page_writes={durable}"),
        ];
        settings.extend(self.settings); // the last one counts
        settings
    }
}

impl Running {
    fn postmaster(&self) -> std::sync::MutexGuard<'_, Option<Postmaster>> {
        self.postmaster.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn start(&self) -> Result<(), Error> {
        let mut postmaster = self.postmaster();
        let started = Postmaster::start(&self.installation, &self.folder, &self.settings)?;
        *postmaster = Some(started);
        Ok(())
    }

    fn end(&self, signal: Signal) -> Result<(), Error> {
        let mut postmaster = self.postmaster();
        if let Some(mut ending) = postmaster.take() {
            ending.end(signal).map_err(Error::at(&self.folder.data()))?;
        }
        postmaster::wait_until_unused(&self.folder.data()).map(drop)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // What is thrown away needs no checkpoint. Failures leave a folder for the next sweep.
        let signal = if self.folder.is_kept() { Signal::INT } else { Signal::QUIT };
        let _ = self.end(signal);
    }
}

/// Removes the shared server when the process ends by itself: a static is not dropped, and up to a
/// gigabyte of memory would stay in use until the next start.
fn end_with_process() {
    extern "C" fn end() {
        if let Some(server) = SHARED.get() {
            let _ = server.running.end(Signal::QUIT);
            server.running.folder.remove();
        }
    }
    // SAFETY: the function lives as long as the program and does not unwind, as a panic in it aborts.
    unsafe { libc::atexit(end) };
}

/// Work that waits for processes and disks, off the threads on which the tests' own futures run.
pub(super) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    match tokio::task::spawn_blocking(work).await {
        Ok(result) => result,
        Err(failure) => std::panic::resume_unwind(failure.into_panic()),
    }
}
