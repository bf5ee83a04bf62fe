//! PgBouncer in front of a server, in transaction mode.

use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use rustix::process::Signal;

use super::folder::Folder;
use super::postmaster::{last_lines, spawn};
use super::server::blocking;
use super::{Error, Installation, Server, url};

const PATIENCE: Duration = Duration::from_secs(30);

/// Part of the name of the socket, and nothing more.
const PORT: &str = "6432";

/// PgBouncer in transaction mode, between the code under test and a server: a client has a server's connection for no longer than
/// a transaction, and four of them are shared by all clients of a database. It ends when it is dropped or when its process ends; on
/// other systems than Linux it stays when the process is killed.
///
/// It has PgBouncer's own defaults, and names of statements are not kept apart, as before PgBouncer 1.21. So it refuses clients
/// that say `extra_float_digits` at the start, as sqlx does by itself.
#[derive(Debug, Clone)]
pub struct Pooler {
    running: Arc<Running>,
}

#[derive(Debug)]
struct Running {
    child: Child,
    folder: Folder,
    /// Keeps the thread that started it; see [`spawn`].
    _thread: mpsc::Sender<()>,
    /// A pooler without its server is of no use.
    _server: Server,
}

impl Pooler {
    /// Starts the installed PgBouncer before a server and waits until it takes connections.
    ///
    /// # Errors
    ///
    /// When PgBouncer is not installed or does not start.
    pub async fn before(server: &Server) -> Result<Pooler, Error> {
        let server = server.clone();
        blocking(move || Pooler::start(server)).await
    }

    /// The address, through this pooler, of the database that `url` names. Its user is `postgres`.
    pub fn url(&self, url: &str) -> String {
        url::with_server(url, &format!("postgres@localhost:{PORT}"), &self.running.folder.socket())
    }

    /// The Unix socket it listens on, for a proxy between it and the code under test.
    pub fn socket_path(&self) -> PathBuf {
        socket(&self.running.folder)
    }

    fn start(server: Server) -> Result<Pooler, Error> {
        let program = program()?;
        let of = server.installation();
        let folder = Folder::throwaway(of)?;
        let configuration = configure(of, &folder, &server, &program)?;
        let mut command = of.account.command(&program);
        command.arg("-q").arg(configuration).stdin(Stdio::null()).stdout(Stdio::null()).stderr(folder.open_log()?);
        command.process_group(0); // Ctrl-C is for the tests
        let (child, thread) = spawn(command, Signal::KILL).map_err(Error::running(&program))?;
        let mut running = Running { child, folder, _thread: thread, _server: server };
        running.wait_until_ready()?;
        Ok(Pooler { running: Arc::new(running) })
    }
}

impl Running {
    fn wait_until_ready(&mut self) -> Result<(), Error> {
        let socket = socket(&self.folder);
        let failed = |why, folder: &Folder| Error::PoolerStart { why, log: last_lines(&folder.log()) };
        let deadline = Instant::now() + PATIENCE;
        while UnixStream::connect(&socket).is_err() {
            if let Ok(Some(status)) = self.child.try_wait() {
                return Err(failed(format!("it ended with {status}"), &self.folder));
            }
            if Instant::now() > deadline {
                return Err(failed(format!("it was not ready after {PATIENCE:?}"), &self.folder));
            }
            thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It has nothing to keep.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn socket(folder: &Folder) -> PathBuf {
    folder.socket().join(format!(".s.PGSQL.{PORT}"))
}

/// Its files, where the account that runs it may read them.
fn configure(of: &Installation, folder: &Folder, server: &Server, program: &Path) -> Result<PathBuf, Error> {
    let write = |name: &str, text: String| {
        let path = folder.data().join(name);
        std::fs::write(&path, text).map_err(Error::at(&path))?;
        of.account.own(&path)?;
        Ok::<_, Error>(path)
    };
    let users = write("users.txt", "\"postgres\" \"\"\n".to_owned())?;
    let socket = server.socket_path();
    let server = socket.parent().unwrap_or(&socket).display();
    let (own, users) = (folder.socket(), users.display().to_string());
    // Since 1.21 names can be kept apart; 1.18 refuses to read of it.
    let names = if keeps_names_apart(program)? { "max_prepared_statements = 0\n" } else { "" };
    let text = format!(
        "[databases]\n* = host={server} port=5432\n[pgbouncer]\npool_mode = transaction\ndefault_pool_size = 4\n\
         max_client_conn = 2000\nserver_login_retry = 0.1\nlisten_addr =\nlisten_port = {PORT}\nunix_socket_dir = {}\n\
         auth_type = trust\nauth_file = {users}\n{names}",
        own.display()
    );
    write("pgbouncer.ini", text)
}

/// From what `pgbouncer --version` says: `PgBouncer 1.18.0` and more lines.
fn keeps_names_apart(program: &Path) -> Result<bool, Error> {
    let output = Command::new(program).arg("--version").output().map_err(Error::running(program))?;
    let said = String::from_utf8_lossy(&output.stdout);
    let version = said.split_whitespace().nth(1).unwrap_or_default();
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    Ok((numbers.next(), numbers.next()) >= (Some(1), Some(21)))
}

fn program() -> Result<PathBuf, Error> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let usual = ["/usr/sbin", "/usr/local/sbin", "/opt/homebrew/bin", "/usr/local/bin"].map(PathBuf::from);
    let mut places = std::env::split_paths(&path).chain(usual).map(|folder| folder.join("pgbouncer"));
    places.find(|program| program.is_file()).ok_or(Error::NoPooler)
}
