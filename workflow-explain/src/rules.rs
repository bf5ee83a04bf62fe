//! The rules of a migration file: what is wrong with statements that are each fine.

use crate::block;
use crate::file::{NO_TRANSACTION, Statement};
use crate::lock::{Lock, Mode, Wait};
use crate::name::same;
use crate::syntax::line;
use crate::verdict::{Duration, Verdict};
use serde::Serialize;
use squawk_syntax::SyntaxKind;
use squawk_syntax::ast::{AstNode, SetScope, SetTarget, Stmt};
use std::fmt;

/// A rule that a file breaks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// Which.
    pub rule: Rule,
    /// Where, from 1.
    pub line: usize,
    /// What happens.
    pub why: String,
    /// What to do.
    pub instead: String,
}

/// The rules of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// `-- no-transaction` counts at byte 0 only.
    MisplacedNoTransaction,
    /// A file without a transaction has exactly one statement.
    SeveralWithoutTransaction,
    /// A statement that may run again must not fail for having run.
    NotRepeatable,
    /// What cannot run inside a transaction.
    NotInTransaction,
    /// The transaction is sqlx's.
    OwnTransaction,
    /// One strongly locked table a file.
    SeveralStrongLocks,
    /// `SET LOCAL lock_timeout` comes first.
    NoLockTimeout,
    /// A scan is alone in its file.
    ScanNotAlone,
    /// Rows are not written while their table is locked.
    WorkUnderLock,
    /// PostgreSQL cuts a name after 63 bytes.
    LongName,
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Rule::MisplacedNoTransaction => "misplaced no-transaction",
            Rule::SeveralWithoutTransaction => "several statements without a transaction",
            Rule::NotRepeatable => "not repeatable",
            Rule::NotInTransaction => "not possible in a transaction",
            Rule::OwnTransaction => "a transaction of its own",
            Rule::SeveralStrongLocks => "several strong locks",
            Rule::NoLockTimeout => "no lock time-out",
            Rule::ScanNotAlone => "a scan that is not alone",
            Rule::WorkUnderLock => "work under a strong lock",
            Rule::LongName => "a name that is too long",
        })
    }
}

/// What each rule looks at.
struct Context<'a> {
    sql: &'a str,
    transaction: bool,
    parsed: &'a [Stmt],
    statements: &'a [Statement],
}

type Check = fn(&Context<'_>) -> Vec<Finding>;

const RULES: &[Check] = &[
    misplaced_no_transaction,
    several_without_transaction,
    not_repeatable,
    not_in_transaction,
    own_transaction,
    several_strong_locks,
    no_lock_timeout,
    scan_not_alone,
    work_under_lock,
    long_names,
];

/// Where the file breaks a rule, in the order of its lines.
pub(crate) fn findings(sql: &str, transaction: bool, parsed: &[Stmt], statements: &[Statement]) -> Vec<Finding> {
    let context = Context { sql, transaction, parsed, statements };
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&context)).collect();
    findings.sort_by_key(|finding| finding.line);
    findings
}

fn found(rule: Rule, line: usize, why: impl Into<String>, instead: impl Into<String>) -> Finding {
    Finding { rule, line, why: why.into(), instead: instead.into() }
}

fn misplaced_no_transaction(c: &Context<'_>) -> Vec<Finding> {
    let at = c.sql.lines().position(|line| line.trim_start_matches('\u{feff}').trim_start().starts_with(NO_TRANSACTION));
    let misplaced = at.filter(|_| c.transaction);
    let finding = misplaced.map(|at| {
        let why = "sqlx looks for `-- no-transaction` in the first bytes of a file only: this one runs in a transaction";
        found(Rule::MisplacedNoTransaction, at + 1, why, "make it the first line, with nothing before it")
    });
    finding.into_iter().collect()
}

fn several_without_transaction(c: &Context<'_>) -> Vec<Finding> {
    if c.transaction || c.statements.len() == 1 {
        return Vec::new();
    }
    let at = c.statements.get(1).map_or(1, |statement| statement.line);
    let why = "the file is sent as one message, and PostgreSQL runs several statements of a message in a transaction after all";
    vec![found(Rule::SeveralWithoutTransaction, at, why, "exactly one statement, and a file for each of the others")]
}

fn not_repeatable(c: &Context<'_>) -> Vec<Finding> {
    if c.transaction {
        return Vec::new();
    }
    let lacking = |stmt: &Stmt| match stmt {
        Stmt::CreateIndex(it) if it.if_not_exists().is_none() => Some("IF NOT EXISTS"),
        Stmt::DropIndex(it) if it.if_exists().is_none() => Some("IF EXISTS"),
        _ => None,
    };
    let why = "when the connection dies after it, the file runs again, and fails for what is there already";
    each(c, |stmt| lacking(stmt).map(|what| (Rule::NotRepeatable, why, what)))
}

fn not_in_transaction(c: &Context<'_>) -> Vec<Finding> {
    if !c.transaction {
        return Vec::new();
    }
    let refused = |stmt: &Stmt| match stmt {
        Stmt::CreateIndex(it) => it.concurrently_token().is_some(),
        Stmt::DropIndex(it) => it.concurrently_token().is_some(),
        Stmt::Reindex(it) => it.is_concurrently(),
        Stmt::AlterTable(it) => it.syntax().descendants().any(|node| node.kind() == SyntaxKind::DETACH_CONCURRENTLY),
        Stmt::Do(it) => block::commits(it),
        Stmt::Vacuum(_) | Stmt::CreateDatabase(_) | Stmt::DropDatabase(_) | Stmt::CreateTablespace(_) | Stmt::AlterSystem(_) => {
            true
        }
        _ => false,
    };
    let why = "PostgreSQL refuses it inside a transaction, and sqlx runs this file in one";
    let instead = "put it alone into a file whose first line is `-- no-transaction`";
    each(c, |stmt| refused(stmt).then_some((Rule::NotInTransaction, why, instead)))
}

fn own_transaction(c: &Context<'_>) -> Vec<Finding> {
    let why = "sqlx begins and commits the transaction in which it also records that the file has run";
    each(c, |stmt| {
        matches!(stmt, Stmt::Begin(_) | Stmt::Commit(_) | Stmt::Rollback(_)).then_some((
            Rule::OwnTransaction,
            why,
            "leave it out",
        ))
    })
}

/// Who uses the two in the other order, and this file, wait for each other.
fn several_strong_locks(c: &Context<'_>) -> Vec<Finding> {
    let mut locked: Vec<&str> = Vec::new();
    let mut second = None;
    for (stmt, statement) in c.parsed.iter().zip(c.statements).filter(|_| c.transaction) {
        // The table of an index is not known, and may be one that is locked already.
        if matches!(stmt, Stmt::DropIndex(_) | Stmt::AlterIndex(_) | Stmt::Reindex(_)) {
            continue;
        }
        let new: Vec<&str> = strong(statement).filter(|new| !locked.iter().any(|old| same(old, new))).collect();
        if !locked.is_empty() && !new.is_empty() {
            second.get_or_insert(statement.line);
        }
        locked.extend(new);
    }
    let finding = second.map(|at| {
        let why = format!(
            "{} are locked at once: who uses two of them in another order can deadlock with this file",
            locked.join(", ")
        );
        found(Rule::SeveralStrongLocks, at, why, "a file for each")
    });
    finding.into_iter().collect()
}

/// The relations for which an application has to wait.
fn strong(statement: &Statement) -> impl Iterator<Item = &str> {
    let locks = statement.locks.iter().filter(|lock| Wait::of(lock.mode).stops_the_application());
    locks.filter(|_| statement.wait.stops_the_application()).map(|lock| lock.relation.as_str())
}

fn no_lock_timeout(c: &Context<'_>) -> Vec<Finding> {
    let first = c.statements.iter().position(|statement| statement.wait.stops_the_application());
    let Some(first) = first.filter(|first| !c.parsed[..*first].iter().any(sets_lock_timeout)) else { return Vec::new() };
    let why = "a statement that waits for its lock makes everybody behind it wait too, as long as the longest reader takes";
    let instead = if c.transaction {
        "SET LOCAL lock_timeout = '5s'; as the first statement, and try again when it fails"
    } else {
        "take `-- no-transaction` away, and put SET LOCAL lock_timeout = '5s'; first"
    };
    vec![found(Rule::NoLockTimeout, c.statements[first].line, why, instead)]
}

fn sets_lock_timeout(stmt: &Stmt) -> bool {
    let Stmt::Set(it) = stmt else { return false };
    let local = matches!(it.set_scope(), Some(SetScope::LocalScope(_)));
    let Some(SetTarget::SetConfig(config)) = it.set_target() else { return false };
    local
        && config.config_parameter_ref().is_some_and(|name| name.syntax().text().to_string().eq_ignore_ascii_case("lock_timeout"))
}

/// A scan that is unsafe anyway has been told what to do.
fn scan_not_alone(c: &Context<'_>) -> Vec<Finding> {
    let long = |statement: &&Statement| match statement.duration {
        Duration::Scan | Duration::Build | Duration::Rewrite => statement.verdict == Verdict::Safe && !statement.locks.is_empty(),
        Duration::Instant | Duration::Batches | Duration::Unknown => false,
    };
    let Some(scan) = c.statements.iter().find(long).filter(|_| c.transaction) else { return Vec::new() };
    if !c.statements.iter().any(|other| other.wait >= Wait::Ddl && other != scan) {
        return Vec::new();
    }
    let why = "the locks of the other statements are held as long as the table is read";
    vec![found(Rule::ScanNotAlone, scan.line, why, "put it alone into a file")]
}

fn work_under_lock(c: &Context<'_>) -> Vec<Finding> {
    let mut locked: Vec<&str> = Vec::new();
    let mut findings = Vec::new();
    for statement in c.statements.iter().filter(|_| c.transaction) {
        let writes = |lock: &&Lock| lock.mode == Mode::RowExclusive && locked.iter().any(|old| same(old, &lock.relation));
        if let Some(lock) = statement.locks.iter().find(writes).filter(|_| statement.duration != Duration::Instant) {
            let why = format!("{} is locked since a statement before, and stays so for as long as the rows take", lock.relation);
            findings.push(found(
                Rule::WorkUnderLock,
                statement.line,
                why,
                "write the rows in batches, in a file without a transaction",
            ));
        }
        locked.extend(strong(statement));
    }
    findings
}

fn long_names(c: &Context<'_>) -> Vec<Finding> {
    let tokens =
        c.parsed.iter().flat_map(|stmt| stmt.syntax().descendants_with_tokens().filter_map(|element| element.into_token()));
    let names = tokens.filter(|token| token.kind() == SyntaxKind::IDENT);
    let long = names.filter(|token| token.text().trim_matches('"').replace("\"\"", "\"").len() > 63);
    long.map(|token| {
        let why = format!(
            "`{}` has more than 63 bytes: PostgreSQL cuts it, and says so in a notice only",
            token.text().trim_matches('"')
        );
        found(Rule::LongName, line(c.sql, token.text_range().start().into()), why, "a shorter name")
    })
    .collect()
}

/// The findings of a rule that looks at one statement at a time.
fn each(c: &Context<'_>, rule: impl Fn(&Stmt) -> Option<(Rule, &'static str, &'static str)>) -> Vec<Finding> {
    let both = c.parsed.iter().zip(c.statements);
    both.filter_map(|(stmt, statement)| rule(stmt).map(|(rule, why, instead)| found(rule, statement.line, why, instead)))
        .collect()
}
