//! A migrations folder of one input, gone with it.

use std::path::{Path, PathBuf};
use workflow_migrate::{Project, Step, declared, plan};

/// A package that has a source file and migrations.
pub struct Folder(PathBuf);

impl Folder {
    /// An empty one. Memory is faster than a disk.
    pub fn new() -> Folder {
        let base = Path::new("/dev/shm");
        let base = if base.is_dir() { base.to_owned() } else { std::env::temp_dir() };
        let folder = base.join(format!("workflow-fuzz-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&folder);
        std::fs::create_dir_all(folder.join("migrations")).expect("a folder");
        Folder(folder)
    }

    /// Its path.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// Declares this, and writes both phases of what that needs. Refusals are answers.
    pub fn declare(&self, source: &str, now: i64) {
        let root = self.0.join("lib.rs");
        std::fs::write(&root, source).expect("a source file");
        let project = Project { migrations: self.0.join("migrations"), roots: vec![root], ..Project::default() };
        let Ok(declared) = declared(&project) else { return };
        for (step, now) in [(Step::Expand, now), (Step::Contract, now + 50)] {
            if let Ok(plan) = plan(&project, &declared, step, now) {
                plan.write().expect("files that can be written");
                plan.files.iter().filter(|file| !file.snapshot).for_each(|file| readable(file.content.as_deref()));
            }
        }
    }
}

fn readable(sql: Option<&str>) {
    if let Some(sql) = sql
        && let Err(error) = workflow_explain::explain(sql)
    {
        panic!("no SQL: {error}\n{sql}");
    }
}

impl Default for Folder {
    fn default() -> Folder {
        Folder::new()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
