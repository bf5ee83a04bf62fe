//! One key, sent by many at once, for an event that leaves the instance where the same event can happen again.

use crate::life::{Life, Run};
use crate::order_life::Orders;
use crate::truth;
use order::shop::Shop;
use order::workflow::order::event::ChangeQuantity;
use std::sync::Arc;
use tokio::sync::Barrier;
use uuid::Uuid;
use workflow_runtime::{Fired, Runtime};

const SENDERS: i32 = 8;
const ROUNDS: usize = 15;

#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_many_send_at_once_takes_effect_once() {
    let db = workflow_tests::database(Orders::SOURCE, Orders::TABLES).await;
    let pool = db.pool().await.expect("a pool");
    Orders::new(pool.clone()).create(Run(1), 0, "ann").await;
    let id = Uuid::from_u64_pair(1, 0);
    let shop = Runtime::new(pool.clone(), Shop::default());
    for round in 0..ROUNDS {
        let barrier = Arc::new(Barrier::new(SENDERS as usize));
        let senders: Vec<_> = (0..SENDERS).map(|n| tokio::spawn(send(shop.clone(), barrier.clone(), id, round, n))).collect();
        let mut effects = 0;
        for sender in senders {
            effects += usize::from(sender.await.expect("a sender"));
        }
        assert_eq!(effects, 1, "round {round}");
    }
    let model = workflow_tests::models(Orders::SOURCE).remove(0);
    let mut connection = db.connect().await.expect("a connection");
    assert_eq!(truth::faults(&mut connection, &model).await, Vec::<String>::new());
    let version: i64 = sqlx::query_scalar("SELECT version FROM orders").fetch_one(&mut connection).await.expect("a version");
    assert_eq!(version, 1 + ROUNDS as i64);
}

async fn send(shop: Runtime<Shop>, barrier: Arc<Barrier>, id: Uuid, round: usize, n: i32) -> bool {
    barrier.wait().await;
    let fired = shop.once(format!("round {round}")).fire(id, ChangeQuantity { quantity: n }).await;
    matches!(fired.expect("an answer"), Fired::Now(_))
}
