//! A disk of our own for the servers' data, small enough to be filled.

use crate::Failure;
use std::fs::File;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

#[derive(Debug)]
pub(crate) struct Volume {
    at: PathBuf,
}

/// The host gives room only for what is written.
const SIZE: u64 = 16 << 30;

/// Says that we are alone already.
const ALONE: &str = "CHAOS_MOUNTS_ALONE";

/// Starts this program anew where nobody else sees what it mounts, so that mounts go with it however it ends.
pub(crate) fn alone() {
    if !rustix::process::geteuid().is_root() || std::env::var_os(ALONE).is_some() {
        return;
    }
    let Ok(program) = std::env::current_exe() else { return };
    let mut command = Command::new("unshare");
    command.args(["--mount", "--propagation", "private"]).arg(program).args(std::env::args_os().skip(1)).env(ALONE, "1");
    // It comes back when it has failed: then nothing is mounted.
    let error = command.exec();
    eprintln!("unshare: {error}");
}

impl Volume {
    /// None where that is not allowed; the folder is an ordinary one then.
    pub(crate) fn mount(folder: &Path) -> Result<Option<Volume>, Failure> {
        std::fs::create_dir_all(folder)?;
        let image = folder.with_extension("image");
        if std::env::var_os(ALONE).is_none() {
            return Ok(None);
        }
        File::create(&image)?.set_len(SIZE)?;
        let made = run(Command::new("mkfs.ext4").args(["-q", "-m", "0"]).arg(&image));
        let mounted = made && run(Command::new("mount").args(["-o", "loop"]).arg(&image).arg(folder));
        Ok(mounted.then(|| Volume { at: folder.to_owned() }))
    }

    /// Takes all room but so many bytes.
    pub(crate) fn fill(&self, but: u64) -> Result<(), Failure> {
        let there = rustix::fs::statvfs(&self.at)?;
        let room = (there.f_bavail * there.f_frsize).saturating_sub(but);
        let ballast = File::create(self.ballast())?;
        rustix::fs::fallocate(&ballast, rustix::fs::FallocateFlags::empty(), 0, room)?;
        Ok(())
    }

    pub(crate) fn free(&self) -> std::io::Result<()> {
        std::fs::remove_file(self.ballast())
    }

    fn ballast(&self) -> PathBuf {
        self.at.join("ballast")
    }
}

impl Drop for Volume {
    fn drop(&mut self) {
        // Whatever still has a file open there keeps it until it ends.
        run(Command::new("umount").arg("--lazy").arg(&self.at));
    }
}

fn run(command: &mut Command) -> bool {
    command.status().is_ok_and(|status| status.success())
}
