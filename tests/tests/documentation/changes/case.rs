//! A folder of `tests/migrate`: what the generator says of the change, and what it writes.

use super::difference::difference;
use super::lock::lock;
use crate::book;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use workflow_migrate::{Plan, Project, Step, declared, plan};

pub(super) struct Case {
    name: String,
    home: PathBuf,
}

/// The names of all cases.
pub(super) fn all() -> Vec<String> {
    let folders = fs::read_dir(root()).expect("the cases").map(|entry| entry.expect("an entry"));
    folders.filter(|entry| entry.path().is_dir()).map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

fn root() -> PathBuf {
    book::root().join("tests/migrate")
}

impl Case {
    pub(super) fn named(name: &str) -> Case {
        let home = root().join(name);
        assert!(home.is_dir(), "there is no case {name}");
        Case { name: name.to_owned(), home }
    }

    pub(super) fn file(&self, file: &str) -> String {
        fs::read_to_string(self.home.join(file)).unwrap_or_else(|error| panic!("{}/{file}: {error}", self.name))
    }

    pub(super) fn difference(&self) -> String {
        difference(&self.file("before.rs"), &self.file("after.rs"))
    }

    /// The refusal, or the changes and the files of both phases.
    pub(super) fn answer(&self) -> String {
        if self.home.join("refused.txt").exists() {
            return self.file("refused.txt");
        }
        let mut text = String::new();
        for (_, changes) in self.expand().changes {
            changes.iter().for_each(|change| writeln!(text, "{change} [{}]", change.category()).expect("text"));
        }
        let phases = [("expand", self.files("expand")), ("contract", self.files("contract"))];
        let width = phases.iter().flat_map(|(_, files)| files).map(|name| unnumbered(name).len()).max().unwrap_or(0);
        for (phase, files) in phases {
            let gap = if text.is_empty() { "" } else { "\n" };
            writeln!(text, "{gap}{phase}{}", if files.is_empty() { ": no file" } else { "" }).expect("text");
            for name in files {
                let lock = lock(&self.file(&format!("{phase}/{name}.up.sql")));
                writeln!(text, "  …{:width$}  {lock}", unnumbered(&name)).expect("text");
            }
        }
        text
    }

    /// The files of a phase in their order, without `.up.sql`.
    fn files(&self, phase: &str) -> Vec<String> {
        let entries = fs::read_dir(self.home.join(phase)).into_iter().flatten();
        let names = entries.map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned());
        let mut names: Vec<String> = names.filter_map(|name| name.strip_suffix(".up.sql").map(str::to_owned)).collect();
        names.sort();
        names
    }

    /// What the generator says when the declaration after meets the snapshot of the one before.
    fn expand(&self) -> Plan {
        let home = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("changes").join(&self.name);
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).expect("a folder");
        let mut project = Project {
            packages: vec!["shop".into()],
            migrations: home.join("migrations"),
            removed: Vec::new(),
            roots: vec![home.join("lib.rs")],
            ..Project::default()
        };
        let planned = |project: &Project, source: &str, now: i64| {
            fs::write(home.join("lib.rs"), source).expect("a file");
            plan(project, &declared(project).expect("a declaration"), Step::Expand, now).expect("a plan")
        };
        planned(&project, &self.file("before.rs"), 1000).write().expect("files");
        if self.home.join("removed.txt").exists() {
            project.removed = self.file("removed.txt").lines().map(str::to_owned).collect();
        }
        planned(&project, &self.file("after.rs"), 2000)
    }
}

/// `_order_expand`: a case has versions of its own.
fn unnumbered(name: &str) -> &str {
    name.trim_start_matches(|c: char| c.is_ascii_digit())
}
