//! A folder of `tests/migrate`: what the generator says of the change, and what it writes.

use super::difference::difference;
use crate::book;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;
use workflow_explain::{Duration, Mode, explain};
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
        let width = phases
            .iter()
            .flat_map(|(_, files)| files)
            .map(|name| name.trim_start_matches(|c: char| c.is_ascii_digit()).len())
            .max();
        let width = width.unwrap_or(0);
        for (phase, files) in phases {
            if !text.is_empty() {
                text += "\n";
            }
            writeln!(text, "{phase}{}", if files.is_empty() { ": no file" } else { "" }).expect("text");
            for name in files {
                let lock = lock(&self.file(&format!("{phase}/{name}.up.sql")));
                let name = name.trim_start_matches(|c: char| c.is_ascii_digit());
                writeln!(text, "  …{name:width$}  {lock}").expect("text");
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

/// The strongest lock of a file, and how long it is needed for.
fn lock(sql: &str) -> String {
    let file = explain(sql).expect("SQL");
    if sql.contains("COMMIT;") {
        return "rows, in batches".to_owned();
    }
    // `explain` sees one file, and not that the one before has validated the CHECK.
    let proven = sql.contains("The constraint has proven it");
    // Nobody works on a view of ours as on the table.
    let on_tables = file.statements.iter().filter(|s| !s.text.contains(" VIEW "));
    let locks = on_tables.flat_map(|s| s.locks.iter().map(|lock| (lock.mode, s.duration)));
    let Some(strongest) = locks.clone().map(|(mode, _)| mode).max() else { return "no lock on the table".to_owned() };
    let long = locks.filter(|(mode, _)| *mode == strongest).map(|(_, duration)| duration).max();
    match (strongest, long.unwrap_or(Duration::Instant)) {
        (Mode::AccessShare | Mode::RowShare | Mode::RowExclusive, _) => "no lock on the table".to_owned(),
        (mode, Duration::Instant | Duration::Batches) => format!("{mode}, an instant"),
        (mode, Duration::Unknown) => format!("{mode}, as long as it takes"),
        (mode, Duration::Scan) if proven => format!("{mode}, an instant"),
        (mode, Duration::Scan) => format!("{mode}, a scan"),
        (mode, Duration::Build) => format!("{mode}, an index build"),
        (mode, Duration::Rewrite) => format!("{mode}, a rewrite"),
    }
}
