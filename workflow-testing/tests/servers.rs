//! Private servers: killed, stopped, restarted, kept and thrown away.

use std::os::unix::net::UnixStream;

use sqlx::Connection;
use workflow_testing::{Database, Error, Server};

async fn ask(database: &Database, question: &'static str) -> String {
    let mut connection = database.connect().await.expect("the database answers");
    sqlx::query_scalar(question).fetch_one(&mut connection).await.expect("an answer")
}

async fn with_a_row(server: &Server) -> Database {
    let database = server.create_database().await.expect("a database");
    let mut connection = database.connect().await.expect("a connection");
    let row = "CREATE TABLE notes AS SELECT 'kept' AS note";
    sqlx::raw_sql(row).execute(&mut connection).await.expect("a table with a row");
    database
}

#[tokio::test]
async fn a_killed_server_restarts_with_its_committed_rows() {
    let server = Server::private().await.expect("a server");
    let database = with_a_row(&server).await;
    let mut open = database.connect().await.expect("a connection");

    server.kill().await.expect("it can be killed");
    assert_eq!(server.pid(), None);
    assert!(open.ping().await.is_err(), "its connections end with it");
    assert!(matches!(database.connect().await, Err(Error::Database { .. })));

    server.restart().await.expect("it starts again");
    assert_eq!(ask(&database, "SELECT note FROM notes").await, "kept");
}

#[tokio::test]
async fn a_server_can_be_stopped_and_a_running_one_restarted() {
    let server = Server::private().await.expect("a server");
    let database = with_a_row(&server).await;
    server.stop().await.expect("it stops");
    assert!(UnixStream::connect(server.socket_path()).is_err());
    server.restart().await.expect("it starts");
    let first = server.pid();
    server.restart().await.expect("it starts again");
    assert_ne!(server.pid(), first);
    assert_eq!(ask(&database, "SELECT note FROM notes").await, "kept");
}

#[tokio::test]
async fn a_dropped_server_leaves_nothing() {
    let server = Server::private().await.expect("a server");
    let socket = server.socket_path();
    let folder = socket.ancestors().nth(2).expect("the folder of the server");
    assert!(UnixStream::connect(&socket).is_ok() && folder.exists());
    drop(server);
    assert!(!folder.exists());
}

#[tokio::test]
async fn a_kept_server_has_one_owner_and_keeps_its_data() {
    let name = format!("test-{}", std::process::id());
    let server = Server::builder().kept(&name).start().await.expect("a server");
    let database = with_a_row(&server).await;
    let second = Server::builder().kept(&name).start().await;
    assert!(matches!(second, Err(Error::InUse { .. })));
    drop(server);

    let server = Server::builder().kept(&name).start().await.expect("the server again");
    assert_eq!(ask(&database, "SELECT note FROM notes").await, "kept");
    let folder = server.socket_path().ancestors().nth(2).expect("its folder").to_owned();
    drop(server);
    std::fs::remove_dir_all(folder).expect("the kept folder is there to be removed");
}

#[tokio::test]
async fn only_durable_servers_wait_for_the_disk() {
    let durable = Server::private().await.expect("a server");
    let database = durable.create_database().await.expect("a database");
    assert_eq!(ask(&database, "SHOW fsync").await, "on");

    let quick = Server::builder().durable(false).setting("work_mem", "7MB").start().await.expect("a server");
    let database = quick.create_database().await.expect("a database");
    assert_eq!(ask(&database, "SHOW fsync").await, "off");
    assert_eq!(ask(&database, "SHOW work_mem").await, "7MB");
}

#[tokio::test]
async fn a_failed_start_shows_the_log() {
    let failed = Server::builder().setting("work_mem", "a lot").start().await;
    let text = failed.expect_err("there is no such setting").to_string();
    assert!(text.contains("work_mem"), "{text}");
}

#[tokio::test]
async fn a_kept_name_is_no_path() {
    let refused = Server::builder().kept("../elsewhere").start().await;
    assert!(matches!(refused, Err(Error::WrongName { .. })));
}
