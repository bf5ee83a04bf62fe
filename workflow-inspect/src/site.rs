//! A workflow in a database, with the names that statements need, and which of several an instance belongs to.

use crate::error::InspectError;
use crate::job::{self, Job};
use crate::look::Look;
use serde::Deserialize;
use std::time::Duration;
use workflow_migrate::{Snapshot, Standing};
use workflow_model::names::quoted;
use workflow_model::{Model, Table};

/// A workflow that the database has.
#[derive(Debug, Clone)]
pub struct Site<'s> {
    pub(crate) snapshot: &'s Snapshot,
    pub(crate) table: Table,
    /// The key's column, as SQL.
    id: String,
    /// Its type, as the database calls it: a user's own may stand in any schema.
    id_type: String,
}

#[derive(Deserialize)]
struct KeyType {
    name: String,
}

/// From when on a creation that is due is late: only words depend on it.
const LATE: Duration = Duration::from_secs(60);

impl<'s> Site<'s> {
    /// The workflow of a snapshot; none when the database does not have its table.
    ///
    /// # Errors
    ///
    /// When the catalogue cannot be read. Nothing was written.
    pub async fn of(look: &mut Look, snapshot: &'s Snapshot) -> Result<Option<Site<'s>>, InspectError> {
        let Some(table) = table(look, snapshot).await? else { return Ok(None) };
        let key = snapshot.model.key().map_or("id", |key| &key.name.label);
        let sql = include_str!("sql/key_type.sql");
        let types: Vec<KeyType> = look.ask(&table.qualified(), sql, &[Some(&table.qualified()), Some(key)]).await?;
        Ok(types.into_iter().next().map(|KeyType { name }| Site { snapshot, table, id: quoted(key), id_type: name }))
    }

    /// The workflows of a folder that the database has: all, or the one that is asked for.
    ///
    /// # Errors
    ///
    /// When no workflow is called so, or the catalogue cannot be read. Nothing was written.
    pub async fn all(look: &mut Look, snapshots: &'s [Snapshot], asked: Option<&str>) -> Result<Vec<Site<'s>>, InspectError> {
        let kept: Vec<&Snapshot> = snapshots.iter().filter(|snapshot| snapshot.standing != Standing::Dropped).collect();
        if let Some(label) = asked.filter(|label| !kept.iter().any(|snapshot| snapshot.model.name.label == *label)) {
            let known = list(kept.iter().map(|snapshot| snapshot.model.name.label.as_str()));
            return Err(InspectError::NoWorkflow { label: label.to_owned(), known });
        }
        let mut sites = Vec::new();
        for snapshot in kept.into_iter().filter(|snapshot| asked.is_none_or(|label| snapshot.model.name.label == label)) {
            sites.extend(Site::of(look, snapshot).await?);
        }
        Ok(sites)
    }

    /// The workflow that has the instance. A key is looked for in each whose keys can be written so.
    ///
    /// # Errors
    ///
    /// When none has it, or several have, or one cannot be read. Nothing was written.
    pub async fn having(
        look: &mut Look,
        snapshots: &'s [Snapshot],
        asked: Option<&str>,
        id: &str,
    ) -> Result<Site<'s>, InspectError> {
        let sites = Site::all(look, snapshots, asked).await?;
        let mut found = Vec::new();
        for site in &sites {
            if site.has(look, id).await? {
                found.push(site);
            }
        }
        if found.is_empty() {
            for site in &sites {
                if site.creation(look, id).await.is_some() {
                    found.push(site);
                }
            }
        }
        match found.as_slice() {
            [site] => Ok((*site).clone()),
            [] => Err(InspectError::NoInstance { id: id.to_owned(), asked: list(sites.iter().map(Site::label)) }),
            several => Err(InspectError::Ambiguous { id: id.to_owned(), found: list(several.iter().map(|site| site.label())) }),
        }
    }

    /// Whether it has the instance, or at least history of it. A text that is no key of this type is none of its instances.
    pub(crate) async fn has(&self, look: &mut Look, id: &str) -> Result<bool, InspectError> {
        match look.attempt::<bool>("", &self.fill(include_str!("sql/has.sql")), &[Some(id)]).await {
            Ok(rows) => Ok(rows.contains(&true)),
            Err(error) if is_no_key(&error) => Ok(false),
            Err(source) => Err(InspectError::Read { what: self.table.qualified(), source }),
        }
    }

    /// The creation that was asked for, where there is one and the role may see it.
    pub(crate) async fn creation(&self, look: &mut Look, id: &str) -> Option<Job> {
        let sql = self.fill(include_str!("sql/creation.sql")).replace("{job}", job::object(LATE).trim_end());
        look.attempt("", &sql, &[Some(id)]).await.ok()?.pop()
    }

    /// What is said of an instance that is not there.
    pub(crate) async fn not_there(&self, look: &mut Look, id: &str) -> InspectError {
        let (workflow, id) = (self.label().to_owned(), id.to_owned());
        match self.creation(look, &id).await {
            Some(job) => InspectError::NotCreated { workflow, id, stands: job.told() },
            None => InspectError::NoInstance { id, asked: format!("`{workflow}`") },
        }
    }

    /// The workflow's label.
    pub fn label(&self) -> &str {
        &self.snapshot.model.name.label
    }

    /// The declarations whose binaries may be at work: the newer one first.
    pub(crate) fn models(&self) -> impl Iterator<Item = &'s Model> {
        std::iter::once(&self.snapshot.model).chain(&self.snapshot.pending)
    }

    /// A statement's template with its names, which are quoted.
    pub(crate) fn fill(&self, template: &str) -> String {
        let holes = [
            ("{table}", self.table.qualified()),
            ("{history}", self.table.beside("_history")),
            ("{jobs}", self.table.beside("_jobs")),
            ("{recorded}", self.table.beside("_recorded")),
            ("{id_type}", self.id_type.clone()),
            // The key last: it is the only one that a user may have named as he likes.
            ("{id}", self.id.clone()),
        ];
        holes.iter().fold(template.to_owned(), |text, (hole, value)| text.replace(hole, value))
    }
}

/// A text that cannot be read as the key's type: PostgreSQL's class of data exceptions.
pub(crate) fn is_no_key(error: &sqlx::Error) -> bool {
    error.as_database_error().and_then(|error| error.code()).is_some_and(|code| code.starts_with("22"))
}

/// Where it stands: a table that is to move may not have moved yet.
pub(crate) async fn table(look: &mut Look, snapshot: &Snapshot) -> Result<Option<Table>, InspectError> {
    let former = snapshot.pending.as_ref().map(|model| &model.table);
    for table in std::iter::once(&snapshot.model.table).chain(former) {
        if look.has(&table.qualified()).await? {
            return Ok(Some(table.clone()));
        }
    }
    Ok(None)
}

fn list<'l>(labels: impl Iterator<Item = &'l str>) -> String {
    let labels: Vec<String> = labels.map(|label| format!("`{label}`")).collect();
    if labels.is_empty() { "none in this database".to_owned() } else { labels.join(", ") }
}
