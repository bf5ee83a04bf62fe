//! Expense claims: people decide, and timers see to it that they do.

pub mod claim;
pub mod office;
