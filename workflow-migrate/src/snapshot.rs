//! What a workflow was when it was last migrated: `migrations/.workflow/<label>.json`.
//!
//! Canonical: the same content is the same bytes, a state or a transition a line, so that git merges what does not touch and
//! shows a conflict where it does. A merge that went through and is wrong all the same is found by the hash.

use crate::error::Error;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha384};
use std::collections::BTreeMap;
use std::fmt::Write;
use std::path::Path;
use workflow_model::Model;
use workflow_model::fingerprint::fingerprint;

/// The form of the files that this version writes and reads.
const FORMAT: u32 = 2;

/// What is read first.
#[derive(Deserialize)]
struct Form {
    format: u32,
}

/// A snapshot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snapshot {
    /// The form of this file.
    pub format: u32,
    /// The hash of everything else in it.
    pub hash: String,
    /// What the declaration means to the database: `#[snapshot]` compares itself with it.
    pub fingerprint: String,
    /// The hash of the snapshot before this one.
    pub parent: Option<String>,
    /// The version of the last migration.
    pub head: i64,
    /// Whether it is still declared.
    pub standing: Standing,
    /// Labels that states once had; they are never given to another one, for history has them.
    pub retired: Vec<String>,
    /// The numbers at the ends of the names of constraints that were replaced.
    pub revisions: BTreeMap<String, u32>,
    /// Every file that was generated for this workflow.
    pub files: Vec<Recorded>,
    /// The declaration.
    pub model: Model,
    /// The declaration before it, as long as its binaries may run: then the contract phase waits.
    pub pending: Option<Model>,
}

/// Whether a migrated workflow is still declared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// It is.
    Declared,
    /// It is not: the contract phase drops its tables.
    Removed,
    /// Its tables are dropped.
    Dropped,
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
        let snapshot = Snapshot {
            format: FORMAT,
            hash: String::new(),
            fingerprint: String::new(),
            parent: None,
            head,
            standing: Standing::Declared,
            retired: Vec::new(),
            revisions: BTreeMap::new(),
            files,
            model,
            pending: None,
        };
        snapshot.sealed()
    }

    /// The same migration with a declaration that differs in nothing the database knows.
    pub fn refreshed(&self, model: Model) -> Snapshot {
        Snapshot { model, ..self.child() }.sealed()
    }

    /// What follows this one, not sealed yet.
    pub(crate) fn child(&self) -> Snapshot {
        Snapshot { parent: Some(self.hash.clone()), ..self.clone() }
    }

    /// With the hash of what it says.
    pub(crate) fn sealed(self) -> Snapshot {
        let whole = Snapshot { fingerprint: fingerprint(&self.model), ..self };
        Snapshot { hash: whole.content_hash(), ..whole }
    }

    /// Reads a snapshot and makes sure that it is whole.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or does not have the content whose hash it states.
    pub fn load(path: &Path) -> Result<Snapshot, Error> {
        let text = std::fs::read_to_string(path).map_err(|source| Error::Io { path: path.to_owned(), source })?;
        Snapshot::read(&text, path)
    }

    /// The same from a text; `path` is what errors name.
    ///
    /// # Errors
    ///
    /// When the text does not have the content whose hash it states.
    pub fn read(text: &str, path: &Path) -> Result<Snapshot, Error> {
        let damaged = |reason: String| Error::Damaged { path: path.to_owned(), reason };
        if text.lines().any(|line| line.starts_with("<<<<<<< ")) {
            return Err(damaged("a merge has left its conflict in it".to_owned()));
        }
        let Form { format } = serde_json::from_str(text).map_err(|e| damaged(e.to_string()))?;
        if format != FORMAT {
            return Err(damaged(format!("it has the form {format}, and this version of `cargo workflow` reads form {FORMAT}")));
        }
        let snapshot: Snapshot = serde_json::from_str(text).map_err(|e| damaged(e.to_string()))?;
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
        let _ = writeln!(out, "  \"fingerprint\": {},", json(&self.fingerprint));
        let _ = writeln!(out, "  \"parent\": {},", json(&self.parent));
        let _ = writeln!(out, "  \"head\": {},", self.head);
        let _ = writeln!(out, "  \"standing\": {},", json(&self.standing));
        let _ = writeln!(out, "  \"retired\": {},", json(&self.retired));
        let _ = writeln!(out, "  \"revisions\": {},", json(&self.revisions));
        let _ = writeln!(out, "  \"files\": {},", lines(&self.files, 2));
        let _ = writeln!(out, "  \"model\": {},", model(&self.model));
        let _ = writeln!(out, "  \"pending\": {}", self.pending.as_ref().map_or_else(|| "null".to_owned(), model));
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
    let Model { name, table, parent, docs, adopt, fields, states, groups, create, transitions, removed, dropped, moved_from } =
        model;
    let parent = parent.as_ref().map(|parent| ("parent", json(parent)));
    let parts = [
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
    let head = [("name", json(name)), ("table", json(table))];
    let parts = head.into_iter().chain(parent).chain(parts).map(|(name, value)| format!("    \"{name}\": {value}"));
    format!("{{\n{}\n  }}", parts.collect::<Vec<_>>().join(",\n"))
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
