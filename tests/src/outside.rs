//! A crate of somebody else's, outside of the workspace.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const MANIFEST: &str = include_str!("outside/Cargo.toml.txt");

/// It goes with this.
pub struct Outside {
    home: PathBuf,
}

impl Outside {
    /// With the runtime, sqlx, tokio and uuid as its only dependencies, and further ones of ours; and with one file.
    ///
    /// Their versions are those of the workspace: they are on this machine already.
    pub fn new(name: &str, ours: &[&str], file: &str, text: &str) -> Outside {
        let home = std::env::temp_dir().join(format!("workflow-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&home);
        fs::create_dir_all(home.join("src")).expect("a folder");
        let outside = Outside { home };
        let path = |name: &&str| format!("{name} = {{ path = \"{}\" }}", workspace().join(name).display());
        let dependencies: Vec<_> = ["workflow-runtime"].iter().chain(ours).map(path).collect();
        outside.write("Cargo.toml", &MANIFEST.replace("{ours}", &dependencies.join("\n")));
        outside.write(file, text);
        fs::copy(workspace().join("Cargo.lock"), outside.home.join("Cargo.lock")).expect("our lock file");
        outside
    }

    /// Its folder.
    pub fn home(&self) -> &Path {
        &self.home
    }

    /// Writes one of its files.
    pub fn write(&self, file: &str, text: &str) {
        fs::write(self.home.join(file), text).expect("its folder is ours");
    }

    /// Cargo, there. Its dependencies are built where ours are: most are the same.
    pub fn cargo(&self, arguments: &[&str]) -> Command {
        let mut command = cargo();
        command.args(arguments).arg("--offline").current_dir(&self.home).env("CARGO_TARGET_DIR", target());
        command
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.home);
    }
}

/// Cargo, as from a shell. What the test that asks was told of its own package would make build scripts run again that read it, and with
/// them all that depends on those; and a second time when the test is over.
pub fn cargo() -> Command {
    let mut command = Command::new(env!("CARGO"));
    for (name, _) in std::env::vars_os() {
        let of_test = ["CARGO_PKG_", "CARGO_MANIFEST_"].iter().any(|begin| name.to_string_lossy().starts_with(begin));
        if of_test {
            command.env_remove(name);
        }
    }
    command
}

/// The folder of what is built.
pub fn target() -> PathBuf {
    let executable = std::env::current_exe().expect("a test is a file");
    executable.ancestors().nth(3).expect("below target/debug/deps").to_owned()
}

fn workspace() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("it is in the workspace")
}
