//! In the style of rustc.

use super::{Level, Report};
use annotate_snippets::{AnnotationKind, Group, Level as Shown, Renderer, Snippet};

pub(super) fn render(report: &Report, colour: bool) -> String {
    let level = match report.level {
        Level::Error => Shown::ERROR,
        Level::Warning => Shown::WARNING,
        Level::Note => Shown::NOTE,
        Level::Finding | Level::Result => return format!("{}\n", report.message),
    };
    let mut title = level.primary_title(report.message.as_str());
    if let Some(code) = &report.code {
        title = title.id(code.as_str());
    }
    let help = report.help.as_deref();
    let renderer = if colour { Renderer::styled() } else { Renderer::plain() };
    let render = |group: Group<'_>| renderer.render(&[group]) + "\n";
    match report.place.as_ref().filter(|place| !place.text.is_empty()) {
        Some(place) => {
            let path = place.file.display().to_string();
            let mark = AnnotationKind::Primary.span(place.range.clone());
            let group = title.element(Snippet::source(place.text.as_str()).path(path).annotation(mark));
            render(group.elements(help.map(|help| Shown::HELP.message(help))))
        }
        // Without a place there is nothing for the help to be drawn beside.
        None => {
            let help = help.map(|help| render(Group::with_title(Shown::HELP.primary_title(help))));
            render(Group::with_title(title)) + &help.unwrap_or_default()
        }
    }
}
