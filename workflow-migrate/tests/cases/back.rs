//! What the way back of an expand phase would lose is counted first.

use crate::phases::Phases;
use crate::rows::run;

#[tokio::test(flavor = "multi_thread")]
async fn a_value_that_the_old_column_cannot_hold_is_not_given_up() {
    let at = Phases::new("field-converted").await;
    at.to(2999).await.unwrap();
    run(&at.pool, "INSERT INTO orders (id, sku, grams) VALUES (gen_random_uuid(), 'a', 2000), (gen_random_uuid(), 'b', 1234)")
        .await;
    let error = at.back(1000).await.unwrap_err().to_string();
    assert!(error.contains("1 rows have a value for grams that quantity does not hold"), "{error}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_value_in_a_state_that_the_old_column_does_not_know_is_not_given_up() {
    let at = Phases::new("state-field-renamed-and-moved").await;
    at.to(2999).await.unwrap();
    run(&at.pool, "INSERT INTO orders (id, sku, quantity) VALUES (gen_random_uuid(), 'a', 1)").await;
    run(&at.pool, "SELECT orders_force(id, 'picked', '{\"depot\": \"north\"}', 'test') FROM orders").await;
    let error = at.back(1000).await.unwrap_err().to_string();
    assert!(error.contains("1 rows have a value for depot that warehouse does not hold"), "{error}");
}
