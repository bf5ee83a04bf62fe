//! The data folder: `initdb` once a machine, a copy of its result for each server.

use std::ffi::OsStr;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use super::folder::Folder;
use super::{Error, Installation};

/// Fills an empty data folder; one in use before is left as it is.
pub(super) fn fill(of: &Installation, data: &Path) -> Result<(), Error> {
    // Written last by the copy below, so a copy cut short is made again.
    if data.join("workflow-filled").exists() {
        return Ok(());
    }
    let everything = template(of)?.join(".");
    let cp = Path::new("cp");
    of.account.run(cp, &["-Rp".as_ref(), everything.as_os_str(), data.as_os_str()])?;
    let filled = data.join("workflow-filled");
    of.account.run(Path::new("touch"), &[filled.as_os_str()])
}

/// The result of `initdb`, which takes a second where copying it takes less than a tenth.
fn template(of: &Installation) -> Result<PathBuf, Error> {
    let template = of.base.path().join(format!("template-{:016x}", fingerprint(of)));
    if template.exists() {
        return Ok(template);
    }
    let folder = Folder::throwaway(of)?;
    let _lock = of.base.lock()?; // of several processes one makes it, the others wait here
    if !template.exists() {
        initdb(of, &folder.data())?;
        std::fs::rename(folder.data(), &template).map_err(Error::at(&template))?;
    }
    Ok(template)
}

/// A template fits the programs and the account that made it.
fn fingerprint(of: &Installation) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.binaries.program("initdb").hash(&mut hasher);
    of.binaries.version.hash(&mut hasher);
    of.account.user().hash(&mut hasher);
    hasher.finish()
}

fn initdb(of: &Installation, data: &Path) -> Result<(), Error> {
    let mut arguments: Vec<&OsStr> = vec!["-D".as_ref(), data.as_os_str()];
    arguments.extend(["-U", "postgres", "-A", "trust"].map(OsStr::new));
    // The same order of texts on every machine.
    arguments.extend(["-E", "UTF8", "--locale=C", "--no-sync"].map(OsStr::new));
    of.account.run(&of.binaries.program("initdb"), &arguments)
}
