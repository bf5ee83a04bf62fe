//! The folders of the cases, and a project that goes from the declaration before to the one after.

use std::fs;
use std::path::{Path, PathBuf};
use workflow_migrate::{Error, Errors, Plan, Project, Step, declared, plan};

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) home: PathBuf,
}

/// Where the cases of the workspace are.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/migrate")
}

/// Every case, or the one that is asked for.
pub(crate) fn cases() -> Vec<Case> {
    let wanted = std::env::var("CASE").ok();
    let mut folders: Vec<PathBuf> =
        fs::read_dir(root()).unwrap().map(|entry| entry.unwrap().path()).filter(|p| p.is_dir()).collect();
    folders.sort();
    let case = |home: PathBuf| Case { name: home.file_name().unwrap().to_string_lossy().into_owned(), home };
    let cases: Vec<Case> = folders.into_iter().map(case).filter(|c| wanted.as_ref().is_none_or(|w| *w == c.name)).collect();
    assert!(!cases.is_empty(), "no case");
    cases
}

/// The case of a name.
pub(crate) fn case(name: &str) -> Case {
    Case { name: name.to_owned(), home: root().join(name) }
}

impl Case {
    pub(crate) fn text(&self, file: &str) -> String {
        fs::read_to_string(self.home.join(file)).unwrap_or_default()
    }
}

/// A crate with one source file, and its migrations folder.
pub(crate) struct Crate {
    home: PathBuf,
    pub(crate) removed: Vec<String>,
}

impl Crate {
    pub(crate) fn new(name: &str) -> Crate {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cases").join(name);
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).unwrap();
        Crate { home, removed: Vec::new() }
    }

    pub(crate) fn migrations(&self) -> PathBuf {
        self.home.join("migrations")
    }

    /// Writes what a phase needs, and gives the files of migrations that are new.
    pub(crate) fn generate(&self, source: &str, step: Step, now: i64) -> Result<Vec<(String, String)>, Vec<Error>> {
        fs::write(self.home.join("lib.rs"), source).unwrap();
        let planned = self.plan(step, now).map_err(|Errors(errors)| errors)?;
        planned.write().unwrap();
        let migrations = planned.files.iter().filter(|file| !file.snapshot);
        Ok(migrations
            .map(|file| (file.path.file_name().unwrap().to_string_lossy().into_owned(), file.content.clone().unwrap()))
            .collect())
    }

    fn plan(&self, step: Step, now: i64) -> Result<Plan, Errors> {
        let project = Project {
            packages: vec!["shop".into()],
            migrations: self.migrations(),
            removed: self.removed.clone(),
            roots: vec![self.home.join("lib.rs")],
            ..Project::default()
        };
        plan(&project, &declared(&project)?, step, now)
    }
}
