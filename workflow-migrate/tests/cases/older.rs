//! What a binary of the version before does while both are served.

use crate::folder::case;
use crate::functions;
use crate::phases::Phases;
use crate::rows::run;

#[tokio::test(flavor = "multi_thread")]
async fn history_has_the_field_that_only_the_version_before_sets() {
    let case = case("event-payload-changed");
    let at = Phases::between("payload-less", "", &case.text("after.rs"), &case.text("before.rs")).await;
    at.to(2999).await.unwrap();
    run(&at.pool, "INSERT INTO orders (id, sku, quantity) VALUES (gen_random_uuid(), 'a', 1)").await;
    let cancel =
        "UPDATE orders SET state = 'cancelled', event = 'cancel', version = 2, entered_at = now(), reason = 'x', quantity = 6";
    run(&at.pool, cancel).await;
    assert_eq!(at.ask::<String>("SELECT data->>'quantity' FROM orders_history WHERE version = 2").await, "6");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_ordinary_update_of_a_row_that_is_not_filled_yet_is_none_of_its_filling() {
    let case = case("state-field-computed");
    let after = case.text("after.rs").replace("shelf * 10", "shelf * quantity").replace("total / 10", "total / quantity");
    let at = Phases::between("unfilled", "", &case.text("before.rs"), &after).await;
    run(&at.pool, "INSERT INTO orders (id, quantity) VALUES (gen_random_uuid(), 2)").await;
    run(&at.pool, "SELECT orders_reserve(id, 5, 1) FROM orders").await;
    at.to(2000).await.unwrap();
    run(&at.pool, "UPDATE orders SET quantity = 3").await;
    assert_eq!(at.ask::<i64>("SELECT total FROM orders").await, 15);
}

#[tokio::test(flavor = "multi_thread")]
async fn history_and_work_are_found_at_the_place_from_which_the_table_moved() {
    let at = Phases::new("table-renamed").await;
    run(&at.pool, "INSERT INTO orders (id, sku, quantity) VALUES (gen_random_uuid(), 'a', 1)").await;
    at.to(2999).await.unwrap();
    run(&at.pool, "INSERT INTO orders (id, sku, quantity) VALUES (gen_random_uuid(), 'b', 1)").await;
    let steps = "SELECT count(*) FROM orders o JOIN orders_history h ON h.id = o.id WHERE h.event = 'create'";
    assert_eq!(at.ask::<i64>(steps).await, 2);
    run(&at.pool, "UPDATE orders_jobs SET attempt = 1").await;
    assert_eq!(at.ask::<i64>("SELECT count(*) FROM purchases_jobs WHERE job = 'expire' AND attempt = 1").await, 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_written_number_fills_a_small_column_as_one_of_its_type() {
    let case = case("state-field-added-required");
    let at =
        Phases::between("small", "", &case.text("before.rs"), &case.text("after.rs").replace("shelf: i32", "shelf: i16")).await;
    functions::install(&at.pool).await;
    run(&at.pool, "INSERT INTO orders (id, sku, quantity) VALUES (gen_random_uuid(), 'a', 1)").await;
    run(&at.pool, "SELECT orders_force(id, 'reserved', '{\"warehouse\": \"north\"}', 'test') FROM orders").await;
    at.to(2999).await.unwrap();
    functions::sound(&at.pool, "expanded").await;
    assert_eq!(at.ask::<i16>("SELECT shelf FROM orders").await, 1);
}
