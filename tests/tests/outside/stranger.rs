//! A crate of somebody else's, with a workflow of its own.

#![deny(warnings, missing_docs)]

use uuid::Uuid;
use workflow_runtime::{Runtime, workflow};

workflow! {
    /// A ticket.
    #[snapshot = "migrations/.workflow/ticket.json"]
    workflow Ticket in tickets {
        id: Uuid,
        title: String,
        states {
            initial Open,
            Assigned { assignee: String },
            final Closed { resolution: Option<String> },
        }
        transitions {
            assign(assignee: String): Open | Assigned -> Assigned,
            close(resolution: Option<String>): Assigned -> Closed with log_it,
            give_up: Open -> Closed { resolution: None } after 14 days,
        }
    }
}

struct App;

impl ticket::Effects for App {
    type Error = sqlx::Error;

    async fn log_it(
        &self,
        tx: &mut sqlx::PgConnection,
        _: &Ticket<ticket::Assigned>,
        after: &Ticket<ticket::Closed>,
        _: &ticket::event::Close,
    ) -> Result<(), sqlx::Error> {
        sqlx::query("INSERT INTO log (line) VALUES ($1)").bind(&after.title).execute(tx).await.map(|_| ())
    }
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let app = Runtime::connect(&std::env::var("DATABASE_URL")?, App).await?;
    app.migrate(&sqlx::migrate!()).await?;
    sqlx::query("CREATE TABLE log (line text)").execute(app.pool()).await?;
    let id = Uuid::new_v4();
    app.create(ticket::New { id, title: "it does not work".into() }).await?;
    app.fire(id, ticket::event::Assign { assignee: "ann".into() }).await?;
    let mut tx = app.begin().await?;
    let ticket = tx.lock::<Ticket<ticket::Assigned>>(id).await?;
    let closed = ticket.close(&mut tx, Some("it does".into())).await?;
    tx.commit().await?;
    println!("{} {:?}", closed.version(), closed.state);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{App, Ticket};
    use workflow_runtime::Runtime;
    use workflow_testing::{Database, Subject, crash_sweep, race_matrix, random_walk};

    #[tokio::test]
    async fn a_ticket_keeps_its_promises() -> Result<(), Box<dyn std::error::Error>> {
        let database = Database::create().await?;
        let app = Runtime::connect(database.url(), App).await?;
        app.migrate(&sqlx::migrate!()).await?;
        sqlx::query("CREATE TABLE log (line text)").execute(app.pool()).await?;
        let tickets = Subject::<Ticket, _>::new(&database, |url| async move { Runtime::connect(&url, App).await });
        println!("{}", crash_sweep(&tickets).await?);
        println!("{}", race_matrix(&tickets).await?);
        println!("{}", random_walk(&tickets).await?);
        Ok(())
    }
}
