//! What a workflow was when it was last migrated: `migrations/.workflow/<label>.json`.
//!
//! Canonical: the same content is the same bytes, a state or a transition a line, so that git merges what does not touch and
//! shows a conflict where it does. A merge that went through and is wrong all the same is found by the hash.

use crate::error::Error;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384};
use std::fmt::Write;
use std::path::Path;
use workflow_model::Model;

/// A snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The form of this file.
    pub format: u32,
    /// The hash of everything else in it.
    pub hash: String,
    /// The hash of the snapshot before this one.
    pub parent: Option<String>,
    /// The version of the last migration.
    pub head: i64,
    /// Labels that states once had; they are never given to another one, for history has them.
    pub retired: Vec<String>,
    /// Every file that was generated for this workflow.
    pub files: Vec<Recorded>,
    /// The declaration.
    pub model: Model,
}

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recorded {
    /// Its name in the migrations folder.
    pub name: String,
    /// sqlx's own checksum, which databases keep: an edited file is found before a deploy finds it.
    pub sha384: String,
}

impl Recorded {
    /// The record of a file with this content.
    pub fn of(name: &str, content: &[u8]) -> Recorded {
        Recorded { name: name.to_owned(), sha384: hex(&Sha384::digest(content)) }
    }
}

impl Snapshot {
    /// The first snapshot of a workflow.
    pub fn first(model: Model, head: i64, files: Vec<Recorded>) -> Snapshot {
        let snapshot = Snapshot { format: 1, hash: String::new(), parent: None, head, retired: Vec::new(), files, model };
        Snapshot { hash: snapshot.content_hash(), ..snapshot }
    }

    /// The same migration with a declaration that differs in nothing the database knows.
    pub fn refreshed(&self, model: Model) -> Snapshot {
        let snapshot = Snapshot { parent: Some(self.hash.clone()), model, ..self.clone() };
        Snapshot { hash: snapshot.content_hash(), ..snapshot }
    }

    /// Reads a snapshot and makes sure that it is whole.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or does not have the content whose hash it states.
    pub fn load(path: &Path) -> Result<Snapshot, Error> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        let damaged = |reason: String| Error::Damaged { path: path.to_owned(), reason };
        let snapshot: Snapshot = serde_json::from_str(&text).map_err(|e| damaged(e.to_string()))?;
        if snapshot.format != 1 {
            return Err(damaged(format!("form {} is of a later version of `cargo workflow`", snapshot.format)));
        }
        if snapshot.hash != snapshot.content_hash() {
            return Err(damaged("its content does not have the hash that it states".to_owned()));
        }
        Ok(snapshot)
    }

    /// The text of the file.
    pub fn render(&self) -> String {
        let mut out = String::from("{\n");
        let _ = writeln!(out, "  \"format\": {},", self.format);
        let _ = writeln!(out, "  \"hash\": {},", json(&self.hash));
        let _ = writeln!(out, "  \"parent\": {},", json(&self.parent));
        let _ = writeln!(out, "  \"head\": {},", self.head);
        let _ = writeln!(out, "  \"retired\": {},", json(&self.retired));
        let _ = writeln!(out, "  \"files\": {},", lines(&self.files, 2));
        let _ = writeln!(out, "  \"model\": {}", model(&self.model));
        out + "}\n"
    }

    fn content_hash(&self) -> String {
        let blank = Snapshot { hash: String::new(), ..self.clone() };
        hex(&Sha256::digest(blank.render().as_bytes()))
    }
}

/// The model's parts in the order of the declaration, the elements of its lists a line each. They are written as they are, not by way
/// of a map of JSON, whose order is up to whoever builds us (serde_json's `preserve_order` is on for all when one wants it).
fn model(model: &Model) -> String {
    let Model { name, table, docs, adopt, fields, states, groups, create, transitions, removed, dropped, moved_from } = model;
    let parts = [
        ("name", json(name)),
        ("table", json(table)),
        ("docs", json(docs)),
        ("adopt", json(adopt)),
        ("fields", lines(fields, 4)),
        ("states", lines(states, 4)),
        ("groups", lines(groups, 4)),
        ("create", json(create)),
        ("transitions", lines(transitions, 4)),
        ("removed", lines(removed, 4)),
        ("dropped", lines(dropped, 4)),
        ("moved_from", json(moved_from)),
    ];
    let parts = parts.map(|(name, value)| format!("    \"{name}\": {value}"));
    format!("{{\n{}\n  }}", parts.join(",\n"))
}

fn lines<T: Serialize>(elements: &[T], indent: usize) -> String {
    if elements.is_empty() {
        return "[]".to_owned();
    }
    let pad = " ".repeat(indent);
    let elements: Vec<_> = elements.iter().map(|e| format!("{pad}  {}", json(e))).collect();
    format!("[\n{}\n{pad}]", elements.join(",\n"))
}

fn json<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}
