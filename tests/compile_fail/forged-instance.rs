mod shop;

use shop::{Order, order};

pub fn shipped(order: Order<order::Reserved>) -> Order<order::Shipped> {
    let Order { id, quantity, entered_at, .. } = order;
    Order { id, quantity, entered_at, state: order::Shipped { tracking: "T1".into() } }
}

fn main() {}
