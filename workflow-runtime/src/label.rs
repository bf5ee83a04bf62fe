//! A text that should have been a state's label.

/// The text is no label of the workflow.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{label}` is no state of {workflow}")]
pub struct UnknownLabel {
    workflow: &'static str,
    label: String,
}

impl UnknownLabel {
    #[doc(hidden)]
    pub fn new(workflow: &'static str, label: &str) -> Self {
        UnknownLabel { workflow, label: label.to_owned() }
    }
}
