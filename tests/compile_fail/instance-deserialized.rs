mod shop;

use shop::Order;

pub fn read(text: &str) -> serde_json::Result<Order> {
    serde_json::from_str(text)
}

fn main() {}
