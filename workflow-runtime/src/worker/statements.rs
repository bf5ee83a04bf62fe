//! The statements on a table of jobs.

use crate::job::JobKind;
use crate::workflow::Workflow;
use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

/// Of one workflow.
#[derive(Debug)]
pub(super) struct Statements {
    /// (kinds, names, how many of each, how many in all, lease)
    pub(super) claim: SqlStr,
    /// (kinds, names, how many of each, how many in all)
    pub(super) candidates: SqlStr,
    /// (a job's identity, its time, lease)
    pub(super) take: SqlStr,
    /// (keys)
    pub(super) load_all: SqlStr,
    /// (a job's identity, lease)
    pub(super) extend: SqlStr,
    /// (a job's identity): locks the instance, then takes the job
    pub(super) fence: SqlStr,
    /// (a job's identity)
    pub(super) finish: SqlStr,
    /// (kind, name, keys, versions, attempts): which of them were there
    pub(super) finish_all: SqlStr,
    /// (a job's identity, delay, error)
    pub(super) again: SqlStr,
    /// (a job's identity, error)
    pub(super) park: SqlStr,
    /// (a job's identity, delay)
    pub(super) back: SqlStr,
    /// (a job's identity, delay)
    pub(super) sleep: SqlStr,
}

impl Statements {
    /// The names come from the declaration, quoted by the macro.
    pub(super) fn of<W: Workflow>() -> Statements {
        let fill = |template: &str| AssertSqlSafe(filled::<W>(template)).into_sql_str();
        Statements {
            claim: fill(include_str!("sql/claim.sql")),
            candidates: fill(include_str!("sql/candidates.sql")),
            take: fill(include_str!("sql/take.sql")),
            load_all: fill(&format!("{} WHERE o.{{key}} = ANY ($1)", W::STATEMENTS.find)),
            extend: fill(include_str!("sql/extend.sql")),
            fence: fill(include_str!("sql/fence.sql")),
            finish: fill(include_str!("sql/finish.sql")),
            finish_all: fill(include_str!("sql/finish_all.sql")),
            again: fill(include_str!("sql/again.sql")),
            park: fill(include_str!("sql/park.sql")),
            back: fill(include_str!("sql/back.sql")),
            sleep: fill(include_str!("sql/sleep.sql")),
        }
    }
}

/// Whether what is due is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counting {
    No,
    Yes,
}

/// When the first of each of these jobs is due, as a part of one statement for all workflows.
pub(super) fn soonest<W: Workflow>(
    lane: usize,
    counting: Counting,
    jobs: impl Iterator<Item = (JobKind, &'static str)>,
) -> String {
    let named = jobs.enumerate().map(|(place, (kind, name))| format!("({place}, '{kind}', '{}')", name.replace('\'', "''")));
    let due = match counting {
        Counting::No => "NULL",
        Counting::Yes => include_str!("sql/due.sql").trim_end(),
    };
    let soonest = include_str!("sql/soonest.sql").replace("{due}", due);
    let soonest = soonest.replace("{known}", &named.collect::<Vec<_>>().join(", ")).replace("{lane}", &lane.to_string());
    filled::<W>(&soonest)
}

/// (a child's job's identity): the jobs of its parent that wait, whose table and whose key in the child these are
pub(super) fn waiting<W: Workflow>(jobs: &str, column: &str) -> SqlStr {
    of_parent::<W>(include_str!("sql/waiting.sql"), jobs, column)
}

/// (a child, a waiting job's version and name): lets the parent look
pub(super) fn tell<W: Workflow>(jobs: &str, column: &str) -> SqlStr {
    of_parent::<W>(include_str!("sql/tell.sql"), jobs, column)
}

fn of_parent<W: Workflow>(template: &str, jobs: &str, column: &str) -> SqlStr {
    AssertSqlSafe(filled::<W>(template).replace("{parents}", jobs).replace("{column}", column)).into_sql_str()
}

fn filled<W: Workflow>(template: &str) -> String {
    let model = W::MODEL;
    template.replace("{jobs}", W::STATEMENTS.jobs).replace("{table}", model.table).replace("{key}", model.key)
}
