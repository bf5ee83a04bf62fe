//! The way from the code under test to its database.

use std::path::PathBuf;
use workflow_testing::{Database, Pooler, Server};

/// Direct, or through PgBouncer in transaction mode.
#[derive(Debug)]
pub struct Road(Option<Pooler>);

impl Road {
    /// To the databases of a server.
    pub async fn to(server: &Server, pooled: bool) -> Road {
        match pooled {
            true => Road(Some(Pooler::before(server).await.unwrap_or_else(|error| panic!("{error}")))),
            false => Road::direct(),
        }
    }

    /// Without anything in between.
    pub fn direct() -> Road {
        Road(None)
    }

    /// The address of a database.
    pub fn url(&self, db: &Database) -> String {
        self.0.as_ref().map_or_else(|| db.url().to_owned(), |pooler| pooler.url(db.url()))
    }

    /// The socket at its beginning.
    pub fn socket(&self, server: &Server) -> PathBuf {
        self.0.as_ref().map_or_else(|| server.socket_path(), Pooler::socket_path)
    }
}
