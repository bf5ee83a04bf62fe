//! A picture is sent in; a worker draws its thumbnail. What happened meanwhile is told through OpenTelemetry.

pub mod gallery;
pub mod telemetry;

use gallery::{Gallery, Picture, picture};
use sqlx::PgPool;
use std::time::Duration;
use telemetry::TRACES;
use tracing::{Instrument, info_span};
use uuid::Uuid;
use workflow_runtime::{Runtime, Settings, Worker};
use workflow_testing::Server;

/// Whatever may go wrong.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// One request, and a worker until its picture is shown.
///
/// # Errors
///
/// When PostgreSQL is not installed.
pub async fn play() -> Result<(), Failure> {
    let server = Server::private().await?;
    let database = server.create_database().await?;
    let mut settings = Settings::default();
    settings.trace = Some(TRACES);
    let gallery = Runtime::with(PgPool::connect(database.url()).await?, Gallery, settings);
    gallery.migrate(&sqlx::migrate!()).await?;

    let id = Uuid::new_v4();
    request(&gallery, id).instrument(info_span!("POST /pictures")).await?;
    let worker = Worker::new(gallery.clone()).serving::<Picture>().on_parked(|parked| {
        eprintln!("{} will not be tried again: {}", parked.job.key, parked.last_error);
    });
    worker.run(shown(gallery.pool(), id)).await;
    Ok(())
}

/// What a web server would do; the trace may have begun in a browser.
async fn request(gallery: &Runtime<Gallery>, id: Uuid) -> Result<(), Failure> {
    let _ = gallery.create(picture::New { id, name: "sunset".into() }).await?;
    gallery.fire(id, picture::event::Accept).await?;
    Ok(())
}

async fn shown(pool: &PgPool, id: Uuid) {
    while !matches!(Picture::load(pool, id).await, Ok(Some(picture)) if matches!(picture.state, picture::State::Shown(_))) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
