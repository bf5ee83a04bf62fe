//! An order, from checkout to the customer's door: the workflow, what the shop does along with it, and the other sides.

pub mod outside;
pub mod partners;
pub mod shop;
pub mod workflow;
