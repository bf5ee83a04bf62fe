#![deny(unused_must_use)]

mod shop;

use shop::{Order, Shop, order};
use uuid::Uuid;
use workflow_runtime::{Runtime, Tx};

pub async fn ship(reserved: Order<order::Reserved>, tx: &mut Tx<'_, Shop>, shop: &Runtime<Shop>, id: Uuid) {
    reserved.ship(tx, "T1");
    shop.fire(id, order::event::Deliver);
}

fn main() {}
