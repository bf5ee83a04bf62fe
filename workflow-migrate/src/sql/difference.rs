//! From one stage to another: the statements of the file that changes the table and the functions, and what must follow in files
//! of its own. Each statement comes with the one that takes it back.

mod behaviour;
mod structure;

pub(crate) use behaviour::behaviour;
pub(crate) use structure::{Structure, structure};

/// Statements, and those that take them back, both in the order in which they run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Part {
    pub(crate) up: Vec<String>,
    pub(crate) down: Vec<String>,
}

impl Part {
    /// A statement behind what is there; what takes it back runs before the rest.
    fn push(&mut self, up: impl Into<String>, down: impl Into<String>) {
        self.up.push(up.into());
        self.down.insert(0, down.into());
    }

    /// Everything of another part behind what is there.
    pub(crate) fn then(mut self, next: Part) -> Part {
        self.up.extend(next.up);
        self.down = next.down.into_iter().chain(self.down).collect();
        self
    }

    /// Whether there is nothing to do.
    pub(crate) fn is_empty(&self) -> bool {
        self.up.iter().chain(&self.down).all(String::is_empty)
    }
}
