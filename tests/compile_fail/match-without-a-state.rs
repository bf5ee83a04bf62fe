mod shop;

use shop::{Order, order::{In, State}};

pub fn is_open(order: Order) -> bool {
    match order.typed() {
        In::Placed(_) | In::Reserved(_) => true,
        In::Shipped(_) | In::Delivered(_) | In::Unknown(_) => false,
    }
}

pub fn is_final(state: &State) -> bool {
    match state {
        State::Delivered(_) | State::Cancelled(_) => true,
        State::Placed(_) | State::Reserved(_) | State::Shipped(_) => false,
    }
}

fn main() {}
