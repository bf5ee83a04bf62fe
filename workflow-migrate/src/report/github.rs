//! Commands of GitHub's runner: `::error file=src/lib.rs,line=3,endLine=3,col=5,endColumn=9,title=W021::message`.
//!
//! <https://docs.github.com/actions/reference/workflows-and-actions/workflow-commands>

use super::{Level, Report};

pub(super) fn render(report: &Report) -> String {
    let command = match report.level {
        Level::Error | Level::Finding => "error",
        Level::Warning => "warning",
        Level::Note => "notice",
        Level::Result => return format!("{}\n", report.message),
    };
    let help = report.help.as_ref().map_or(String::new(), |help| format!("\nhelp: {help}"));
    let properties = properties(report).join(",");
    let blank = if properties.is_empty() { "" } else { " " };
    format!("::{command}{blank}{properties}::{}\n", escaped(&format!("{}{help}", report.message)))
}

fn properties(report: &Report) -> Vec<String> {
    let mut all = Vec::new();
    if let Some(place) = &report.place {
        all.push(format!("file={}", property(&place.file.display().to_string())));
        if let Some([start, end]) = place.lines() {
            all.push(format!("line={},endLine={}", start.0, end.0));
            // Columns of more than one line are an error there.
            all.extend((start.0 == end.0).then(|| format!("col={},endColumn={}", start.1, end.1)));
        }
    }
    all.extend(report.code.as_ref().map(|code| format!("title={}", property(code))));
    all
}

/// `%` first: what is escaped must not be escaped again.
fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
