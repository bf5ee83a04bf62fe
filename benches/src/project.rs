//! A crate of a user, written below `target/` and built there as at the user's: with the settings that Cargo has by itself.

use crate::Failure;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::Instant;

/// Of whoever measures; users do not have them.
const SETTINGS: [&str; 6] = [
    "CARGO_TARGET_DIR",
    "CARGO_BUILD_JOBS",
    "CARGO_INCREMENTAL",
    "CARGO_PROFILE_DEV_DEBUG",
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
];

/// What a build took.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Cost {
    /// On the clock.
    pub(crate) seconds: f64,
    /// Of all processors together: what else the machine does counts less here.
    pub(crate) processor: f64,
}

pub(crate) struct Project {
    pub(crate) folder: PathBuf,
}

impl Project {
    /// With these lines in its `[dependencies]`. What is in the workspace's lock file has its version there. What was built before is
    /// still there, until it is [cleaned](Project::clean).
    pub(crate) fn new(name: &str, dependencies: &str) -> Result<Project, Failure> {
        let project = Project { folder: below_target()?.join(name) };
        let package = "edition = \"2024\"\nversion = \"0.0.0\"\n\n[workspace]\n\n[dependencies]\n";
        project.write("Cargo.toml", &format!("[package]\nname = \"{name}\"\n{package}{dependencies}"))?;
        fs::copy(workspace().join("Cargo.lock"), project.folder.join("Cargo.lock"))?;
        Ok(project)
    }

    pub(crate) fn write(&self, file: &str, text: &str) -> Result<(), Failure> {
        let file = self.folder.join(file);
        if let Some(folder) = file.parent() {
            fs::create_dir_all(folder)?;
        }
        Ok(fs::write(file, text)?)
    }

    /// What Cargo answers.
    pub(crate) fn ask(&self, arguments: &[&str]) -> Result<String, Failure> {
        let manifest = self.folder.join("Cargo.toml");
        said(self.cargo(arguments).arg("--manifest-path").arg(manifest).output()?, arguments)
    }

    pub(crate) fn measure(&self, arguments: &[&str]) -> Result<Cost, Failure> {
        let (begun, before) = (Instant::now(), processor()?);
        self.ask(arguments)?;
        Ok(Cost { seconds: begun.elapsed().as_secs_f64(), processor: processor()? - before })
    }

    /// A crate with every macro expanded, which only a compiler says that is told to allow it. It is told by a wrapper of this workspace's
    /// crates alone: what they depend on would be compiled anew.
    pub(crate) fn expanded(&self, name: &str) -> Result<String, Failure> {
        self.write("allowed.sh", "#!/bin/sh\nRUSTC_BOOTSTRAP=1 exec \"$@\"\n")?;
        let wrapper = self.folder.join("allowed.sh");
        fs::set_permissions(&wrapper, fs::Permissions::from_mode(0o755))?;
        let manifest = self.folder.join("Cargo.toml");
        let mut cargo = self.cargo(&["rustc", "-p", name, "--profile", "check", "--manifest-path"]);
        cargo.arg(manifest).args(["--", "-Zunpretty=expanded"]).env("RUSTC_WORKSPACE_WRAPPER", wrapper);
        said(cargo.output()?, &["rustc", "-p", name])
    }

    /// As after `cargo clean`.
    pub(crate) fn clean(&self) -> Result<(), Failure> {
        let target = self.folder.join("target");
        if target.exists() { Ok(fs::remove_dir_all(target)?) } else { Ok(()) }
    }

    /// In a folder of the workspace, so that it is the same compiler.
    fn cargo(&self, arguments: &[&str]) -> Command {
        let mut cargo = Command::new("cargo");
        for setting in SETTINGS {
            cargo.env_remove(setting);
        }
        cargo.args(arguments).current_dir(env!("CARGO_MANIFEST_DIR")).env("CARGO_TARGET_DIR", self.folder.join("target"));
        cargo
    }
}

fn said(output: Output, arguments: &[&str]) -> Result<String, Failure> {
    match output.status.success() {
        true => Ok(String::from_utf8(output.stdout)?),
        false => Err(format!("cargo {}: {}", arguments.join(" "), String::from_utf8_lossy(&output.stderr)).into()),
    }
}

/// The line for a crate of this workspace.
pub(crate) fn ours(name: &str) -> String {
    format!("{name} = {{ path = \"{}\" }}\n", workspace().join(name).display())
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().map_or_else(PathBuf::new, Path::to_owned)
}

/// `target/bench`, wherever `target` is.
fn below_target() -> Result<PathBuf, Failure> {
    let program = std::env::current_exe()?;
    Ok(program.ancestors().nth(2).ok_or("the program is in no folder")?.join("bench"))
}

/// Seconds that the processes took which have ended, theirs included. Linux counts a hundred ticks a second.
fn processor() -> Result<f64, Failure> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    let behind_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks: Vec<f64> = behind_name.split_whitespace().skip(13).take(2).map(str::parse).collect::<Result<_, _>>()?;
    Ok(ticks.iter().sum::<f64>() / 100.0)
}
