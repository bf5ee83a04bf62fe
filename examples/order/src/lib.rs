//! An order, from checkout to the customer's door: the workflow, and what the shop does along with it.

pub mod shop;
pub mod workflow;
