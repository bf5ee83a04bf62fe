//! What all peers have in common. It knows no sqlx, for they need different versions of it.

mod account;
mod arguments;
mod clients;
mod end;
pub mod sql;

pub use account::Account;
pub use arguments::{Arguments, Asked, Configuration, Mode};
pub use clients::{clients, steps_from};
pub use end::{End, end};

pub type Failure = Box<dyn std::error::Error + Send + Sync>;
