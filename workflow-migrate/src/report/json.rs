//! One object a line. The names of its fields are a promise: `docs/src/reference/command-line.md` lists them.

use super::Report;
use serde::Serialize;

/// What is not known has no field.
#[derive(Serialize)]
struct Line<'r> {
    level: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'r str>,
    message: &'r str,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'r str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    column: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<usize>,
}

pub(super) fn render(report: &Report) -> String {
    let lines = report.place.as_ref().and_then(|place| place.lines());
    let line = Line {
        level: report.level.name(),
        code: report.code.as_deref(),
        message: &report.message,
        help: report.help.as_deref(),
        file: report.place.as_ref().map(|place| place.file.display().to_string()),
        line: lines.map(|[start, _]| start.0),
        column: lines.map(|[start, _]| start.1),
        end_line: lines.map(|[_, end]| end.0),
        end_column: lines.map(|[_, end]| end.1),
    };
    // Text and numbers: nothing in it can fail to be written.
    serde_json::to_string(&line).unwrap_or_default() + "\n"
}
