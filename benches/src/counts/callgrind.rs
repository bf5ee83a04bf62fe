//! A program run under callgrind, which counts instructions: the same on a busy machine as on an idle one.

use crate::Failure;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The examples of the workspace that are counted, by their names. They are built as the tests are, which is done already where
/// those have run: a build of its own with optimizations would take minutes. `--workspace` has the features that the tests have.
pub(super) fn built(examples: &[&str]) -> Result<BTreeMap<String, PathBuf>, Failure> {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args(["build", "--workspace", "--locked", "--message-format", "json-render-diagnostics"]);
    cargo.args(examples.iter().flat_map(|example| ["--example", example])).current_dir(env!("CARGO_MANIFEST_DIR"));
    // Where code is cut for incremental builds decides what is shared between its parts.
    let output = cargo.env("CARGO_INCREMENTAL", "0").stderr(Stdio::inherit()).output()?;
    succeeded(&output, "cargo build")?;
    let said = String::from_utf8(output.stdout)?;
    let programs = said.lines().filter_map(|line| {
        let artifact: Value = serde_json::from_str(line).ok()?;
        Some((artifact["target"]["name"].as_str()?.to_owned(), artifact["executable"].as_str()?.into()))
    });
    Ok(programs.collect())
}

/// How many instructions each of the functions took, with what it calls. Only there is anything collected: start-up does not count.
pub(super) fn run(
    program: &Path,
    arguments: &[&str],
    input: &str,
    inside: &[&str],
    functions: &[&str],
) -> Result<Vec<u64>, Failure> {
    let folder = tempfile::tempdir()?;
    let (profile, block) = (folder.path().join("callgrind.out"), folder.path().join("input"));
    std::fs::write(&block, input)?;
    let mut valgrind = Command::new("valgrind");
    valgrind.arg("--tool=callgrind").arg(format!("--callgrind-out-file={}", profile.display()));
    valgrind.args(inside.iter().map(|function| format!("--toggle-collect={function}")));
    let output = valgrind.arg(program).args(arguments).stdin(File::open(block)?).output();
    succeeded(&output.map_err(|error| format!("valgrind, of the package of that name: {error}"))?, "valgrind")?;
    let output = Command::new("callgrind_annotate").args(["--inclusive=yes", "--threshold=100"]).arg(&profile).output()?;
    succeeded(&output, "callgrind_annotate")?;
    let said = String::from_utf8(output.stdout)?;
    functions.iter().map(|function| counted(&said, function)).collect()
}

/// `28,739,422 (100.0%)  ???:expansion::compile::compile [/…/expansion]`
fn counted(said: &str, function: &str) -> Result<u64, Failure> {
    let line = said.lines().find(|line| line.split(" [").next().is_some_and(|line| line.ends_with(&format!(":{function}"))));
    let count = line.and_then(|line| line.trim_start().split(' ').next()?.replace(',', "").parse().ok());
    count.ok_or_else(|| format!("callgrind has seen no call of `{function}`").into())
}

fn succeeded(output: &Output, program: &str) -> Result<(), Failure> {
    match output.status.success() {
        true => Ok(()),
        false => Err(format!("{program}: {}", String::from_utf8_lossy(&output.stderr)).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::counted;

    #[test]
    fn a_count_is_that_of_the_function_and_not_of_one_inside_it() -> Result<(), crate::Failure> {
        let said = "12 (1.0%)  ???:a::f::{{closure}} [/x/a]\n 1,234 (9.0%)  src/a.rs:a::f [/x/a]\n";
        assert_eq!(counted(said, "a::f")?, 1234);
        assert!(counted(said, "a::g").is_err());
        Ok(())
    }
}
