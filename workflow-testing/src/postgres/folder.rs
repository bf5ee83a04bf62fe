//! The folder of one server, and what becomes of it when its owner is killed.

use std::fs::{DirBuilder, File, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, PermissionsExt};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use super::{Base, Error, Installation, postmaster};

/// The folder of one server. Dropped, it is removed unless it is kept.
#[derive(Debug)]
pub(super) struct Folder {
    path: PathBuf,
    kept: bool,
    /// Locked; given back by the kernel however this process ends.
    _owned: File,
}

impl Folder {
    /// A folder that goes with its server.
    pub(super) fn throwaway(of: &Installation) -> Result<Folder, Error> {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let _lock = of.base.lock()?; // a sweep must not see the folder before it is locked
        loop {
            let number = NEXT.fetch_add(1, Ordering::Relaxed);
            let path = of.base.path().join(format!("run-{}-{number}", std::process::id()));
            match create(&path) {
                // Left by an earlier process with our id.
                Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
                Err(error) => return Err(Error::at(&path)(error)),
                Ok(()) => {
                    furnish(&path, of)?;
                    return Folder::own(path, false);
                }
            }
        }
    }

    /// A folder that is found again under its name.
    pub(super) fn kept(of: &Installation, name: &str) -> Result<Folder, Error> {
        let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        if name.is_empty() || name.len() > 40 || !name.chars().all(allowed) {
            return Err(Error::WrongName { name: name.to_owned() });
        }
        let _lock = of.base.lock()?;
        let path = of.base.path().join(format!("kept-{name}"));
        create_if_missing(&path)?;
        furnish(&path, of)?;
        Folder::own(path, true)
    }

    fn own(path: PathBuf, kept: bool) -> Result<Folder, Error> {
        match lock(&path) {
            Ok(owned) => Ok(Folder { path, kept, _owned: owned }),
            Err(_) => Err(Error::InUse { folder: path }),
        }
    }

    /// What cannot be removed now is swept later.
    pub(super) fn remove(&self) {
        let _ = std::fs::remove_dir_all(&self.path);
    }

    pub(super) fn is_kept(&self) -> bool {
        self.kept
    }

    pub(super) fn data(&self) -> PathBuf {
        self.path.join("data")
    }

    pub(super) fn socket(&self) -> PathBuf {
        self.path.join("socket")
    }

    pub(super) fn log(&self) -> PathBuf {
        self.path.join("log")
    }

    /// To be written to; what is there stays.
    pub(super) fn open_log(&self) -> Result<File, Error> {
        File::options().create(true).append(true).open(self.log()).map_err(Error::at(&self.log()))
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if !self.kept {
            self.remove();
        }
    }
}

fn create(path: &Path) -> std::io::Result<()> {
    DirBuilder::new().mode(0o700).create(path)
}

fn create_if_missing(path: &Path) -> Result<(), Error> {
    match create(path) {
        Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(Error::at(path)(error)),
        _ => Ok(()),
    }
}

/// Makes what is missing inside: a kept folder may be one whose maker was killed half-way.
fn furnish(path: &Path, of: &Installation) -> Result<(), Error> {
    for inner in [path.join("data"), path.join("socket")] {
        create_if_missing(&inner)?;
        of.account.own(&inner)?;
    }
    std::fs::set_permissions(path, Permissions::from_mode(Base::mode())).map_err(Error::at(path))
}

/// Removes the folders of owners that died without doing so, beside the start which asks for it.
pub(super) fn sweep(of: &Installation) -> Result<(), Error> {
    let abandoned = abandoned(&of.base)?;
    if !abandoned.is_empty() {
        let of = of.clone();
        std::thread::spawn(move || {
            for mut folder in abandoned {
                // Its server got a signal when the owner died, and may still be stopping.
                folder.kept = postmaster::stop_orphan(&of, &folder.data()).is_err();
            }
        });
    }
    Ok(())
}

fn abandoned(base: &Base) -> Result<Vec<Folder>, Error> {
    let _lock = base.lock()?;
    let entries = std::fs::read_dir(base.path()).map_err(Error::at(base.path()))?;
    let runs = entries.flatten().filter(|e| e.file_name().to_string_lossy().starts_with("run-"));
    Ok(runs.filter_map(|entry| Folder::own(entry.path(), false).ok()).collect())
}

/// The lock on a folder, if nobody has it.
pub(super) fn lock(folder: &Path) -> std::io::Result<File> {
    let file = File::open(folder)?;
    file.try_lock()?;
    Ok(file)
}
