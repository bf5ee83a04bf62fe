//! What is said on the terminal: results on stdout, faults and notes on stderr, in the format that was asked for.

use clap::ValueEnum;
use std::io::{IsTerminal, Write};
use std::path::Path;
use std::sync::OnceLock;
use workflow_migrate::{Error, Level, Place, Report};

/// For whom it is said.
#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(crate) enum Format {
    /// Text in the style of the compiler
    #[default]
    Human,
    /// One JSON object a line
    Json,
    /// Commands of GitHub's runner, shown beside the changed lines of a pull request
    Github,
}

/// How a run speaks.
#[derive(Debug, Clone, Copy)]
struct Voice {
    format: workflow_migrate::Format,
    colour: clap::ColorChoice,
}

/// Set once, when the command line has been read.
static VOICE: OnceLock<Voice> = OnceLock::new();

/// Before anything is said.
pub(crate) fn as_asked(format: Format, colour: clap::ColorChoice) {
    let format = match format {
        Format::Human => workflow_migrate::Format::Human,
        Format::Json => workflow_migrate::Format::Json,
        Format::Github => workflow_migrate::Format::Github,
    };
    VOICE.get_or_init(|| Voice { format, colour });
}

/// For whom it is said.
pub(crate) fn format() -> workflow_migrate::Format {
    voice().format
}

/// A result that is data in a form of its own.
pub(crate) fn data(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// The same as one object on one line.
pub(crate) fn json(value: &impl serde::Serialize) {
    data(&serde_json::to_string(value).unwrap_or_default());
}

/// A line of the result. A closed pipe is the reader's choice.
pub(crate) fn result(line: &str) {
    out(&Report::new(Level::Result, line));
}

/// A file, behind what is said of it.
pub(crate) fn file(code: &str, what: &str, file: &Path) {
    let file = path(file);
    let line = format!("{what} {file}");
    out(&Report { code: Some(code.to_owned()), place: Some(Place::file(Path::new(&file))), ..Report::new(Level::Result, line) });
}

/// What makes a check fail without being a fault.
pub(crate) fn finding(code: &str, line: &str) {
    out(&Report { code: Some(code.to_owned()), ..Report::new(Level::Finding, line) });
}

/// What is fine and worth a line, with its kind for programs.
pub(crate) fn remark(code: &str, line: &str) {
    out(&Report { code: Some(code.to_owned()), ..Report::new(Level::Result, line) });
}

/// A result with all that belongs to it.
pub(crate) fn about(report: &Report) {
    out(report);
}

/// Faults.
pub(crate) fn errors(errors: &[Error]) {
    errors.iter().for_each(|error| err(&error.report()));
}

/// What is no fault and should be known.
pub(crate) fn notes(notes: &[Report]) {
    notes.iter().for_each(err);
}

fn out(report: &Report) {
    let voice = voice();
    let _ = std::io::stdout().write_all(report.render(voice.format, voice.on(&std::io::stdout())).as_bytes());
}

fn err(report: &Report) {
    let voice = voice();
    let mut text = report.render(voice.format, voice.on(&std::io::stderr()));
    if voice.format == workflow_migrate::Format::Human {
        // As the compiler does it: between two of them is an empty line.
        text.push('\n');
    }
    let _ = std::io::stderr().write_all(text.as_bytes());
}

fn voice() -> Voice {
    VOICE.get().copied().unwrap_or(Voice { format: workflow_migrate::Format::Human, colour: clap::ColorChoice::Auto })
}

impl Voice {
    /// Whether there are colours on this stream. `--color` is the nearer wish than the environment.
    fn on(self, stream: &impl IsTerminal) -> bool {
        match self.colour {
            clap::ColorChoice::Always => true,
            clap::ColorChoice::Never => false,
            clap::ColorChoice::Auto => stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()),
        }
    }
}

/// A path as the user would type it here.
pub(crate) fn path(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}
