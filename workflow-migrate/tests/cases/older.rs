//! What a binary of the version before does while both are served.

use crate::folder::case;
use crate::phases::Phases;
use crate::rows::run;

#[tokio::test(flavor = "multi_thread")]
async fn history_has_the_field_that_only_the_version_before_sets() {
    let case = case("event-payload-changed");
    let at = Phases::between("payload-less", &case.text("after.rs"), &case.text("before.rs")).await;
    at.to(2999).await.unwrap();
    run(&at.pool, "INSERT INTO orders (id, sku, quantity) VALUES (gen_random_uuid(), 'a', 1)").await;
    let cancel =
        "UPDATE orders SET state = 'cancelled', event = 'cancel', version = 2, entered_at = now(), reason = 'x', quantity = 6";
    run(&at.pool, cancel).await;
    assert_eq!(at.ask::<String>("SELECT data->>'quantity' FROM orders_history WHERE version = 2").await, "6");
}
