#![deny(unused_must_use)]

mod shop;

use shop::{Order, Shop, order};
use workflow_runtime::{Runtime, Tx};

pub async fn ship(reserved: Order<order::Reserved>, tx: &mut Tx<'_, Shop>) {
    reserved.ship(tx, "T1").await;
}

pub fn cancel(shop: &Runtime<Shop>) {
    shop.as_actor("alice");
    shop.once("evt-1");
}

fn main() {}
