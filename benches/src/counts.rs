//! How many instructions the parts take that are ours in each process: times are noise on a shared machine, and a slow drift hides
//! in it. What was counted last is kept in `counts.toml`.

mod callgrind;

use crate::Failure;
use crate::declared::CLAIM;
use crate::figure::number;
use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};
use workflow_testing::Server;

const TOLERANCE: f64 = 0.02;

const BLESS: &str = "cargo run --release -p bench -- counts --bless";

const HEAD: &str = "\
# Instructions, as callgrind counts them in a build without optimizations: `bench counts` compares.
";

/// Of `examples/counted.rs`, each of which does a hundred times what it is named for.
const RUNTIME: [&str; 6] = ["bind_event", "bind_creation", "event_to_json", "event_from_json", "read_instance", "read_step"];
const TIMES: u64 = 100;

/// Of the macro, with a workflow of 12 states and 30 transitions.
const MACRO: [(&str, &str); 4] = [
    ("macro", "expansion::compile::compile"),
    ("macro_parse", "workflow_syntax::parse::parse"),
    ("macro_check", "workflow_model::check::check"),
    ("macro_expand", "expansion::expand::Expansion::whole"),
];

type Counts = BTreeMap<String, u64>;

/// Counts, and compares with what is kept or keeps it.
pub(crate) async fn run(bless: bool) -> Result<(), Failure> {
    let programs = callgrind::built(&["counted", "expansion"])?;
    let program = |name: &str| programs.get(name).ok_or_else(|| format!("cargo has not built `{name}`"));
    let mut counts = runtime(program("counted")?).await?;
    counts.extend(of_the_macro(program("expansion")?)?);
    if bless {
        return Ok(fs::write(file(), text(&counts))?);
    }
    let kept = toml::from_str(&fs::read_to_string(file())?)?;
    let (report, faults) = compared(&kept, &counts);
    print!("{report}");
    match faults {
        0 => Ok(()),
        faults => Err(format!("{faults} of the counts are not what they were; when that is meant: {BLESS}").into()),
    }
}

/// A row comes from a server; that it does is not counted.
async fn runtime(program: &Path) -> Result<Counts, Failure> {
    let server = Server::builder().start().await?;
    let database = server.create_database().await?;
    let functions = RUNTIME.map(|name| format!("counted::{name}"));
    let functions = functions.each_ref().map(String::as_str);
    let counts = callgrind::run(program, &[database.url()], "", &functions, &functions)?;
    Ok(RUNTIME.iter().map(|&name| name.to_owned()).zip(counts.into_iter().map(|count| count / TIMES)).collect())
}

fn of_the_macro(program: &Path) -> Result<Counts, Failure> {
    let functions = MACRO.map(|(_, function)| function);
    let counts = callgrind::run(program, &[], &CLAIM.block(1), &functions[..1], &functions)?;
    Ok(MACRO.iter().map(|(name, _)| (*name).to_owned()).zip(counts).collect())
}

fn file() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("counts.toml")
}

fn text(counts: &Counts) -> String {
    counts.iter().fold(HEAD.to_owned(), |text, (name, count)| format!("{text}{name} = {count}\n"))
}

/// A line for each, and how many are not within the tolerance. Fewer is a gain, and only kept when it is written down.
fn compared(kept: &Counts, counts: &Counts) -> (String, usize) {
    let (mut report, mut faults) = (String::new(), 0);
    for name in kept.keys().chain(counts.keys().filter(|name| !kept.contains_key(*name))) {
        let [old, new] = [kept, counts].map(|counts| counts.get(name).copied().unwrap_or(0) as f64);
        let change = (new - old) / old.max(1.0);
        let verdict = if change.abs() <= TOLERANCE {
            ""
        } else if change > 0.0 {
            ": MORE"
        } else {
            ": FEWER, a gain to keep"
        };
        faults += usize::from(!verdict.is_empty());
        let _ =
            writeln!(report, "{name}: {} instructions, {} before ({:+.2} %){verdict}", number(new), number(old), 100.0 * change);
    }
    (report, faults)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(counts: &[(&str, u64)]) -> Counts {
        counts.iter().map(|&(name, count)| (name.to_owned(), count)).collect()
    }

    #[test]
    fn what_is_kept_is_read_again() -> Result<(), Failure> {
        let kept = counts(&[("bind_event", 12), ("macro", 34)]);
        assert_eq!(toml::from_str::<Counts>(&text(&kept))?, kept);
        Ok(())
    }

    #[test]
    fn a_drift_a_gain_and_a_count_that_is_missing_are_told_and_noise_is_not() {
        let kept = counts(&[("drift", 1000), ("gain", 1000), ("gone", 1000), ("noise", 1000)]);
        let (report, faults) = compared(&kept, &counts(&[("drift", 1021), ("gain", 979), ("new", 1), ("noise", 1020)]));
        assert_eq!(faults, 4, "{report}");
        assert!(report.contains("drift: 1,021 instructions, 1,000 before (+2.10 %): MORE"), "{report}");
        assert!(report.contains("noise: 1,020 instructions, 1,000 before (+2.00 %)\n"), "{report}");
    }
}
