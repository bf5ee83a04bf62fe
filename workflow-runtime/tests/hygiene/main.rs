//! Whatever stands around a block, what comes from it compiles, and means what the block says.

#![deny(warnings, unused, unreachable_pub, missing_debug_implementations, clippy::all, clippy::pedantic)]

mod forms;
mod names;
mod sendable;
mod shadowed;
mod visible;

/// A type at the root, which `crate::` finds.
pub(crate) type Money = i64;
