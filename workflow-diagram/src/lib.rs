//! Diagrams of a workflow, from its model.
//!
//! [`svg`] is for pages: drawn by us, complete in itself, readable in light and dark. [`mermaid`] and [`dot`] are text for other
//! tools; GitHub draws the first. [`difference`] shows in a pull request what a change does to the graph. All are pure: the same
//! model gives the same bytes, and whatever stands in a model, its names and docs cannot break out of the syntax.

mod difference;
mod dot;
mod graph;
mod mermaid;
mod svg;

pub use difference::difference;
pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;
