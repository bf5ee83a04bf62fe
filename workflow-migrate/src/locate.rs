//! Where in the sources a part of a declaration stands.

use crate::diff::Refusal;
use crate::error::Error;
use crate::report::{Level, Place, Report};
use crate::source::Declared;

/// A refusal, at its place.
pub(crate) fn refused(workflow: &Declared, refusal: &Refusal) -> Error {
    let place = place(workflow, refusal.place).unwrap_or_else(|| workflow.named());
    Error::Refused(Box::new(Report {
        help: Some(refusal.help.clone()),
        place: Some(place),
        ..Report::new(Level::Error, refusal.message.clone())
    }))
}

/// The file is read once more: tokens are not kept, and this is seldom asked.
fn place(workflow: &Declared, place: workflow_model::Place) -> Option<Place> {
    let text = std::fs::read_to_string(&workflow.file).ok()?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let found = workflow_syntax::find(text).ok()?.found;
    let block = found.into_iter().filter_map(|block| workflow_syntax::parse(block.tokens).workflow);
    let block = block.into_iter().find(|block| workflow_syntax::lower(block).name == workflow.model.name)?;
    Some(Place::new(&workflow.file, text, block.span(place), None))
}
