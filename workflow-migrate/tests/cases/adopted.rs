//! A table that was there before the workflow, whose constraints may have any name.

use crate::folder::case;
use crate::phases::Phases;
use crate::rows::run;

/// Both rows have the same `sku`.
const TWICE: &str = "INSERT INTO purchases (id, sku, mail, quantity)
    VALUES (gen_random_uuid(), 'a', 'a', 1), (gen_random_uuid(), 'a', 'b', 1)";

async fn no_more_unique(name: &str, first: &str) {
    let moved = case("adopted-moved");
    let after = moved.text("after.rs").replace("#[unique]\n        sku", "sku");
    let at = Phases::between(name, first, &moved.text("before.rs"), &after).await;
    at.to(2999).await.unwrap();
    run(&at.pool, TWICE).await;
    run(&at.pool, "UPDATE purchases SET sku = 'b' WHERE mail = 'b'").await;
    at.back(1999).await.unwrap();
    let again = sqlx::query("INSERT INTO orders (id, sku, mail, quantity) VALUES (gen_random_uuid(), 'a', 'c', 1)");
    assert!(again.execute(&at.pool).await.unwrap_err().to_string().contains("duplicate key"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_constraint_of_any_name_goes_when_a_column_is_no_more_unique() {
    no_more_unique("adopted-constraint", &case("adopted-moved").text("before.sql")).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_index_of_any_name_goes_when_a_column_is_no_more_unique() {
    let first = case("adopted-moved").text("before.sql").replace(" CONSTRAINT one_sku UNIQUE", "");
    no_more_unique("adopted-index", &(first + "CREATE UNIQUE INDEX \"Only one\" ON orders (sku);")).await;
}
