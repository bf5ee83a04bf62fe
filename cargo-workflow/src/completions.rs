//! `cargo workflow completions`

use clap_complete::Shell;
use std::io::Write;
use workflow_migrate::Exit;

/// Writes the script of a shell to stdout, whatever the format.
pub(crate) fn run(shell: Shell, line: clap::Command) -> Exit {
    // Shells make names of functions of it.
    let (mut line, mut script) = (line.name("cargo-workflow"), Vec::new());
    clap_complete::generate(shell, &mut line, "cargo-workflow", &mut script);
    // A closed pipe is the reader's choice.
    let _ = std::io::stdout().write_all(&script);
    Exit::Fine
}
