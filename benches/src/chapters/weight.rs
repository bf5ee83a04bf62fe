//! What it costs to depend on the runtime.

use crate::Failure;
use crate::chapter::Chapter;
use crate::figure::{Goal, Spread};
use crate::project::{self, Cost, Project};
use crate::rounds::Effort;
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;

const ABOUT: &str = "\
Two crates without a line of their own are built with `cargo build`, from nothing, by two jobs and with what Cargo does by itself. Both
depend on sqlx and tokio, with the features that an application has; one of them depends on `workflow-runtime` as well. A crate that is needed
in two versions counts twice. The second table says for each crate that only the runtime brings how long its compiler ran, next to another one,
and whose dependency it is.";

const WHY: &str = "\
Half of the crates are `croner`, which reads cron expressions, and what it depends on: macros for builders and for enums, which no feature leaves out. A parser
of our own would be five hundred lines beside the subject; a library that is kept is worth more than a short list. Of the seconds, most
are our own five crates'.";

const APPLICATION: &str = "\
sqlx = { version = \"0.9.0\", default-features = false, features = \
    [\"chrono\", \"json\", \"macros\", \"migrate\", \"postgres\", \"runtime-tokio\", \"uuid\"] }
tokio = { version = \"1.54.1\", features = [\"macros\", \"rt-multi-thread\"] }
";

struct Contenders {
    with: Project,
    without: Project,
}

/// Round by round.
#[derive(Default)]
struct Builds {
    with: Vec<Cost>,
    without: Vec<Cost>,
    /// Of each crate, the seconds that its compiler ran.
    crates: BTreeMap<String, Vec<f64>>,
}

pub(super) fn measure(effort: Effort) -> Result<Chapter, Failure> {
    let contenders = Contenders::new()?;
    let [with, without] = [&contenders.with, &contenders.without].map(crates);
    let (with, without) = (with?, without?);
    let mut builds = Builds::default();
    for _ in 0..effort.rounds {
        builds.without.push(built(&contenders.without)?);
        builds.with.push(built(&contenders.with)?);
        let page = fs::read_to_string(contenders.with.folder.join("target/cargo-timings/cargo-timing.html"))?;
        for (name, seconds) in timings(&page)? {
            builds.crates.entry(name).or_default().push(seconds);
        }
    }
    let beyond = with.difference(&without).map(|name| row(&contenders.with, name, &builds)).collect::<Result<Vec<_>, Failure>>();
    Ok(chapter(with.len(), without.len(), &builds, beyond?))
}

impl Contenders {
    fn new() -> Result<Contenders, Failure> {
        let with = Project::new("weight-with", &format!("{}{APPLICATION}", project::ours("workflow-runtime")))?;
        let without = Project::new("weight-without", APPLICATION)?;
        for project in [&with, &without] {
            project.write("src/lib.rs", "")?;
            project.ask(&["fetch"])?;
        }
        Ok(Contenders { with, without })
    }
}

/// All that it depends on: `backon v1.6.0`.
fn crates(project: &Project) -> Result<BTreeSet<String>, Failure> {
    let tree = project.ask(&["tree", "--prefix", "none", "--edges", "normal,build"])?;
    Ok(tree.lines().skip(1).map(named).filter(|name| !name.is_empty()).collect())
}

/// Of `backon v1.6.0 (*)`, or with a path.
fn named(line: &str) -> String {
    line.split(" (").next().unwrap_or_default().to_owned()
}

fn built(project: &Project) -> Result<Cost, Failure> {
    project.clean()?;
    project.measure(&["build", "--jobs", "2", "--timings"])
}

#[derive(Deserialize)]
struct Unit {
    name: String,
    version: String,
    duration: f64,
}

/// Cargo writes them for people only; the page has them as JSON. A build script is the crate's as well.
fn timings(page: &str) -> Result<BTreeMap<String, f64>, Failure> {
    let units = page.split_once("const UNIT_DATA = ").ok_or("Cargo's timings have another form")?.1;
    let units: Vec<Unit> = serde_json::Deserializer::from_str(units).into_iter().next().ok_or("no timings")??;
    let mut seconds = BTreeMap::new();
    for Unit { name, version, duration } in units {
        *seconds.entry(format!("{name} v{version}")).or_default() += duration;
    }
    Ok(seconds)
}

/// A crate, who depends on it, and how long its compiler ran.
fn row(project: &Project, name: &str, builds: &Builds) -> Result<(String, Vec<Spread>), Failure> {
    let id = name.replacen(" v", "@", 1);
    let tree = project.ask(&["tree", "--prefix", "none", "--edges", "normal,build", "--depth", "1", "--invert", &id])?;
    let dependents: BTreeSet<_> = tree.lines().skip(1).filter_map(|line| line.split(' ').next()).collect();
    let dependents: Vec<_> = dependents.into_iter().map(|dependent| format!("`{dependent}`")).collect();
    let seconds = builds.crates.get(name).map(|seconds| Spread::of(seconds));
    Ok((format!("`{name}`, of {}", dependents.join(", ")), seconds.into_iter().collect()))
}

fn chapter(with: usize, without: usize, builds: &Builds, mut beyond: Vec<(String, Vec<Spread>)>) -> Chapter {
    let mut chapter = Chapter::new("weight", "What it costs to depend on", ABOUT);
    let against = "sqlx and tokio";
    chapter.because(WHY);
    chapter.bar("crates beyond", against, Goal::AtMost(10.0), Spread::of(&[(with - without) as f64]));
    let seconds = beyond_in(builds, |cost| cost.seconds);
    chapter.bar("seconds of a clean build beyond", against, Goal::AtMost(10.0), seconds);
    let spread = |costs: &[Cost], of: fn(&Cost) -> f64| Spread::of(&costs.iter().map(of).collect::<Vec<_>>());
    let row = |name: &str, crates: usize, costs: &[Cost]| {
        let figures = [spread(costs, |cost| cost.seconds), spread(costs, |cost| cost.processor)];
        (name.to_owned(), [vec![Spread::of(&[crates as f64])], figures.to_vec()].concat())
    };
    let beyond_row = vec![Spread::of(&[(with - without) as f64]), seconds, beyond_in(builds, |cost| cost.processor)];
    chapter.table(
        "A clean build",
        &["crates", "seconds", "processor's seconds"],
        vec![
            row("sqlx and tokio", without, &builds.without),
            row("and workflow-runtime", with, &builds.with),
            ("beyond, round by round".into(), beyond_row),
        ],
    );
    let longest = |row: &(String, Vec<Spread>)| row.1.first().map_or(0.0, |spread| spread.median);
    beyond.sort_by(|one, other| longest(other).total_cmp(&longest(one)));
    chapter.table("Crates beyond", &["seconds of its compiler"], beyond);
    chapter
}

fn beyond_in(builds: &Builds, of: fn(&Cost) -> f64) -> Spread {
    let pairs = builds.with.iter().zip(&builds.without);
    Spread::of(&pairs.map(|(with, without)| of(with) - of(without)).collect::<Vec<_>>())
}

#[cfg(test)]
mod tests {
    use super::{named, timings};

    #[test]
    fn a_crate_has_the_time_of_its_build_script_too() -> Result<(), crate::Failure> {
        let unit = r#"{"i": 0, "name": "a", "version": "1.0.0", "duration": 1.5, "sections": [["frontend", {"start": 0.0}]]}"#;
        let seconds = timings(&format!("…\nconst UNIT_DATA = [{unit}, {unit}];\nconst CONCURRENCY_DATA = [];\n"))?;
        assert_eq!(seconds.into_iter().collect::<Vec<_>>(), [("a v1.0.0".to_owned(), 3.0)]);
        Ok(())
    }

    #[test]
    fn a_crate_is_named_alike_wherever_it_stands() {
        assert_eq!(["a v1.0.0 (/x/a)", "a v1.0.0 (proc-macro)", "a v1.0.0 (*)", "a v1.0.0"].map(named), ["a v1.0.0"; 4]);
    }
}
