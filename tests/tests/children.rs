//! Children and their parent: created in one transaction, at their end at any time, and the parent is fired once.

/// One module a promise.
pub mod children {
    mod joins;
    mod looks;
    mod races;
    mod within;
    pub mod workflows;
    pub mod world;
}
