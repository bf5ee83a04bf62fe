//! A crate with one source file and its folder of migrations, which the real generator fills.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use workflow_migrate::{Errors, Project, Snapshot, Step, declared, plan};

pub(crate) struct Crate {
    home: PathBuf,
    /// The lowest version that the next file may have.
    next: i64,
}

impl Crate {
    pub(crate) fn new(name: &str) -> Crate {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("chain").join(name);
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).expect("a folder");
        Crate { home, next: 1000 }
    }

    pub(crate) fn migrations(&self) -> PathBuf {
        self.home.join("migrations")
    }

    /// What was recorded of a workflow when it was last migrated.
    pub(crate) fn snapshot(&self, label: &str) -> Snapshot {
        Snapshot::load(&self.migrations().join(".workflow").join(format!("{label}.json"))).expect("a snapshot")
    }

    /// Writes what a phase needs, and gives the versions of the files: a phase's files are numbered from a round thousand.
    pub(crate) fn generate(&mut self, source: &str, step: Step) -> Vec<i64> {
        fs::write(self.home.join("lib.rs"), source).expect("a source");
        let project = Project {
            packages: vec!["shop".into()],
            migrations: self.migrations(),
            removed: Vec::new(),
            roots: vec![self.home.join("lib.rs")],
            table_name: None,
        };
        let planned = declared(&project).and_then(|declared| plan(&project, &declared, step, self.next));
        let planned = planned.unwrap_or_else(|Errors(errors)| {
            let texts: Vec<String> = errors.iter().map(|error| error.render(false)).collect();
            panic!("{step:?} is refused:\n{}", texts.concat())
        });
        planned.write().expect("files");
        self.next += 1000;
        let files = planned.files.iter().filter(|file| !file.snapshot);
        let mut versions: Vec<i64> = files.filter_map(|file| version(&file.path)).collect();
        versions.sort_unstable();
        versions.dedup();
        versions
    }
}

impl Crate {
    /// Every migration, by its name.
    pub(crate) fn texts(&self) -> BTreeMap<String, String> {
        let files = fs::read_dir(self.migrations()).expect("a folder").map(|entry| entry.expect("an entry").path());
        let text = |path: PathBuf| {
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            (name, fs::read_to_string(path).expect("a file"))
        };
        files.filter(|path| path.is_file()).map(text).collect()
    }
}

fn version(path: &Path) -> Option<i64> {
    path.file_name()?.to_str()?.split_once('_')?.0.parse().ok()
}
