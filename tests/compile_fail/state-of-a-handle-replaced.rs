mod shop;

use shop::{Order, order};

pub fn shipped(order: Order<order::Reserved>) -> Order<order::Shipped> {
    Order { state: order::Shipped { tracking: "T1".into() }, ..order }
}

fn main() {}
