//! What the targets share: the road that a text takes, and texts that get far on it.

mod declaration;
mod folder;
mod road;

pub use declaration::Declaration;
pub use folder::Folder;
pub use road::{block, file, migrations};

/// The macro's own sources: a procedural macro cannot be linked.
#[path = "../../workflow-macros/src"]
#[allow(dead_code)] // the compiler's half is not here
mod macros {
    pub(crate) mod compile;
    mod expand;
    mod render;
}
