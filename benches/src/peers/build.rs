//! Each peer is built by cargo, from its own lock file.

use super::Peer;
use crate::Failure;
use std::fs;
use std::path::{Path, PathBuf};
use tokio::process::Command;

/// What the peers share, and no peer itself.
const SHARED: &str = "shared";

/// Their names, in order.
pub(crate) fn names() -> Result<Vec<String>, Failure> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder())? {
        let entry = entry?;
        if entry.path().join("Cargo.toml").exists() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.retain(|name| name != SHARED);
    names.sort();
    Ok(names)
}

/// The peer, or else why it cannot be built.
pub(crate) async fn built(name: &str) -> Result<Result<Peer, String>, Failure> {
    eprintln!("building {name} …");
    let output = Command::new(std::env::var_os("CARGO").unwrap_or("cargo".into()))
        .args(["build", "--release", "--locked", "--manifest-path"])
        .arg(folder().join(name).join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target())
        .output()
        .await?;
    if !output.status.success() {
        return Ok(Err(format!("cannot be built: {}", first_error(&String::from_utf8_lossy(&output.stderr)))));
    }
    Ok(Ok(Peer { name: name.to_owned(), program: target().join("release").join(format!("peer-{name}")) }))
}

fn first_error(said: &str) -> String {
    let error = said.lines().find(|line| line.starts_with("error"));
    error.or(said.lines().last()).unwrap_or("cargo says nothing").to_owned()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("peers")
}

fn target() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/peers")
}
