//! Servers seen from other processes: each test here starts itself again as a child, which plays a part.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::Connection;
use workflow_testing::{Database, Server};

/// Set in the child.
const PART: &str = "WORKFLOW_TESTING_PART";

fn plays_a_part() -> bool {
    std::env::var_os(PART).is_some()
}

/// What a child tells its parent, between the lines of the test harness.
fn tell(what: &str) {
    println!("\ntold {what}");
}

fn child(program: &Path, test: &str) -> Command {
    let mut command = Command::new(program);
    command.args([test, "--exact", "--nocapture"]).env(PART, "1").stdout(Stdio::piped());
    command
}

fn told(output: impl Read) -> String {
    let mut lines = BufReader::new(output).lines().map_while(Result::ok);
    let told = lines.find_map(|line| line.strip_prefix("told ").map(str::to_owned));
    told.expect("the child tells something before it ends")
}

/// Lets a child play its part to the end.
fn played(child: &mut Command) -> String {
    let output = child.output().expect("a child");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    told(&output.stdout[..])
}

fn this_program() -> PathBuf {
    std::env::current_exe().expect("a test knows its program")
}

fn wait_until(what: &str, holds: impl Fn() -> bool) {
    let deadline = Instant::now() + Duration::from_secs(60);
    while !holds() {
        assert!(Instant::now() < deadline, "{what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[tokio::test]
async fn a_server_ends_with_its_killed_owner_and_the_next_start_sweeps() {
    if plays_a_part() {
        let server = Server::private().await.expect("a server");
        tell(server.socket_path().to_str().expect("the path is text"));
        std::future::pending::<()>().await;
    }
    let test = "a_server_ends_with_its_killed_owner_and_the_next_start_sweeps";
    let mut owner = child(&this_program(), test).spawn().expect("a child");
    let socket = PathBuf::from(told(owner.stdout.take().expect("its output is ours")));
    let folder = socket.ancestors().nth(2).expect("the folder of the server");
    assert!(UnixStream::connect(&socket).is_ok());

    owner.kill().expect("it can be killed");
    owner.wait().expect("it can be waited for");
    if cfg!(target_os = "linux") {
        wait_until("the server takes connections no more", || UnixStream::connect(&socket).is_err());
    }
    assert!(folder.exists(), "nobody was left to remove it");
    let next = Server::private().await.expect("another server");
    wait_until("the folder is swept, so no process holds its lock", || !folder.exists());
    assert!(UnixStream::connect(next.socket_path()).is_ok(), "the sweep leaves the living alone");
}

#[tokio::test]
async fn the_shared_server_leaves_nothing_when_its_process_ends() {
    if plays_a_part() {
        let server = Server::shared().await.expect("the server");
        assert!(UnixStream::connect(server.socket_path()).is_ok());
        return tell(server.socket_path().to_str().expect("the path is text"));
    }
    let test = "the_shared_server_leaves_nothing_when_its_process_ends";
    let socket = PathBuf::from(played(&mut child(&this_program(), test)));
    assert!(!socket.ancestors().nth(2).expect("the folder of the server").exists());
}

#[tokio::test]
async fn the_server_named_by_the_environment_is_used() {
    if plays_a_part() {
        return tell(Database::create().await.expect("a database").url());
    }
    let server = Server::private().await.expect("a server");
    let mut child = child(&this_program(), "the_server_named_by_the_environment_is_used");
    let told = played(child.env("DATABASE_URL", server.url()));

    let folder = server.url().split_once('?').expect("an address with a folder").1.to_owned();
    assert!(told.ends_with(&folder), "{told}");
    let mut connection = sqlx::PgConnection::connect(&told).await.expect("the database is there");
    connection.ping().await.expect("and answers");
}

#[tokio::test]
async fn a_plain_user_has_servers_too() {
    if plays_a_part() {
        let server = Server::private().await.expect("a server");
        let database = server.create_database().await.expect("a database");
        let mut connection = database.connect().await.expect("a connection");
        let superuser = "SELECT current_user::text || ' ' || current_setting('is_superuser')";
        let told: String = sqlx::query_scalar(superuser).fetch_one(&mut connection).await.expect("a name");
        return tell(&told);
    }
    let program = Program::for_everybody();
    let mut child = child(&program.0, "a_plain_user_has_servers_too");
    child.env_remove("DATABASE_URL").current_dir("/");
    if rustix::process::geteuid().is_root() {
        child.uid(65_534).gid(65_534); // nobody; else we are plain ourselves
    }
    assert_eq!(played(&mut child), "postgres on");
}

/// A copy of this program where every user can run it; the target folder may be private to root.
struct Program(PathBuf);

impl Program {
    fn for_everybody() -> Program {
        let copy = PathBuf::from(format!("/tmp/workflow-testing-{}", std::process::id()));
        std::fs::copy(this_program(), &copy).expect("the program can be copied");
        let mode = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(&copy, mode).expect("its mode can be set");
        Program(copy)
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
