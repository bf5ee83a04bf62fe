//! What is left, against what was said. Each check is pure over what was read of one account; `read.rs` reads.

mod anomaly;
mod data;
mod path;
pub(crate) mod read;
mod said;
mod told;
mod work;

#[cfg(test)]
mod tests;

pub(crate) use anomaly::{Anomaly, Name};
pub(crate) use said::{Call, Said};

use crate::partner::Deed;
use std::collections::HashMap;
use uuid::Uuid;

/// One account, and whatever belongs to it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Account {
    pub(crate) instance: Instance,
    pub(crate) entries: Vec<Entry>,
    pub(crate) totals: Vec<Total>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) parts: Vec<Part>,
    /// What clients were told of it.
    pub(crate) calls: Vec<Call>,
    /// What the partner was asked for in its name.
    pub(crate) deeds: Vec<Deed>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Instance {
    pub(crate) id: Uuid,
    /// Nothing when it is not there.
    pub(crate) row: Option<Row>,
    /// Its history.
    pub(crate) steps: Vec<Step>,
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Part {
    pub(crate) instance: Instance,
    pub(crate) entries: Vec<Entry>,
    pub(crate) jobs: Vec<Job>,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Row {
    pub(crate) state: String,
    pub(crate) event: String,
    pub(crate) version: i64,
    pub(crate) amount: Option<i64>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Step {
    pub(crate) version: i64,
    pub(crate) event: String,
    pub(crate) from_state: Option<String>,
    pub(crate) to_state: String,
    /// What it set the common field to.
    pub(crate) amount: Option<i64>,
    /// What the state that it led to is about.
    pub(crate) stake: Option<i64>,
    pub(crate) receipt: Option<Uuid>,
    pub(crate) actor: Option<String>,
    pub(crate) key: Option<Uuid>,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Entry {
    pub(crate) version: i64,
    pub(crate) event: String,
    pub(crate) amount: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Total {
    pub(crate) balance: i64,
    pub(crate) entries: i64,
}

#[derive(Debug, Clone, PartialEq, Eq, sqlx::FromRow)]
pub(crate) struct Job {
    pub(crate) version: i64,
    pub(crate) kind: String,
    pub(crate) job: String,
    pub(crate) attempt: i32,
    pub(crate) last_error: Option<String>,
}

/// What clients were told and the partner was asked for, by account.
#[derive(Debug, Default)]
pub(crate) struct Logs {
    pub(crate) calls: HashMap<Uuid, Vec<Call>>,
    pub(crate) deeds: HashMap<Uuid, Vec<Deed>>,
}

/// All that is wrong with it.
pub(crate) fn check(account: &Account) -> Vec<Anomaly> {
    let mut found = Vec::new();
    told::check(account, &mut found);
    path::check(account, &mut found);
    data::check(account, &mut found);
    work::check(account, &mut found);
    found
}
