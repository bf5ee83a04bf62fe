//! What the claim workflow promises, proved on a real database: stopped, raced and wandered through.

use approval::claim::Claim;
use approval::office::Office;
use workflow_runtime::Runtime;
use workflow_testing::{Database, Subject, Unproved, crash_sweep, race_matrix, random_walk};

async fn claims() -> Subject<Claim, Office> {
    let database = Database::create().await.unwrap();
    let office = Runtime::connect(database.url(), Office::default()).await.unwrap();
    office.migrate(&sqlx::migrate!()).await.unwrap();
    // A manager decides about the first, and only the director about the second.
    Subject::new(&database, |url| async move { Runtime::connect(&url, Office::default()).await }).sample("amount", [40, 4_000])
}

#[tokio::test]
async fn a_crash_leaves_the_whole_transition_or_nothing() -> Result<(), Unproved> {
    println!("{}", crash_sweep(&claims().await).await?);
    Ok(())
}

#[tokio::test]
async fn of_two_at_the_same_time_one_wins_and_the_other_is_told() -> Result<(), Unproved> {
    println!("{}", race_matrix(&claims().await).await?);
    Ok(())
}

#[tokio::test]
async fn wherever_it_wanders_the_model_is_obeyed() -> Result<(), Unproved> {
    println!("{}", random_walk(&claims().await).await?);
    Ok(())
}
