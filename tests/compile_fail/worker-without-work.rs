use uuid::Uuid;
use workflow_runtime::{Runtime, Worker, workflow};

workflow! {
    pub workflow Order in orders {
        id: Uuid,
        states { initial Placed, final Shipped }
        transitions { ship: Placed -> Shipped by book_courier }
    }
}

struct Shop;

async fn work(shop: Runtime<Shop>) {
    Worker::new(shop).serving::<Order>().run(std::future::pending()).await;
}

fn main() {}
