//! What is said on the terminal: results on stdout, faults on stderr.

use std::io::{IsTerminal, Write};
use std::path::Path;
use workflow_migrate::Error;

/// A line of the result. A closed pipe is the reader's choice.
pub(crate) fn result(line: &str) {
    let _ = writeln!(std::io::stdout(), "{line}");
}

/// Faults, in rustc's style.
pub(crate) fn errors(errors: &[Error]) {
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
    for error in errors {
        let _ = writeln!(std::io::stderr(), "{}", error.render(colour));
    }
}

/// A path as the user would type it here.
pub(crate) fn path(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}
