//! A repository with two packages, each with a workflow that is migrated.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

pub(crate) struct Repository {
    home: PathBuf,
    /// The highest version that was seen on any branch.
    latest: std::cell::Cell<i64>,
}

/// What the command said, and how it ended.
pub(crate) struct Said {
    code: i32,
    text: String,
}

impl Said {
    /// What was said, when the status is as expected.
    pub(crate) fn ends(self, code: i32) -> String {
        assert_eq!(self.code, code, "{}", self.text);
        self.text
    }
}

impl Repository {
    pub(crate) fn with_two_workflows(name: &str) -> Repository {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("branches").join(name);
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(&home).unwrap();
        let shop = Repository { home, latest: std::cell::Cell::new(0) };
        fs::write(shop.home.join("Cargo.toml"), "[workspace]\nmembers = [\"order\", \"bill\"]\nresolver = \"3\"\n").unwrap();
        for package in ["order", "bill"] {
            fs::create_dir_all(shop.home.join(package).join("src")).unwrap();
            let manifest = format!(
                "[package]\nname = \"{package}\"\nedition = \"2024\"\n[package.metadata.workflow]\nmigrations = \"../migrations\"\n"
            );
            fs::write(shop.home.join(package).join("Cargo.toml"), manifest).unwrap();
        }
        shop.write("order", "workflow! { pub workflow Order in orders { id: Uuid, states { initial Placed, final Gone }\ntransitions { go: Placed -> Gone, } } }\n");
        shop.write("bill", "workflow! { pub workflow Bill in bills { id: Uuid, states { initial Placed, final Gone }\ntransitions { go: Placed -> Gone, } } }\n");
        assert!(shop.git(&["init", "-q", "-b", "main"]));
        shop.workflow(&["generate"]).ends(0);
        shop.commit("start");
        shop.second();
        shop
    }

    /// Runs git, and says whether it was content.
    pub(crate) fn git(&self, arguments: &[&str]) -> bool {
        self.output(arguments).status.success()
    }

    fn output(&self, arguments: &[&str]) -> Output {
        Command::new("git")
            .args(["-c", "user.name=test", "-c", "user.email=test@localhost", "-c", "commit.gpgsign=false"])
            .args(arguments)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_SYSTEM", "/dev/null")
            .current_dir(&self.home)
            .output()
            .unwrap()
    }

    pub(crate) fn commit(&self, message: &str) {
        assert!(self.git(&["add", "-A"]) && self.git(&["commit", "-q", "-m", message]), "{message}");
    }

    pub(crate) fn branch(&self, name: &str) {
        assert!(self.git(&["checkout", "-q", "-b", name]));
    }

    pub(crate) fn checkout(&self, name: &str) {
        self.second();
        assert!(self.git(&["checkout", "-q", name]));
    }

    /// Files that git does not know.
    pub(crate) fn untracked(&self) -> String {
        String::from_utf8(self.output(&["ls-files", "--others", "--exclude-standard"]).stdout).unwrap()
    }

    /// The built command.
    pub(crate) fn workflow(&self, arguments: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_cargo-workflow")).args(arguments).current_dir(&self.home).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap() + &String::from_utf8(output.stderr).unwrap();
        Said { code: output.status.code().unwrap(), text }
    }

    pub(crate) fn write(&self, package: &str, declaration: &str) {
        fs::write(self.home.join(package).join("src/lib.rs"), declaration).unwrap();
    }

    pub(crate) fn declaration(&self, package: &str) -> String {
        let text = fs::read_to_string(self.home.join(package).join("src/lib.rs")).unwrap();
        // Of a conflict, our side.
        let (mut out, mut theirs) = (String::new(), false);
        for line in text.lines() {
            match line.get(..7) {
                Some("<<<<<<<") => {}
                Some("=======") => theirs = true,
                Some(">>>>>>>") => theirs = false,
                _ if theirs => {}
                _ => out += &format!("{line}\n"),
            }
        }
        out.replace(" hurry: Placed,", "")
    }

    pub(crate) fn change(&self, package: &str, (from, to): (&str, &str)) {
        let path = self.home.join(package).join("src/lib.rs");
        let text = fs::read_to_string(&path).unwrap();
        fs::write(&path, text.replace(from, to)).unwrap();
    }

    /// A file of one's own.
    pub(crate) fn put(&self, file: &str, text: &str) {
        fs::write(self.home.join(file), text).unwrap();
    }

    pub(crate) fn replace(&self, file: &str, from: &str, to: &str) {
        let path = self.home.join(file);
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from), "{text}");
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
    }

    /// Versions are seconds: files that are made now come after those that were made before.
    pub(crate) fn second(&self) {
        let folder = fs::read_dir(self.home.join("migrations")).unwrap();
        let versions = folder.filter_map(|e| e.unwrap().file_name().to_string_lossy().split_once('_')?.0.parse::<i64>().ok());
        let newest = versions.max().unwrap_or(0).max(self.latest.get());
        self.latest.set(newest);
        while now() <= newest {
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
    }
}

fn now() -> i64 {
    let output = Command::new("date").args(["-u", "+%Y%m%d%H%M%S"]).output().unwrap();
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}
