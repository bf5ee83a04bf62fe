//! The folder under which all servers of one user live.

use std::fs::{DirBuilder, File, Permissions};
use std::io::ErrorKind;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, PermissionsExt};
use std::path::{Path, PathBuf};

use super::Error;

/// What must be free in memory before a server is put there. A database takes 8 MB, a server 40 MB;
/// containers often have 64 MB in all.
const ROOMY: u64 = 4 << 30;

/// `/tmp/workflow-pg-<uid>` or the same in memory, ours and checked to be.
#[derive(Debug, Clone)]
pub(super) struct Base {
    path: PathBuf,
}

impl Base {
    /// Not `$TMPDIR`: the path of a Unix socket has a limit of about 104 bytes, which macOS's
    /// temporary folders half use up, and one below `/root` could not be entered by PostgreSQL.
    pub(super) fn on_disk() -> Result<Base, Error> {
        Base::open_in("/tmp")
    }

    /// In memory where Linux offers it and there is room, else on disk. A database is a thousand small
    /// files made and soon removed; ext4 then takes four times as long to make the next ones, for it
    /// spares the places of files just removed.
    pub(super) fn in_memory() -> Result<Base, Error> {
        let memory = "/dev/shm";
        let roomy = rustix::fs::statvfs(memory).is_ok_and(|free| free.f_bavail * free.f_frsize >= ROOMY);
        Base::open_in(if roomy { memory } else { "/tmp" })
    }

    fn open_in(parent: &str) -> Result<Base, Error> {
        let user = rustix::process::geteuid().as_raw();
        Base::open_at(PathBuf::from(format!("{parent}/workflow-pg-{user}")))
    }

    fn open_at(path: PathBuf) -> Result<Base, Error> {
        match DirBuilder::new().mode(0o700).create(&path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(Error::at(&path)(error)),
            _ => {
                check_ours(&path)?;
                let mode = Permissions::from_mode(Base::mode());
                std::fs::set_permissions(&path, mode).map_err(Error::at(&path))?;
                Ok(Base { path })
            }
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// The mode of folders of ours with folders of the account in them: as root we own the outer ones,
    /// so that the account cannot change what we follow, but it must be able to pass.
    pub(super) fn mode() -> u32 {
        if rustix::process::geteuid().is_root() { 0o711 } else { 0o700 }
    }

    /// Held while folders are made, found abandoned, or a template is made; waits for others.
    pub(super) fn lock(&self) -> Result<File, Error> {
        let folder = File::open(&self.path).map_err(Error::at(&self.path))?;
        folder.lock().map_err(Error::at(&self.path))?;
        Ok(folder)
    }
}

/// Its parent is everybody's: another user may have been here first, with a folder or a link of this name.
fn check_ours(path: &Path) -> Result<(), Error> {
    let found = std::fs::symlink_metadata(path).map_err(Error::at(path))?;
    if found.is_dir() && found.uid() == rustix::process::geteuid().as_raw() {
        return Ok(());
    }
    Err(Error::ForeignFolder { folder: path.to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_of_another_user_and_a_link_are_refused() {
        let ours = Base::on_disk().expect("our own folder opens");
        let link = ours.path().join(format!("link-{}", std::process::id()));
        std::os::unix::fs::symlink("/tmp", &link).expect("a link can be made");
        let refused = Base::open_at(link.clone());
        std::fs::remove_file(&link).expect("the link can be removed");
        assert!(matches!(refused, Err(Error::ForeignFolder { .. })));

        let someone = if rustix::process::geteuid().is_root() { 65_534 } else { return };
        let foreign = ours.path().join(format!("foreign-{}", std::process::id()));
        std::fs::create_dir(&foreign).expect("a folder can be made");
        std::os::unix::fs::chown(&foreign, Some(someone), None).expect("root gives folders away");
        let refused = Base::open_at(foreign.clone());
        std::fs::remove_dir(&foreign).expect("the folder can be removed");
        assert!(matches!(refused, Err(Error::ForeignFolder { .. })));
    }
}
