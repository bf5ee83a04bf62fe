//! What the order workflow promises, proved on a real database: stopped, raced and wandered through.

use order::shop::Shop;
use order::workflow::Order;
use workflow_runtime::Runtime;
use workflow_testing::{Database, Subject, Unproved, coverage, crash_sweep, race_matrix, random_walk};

/// A shop with ten packets of tea.
async fn orders() -> Subject<Order, Shop> {
    let database = Database::create().await.unwrap();
    let shop = Runtime::connect(database.url(), Shop::default()).await.unwrap();
    shop.migrate(&sqlx::migrate!()).await.unwrap();
    sqlx::query("INSERT INTO inventory (sku, initial, on_hand) VALUES ('tea', 10, 10)").execute(shop.pool()).await.unwrap();
    Subject::new(&database, |url| async move { Runtime::connect(&url, Shop::default()).await })
        .sample("sku", ["tea"])
        .never("stock that is not accounted for", "SELECT sku FROM inventory WHERE initial < on_hand + reserved")
}

#[tokio::test]
async fn a_crash_leaves_the_whole_transition_or_nothing() -> Result<(), Unproved> {
    let orders = orders().await;
    println!("{}", crash_sweep(&orders).await?);

    let coverage = coverage::<Order>(&orders.database().pool().await?).await?;
    assert!(coverage.missing().is_empty(), "{coverage}");
    Ok(())
}

#[tokio::test]
async fn of_two_at_the_same_time_one_wins_and_the_other_is_told() -> Result<(), Unproved> {
    println!("{}", race_matrix(&orders().await).await?);
    Ok(())
}

#[tokio::test]
async fn wherever_it_wanders_the_model_is_obeyed() -> Result<(), Unproved> {
    println!("{}", random_walk(&orders().await).await?);
    Ok(())
}
