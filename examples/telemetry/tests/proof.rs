//! What the picture workflow promises, proved on a real database: stopped, raced and wandered through.

use telemetry::gallery::{Gallery, Picture};
use workflow_runtime::Runtime;
use workflow_testing::{Database, Subject, Unproved, crash_sweep, race_matrix, random_walk};

#[tokio::test]
async fn a_picture_keeps_its_promises() -> Result<(), Unproved> {
    let database = Database::create().await?;
    let gallery = Runtime::connect(database.url(), Gallery).await?;
    gallery.migrate(&sqlx::migrate!()).await.expect("the migrations of the example");
    let pictures = Subject::<Picture, _>::new(&database, |url| async move { Runtime::connect(&url, Gallery).await });
    println!("{}", crash_sweep(&pictures).await?);
    println!("{}", race_matrix(&pictures).await?);
    println!("{}", random_walk(&pictures).await?);
    Ok(())
}
