//! A database a test, on the server of this process or the one named by `DATABASE_URL`.

use std::thread;

use sqlx::{Connection, PgPool};
use workflow_testing::{Database, Server};

async fn tables(pool: &PgPool) -> i64 {
    let count = "SELECT count(*) FROM pg_tables WHERE schemaname = 'public'";
    sqlx::query_scalar(count).fetch_one(pool).await.expect("the database answers")
}

#[tokio::test]
async fn two_databases_are_separate() {
    let one = Database::create().await.expect("a database");
    let other = Database::create().await.expect("another database");
    let (one, other) = (one.pool().await.expect("a pool"), other.pool().await.expect("a pool"));
    sqlx::raw_sql("CREATE TABLE orders ()").execute(&one).await.expect("a table");
    assert_eq!((tables(&one).await, tables(&other).await), (1, 0));
}

#[test]
fn tests_at_the_same_time_in_runtimes_of_their_own_share_the_server() {
    let one_test = || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        runtime.expect("a runtime").block_on(async {
            let database = Database::create().await.expect("a database");
            tables(&database.pool_with(2).await.expect("a pool")).await
        })
    };
    let tests: Vec<_> = (0..16).map(|_| thread::spawn(one_test)).collect();
    for test in tests {
        assert_eq!(test.join().expect("no test fails"), 0);
    }
}

#[tokio::test]
async fn another_role_connects_with_its_own_rights() {
    let server = Server::shared().await.expect("the server");
    let database = server.create_database().await.expect("a database");
    let mut superuser = database.connect().await.expect("a connection");
    let setup = "CREATE ROLE \"an app\" LOGIN; CREATE TABLE secrets ()";
    sqlx::raw_sql(setup).execute(&mut superuser).await.expect("a role and a table");

    let address = database.url_as("an app");
    let mut app = sqlx::PgConnection::connect(&address).await.expect("the role is let in");
    let who: String = sqlx::query_scalar("SELECT current_user::text").fetch_one(&mut app).await.expect("a name");
    assert_eq!(who, "an app");
    let refused = sqlx::query("SELECT FROM secrets").fetch_all(&mut app).await.expect_err("no right to read");
    assert_eq!(refused.as_database_error().and_then(|error| error.code()).as_deref(), Some("42501"));
}
