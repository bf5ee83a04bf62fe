//! Faults under load.
mod load;
fn main() {}
