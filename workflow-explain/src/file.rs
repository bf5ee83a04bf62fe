//! A migration file, statement by statement.

use crate::lock::{Lock, Wait};
use crate::rules::{self, Finding};
use crate::syntax::{self, SyntaxError, line};
use crate::verdict::{Duration, Verdict};
use crate::{create, statement};
use serde::Serialize;
use squawk_syntax::SyntaxNode;
use squawk_syntax::ast::{self, AstNode};

/// What sqlx looks for at byte 0, and nowhere else.
pub(crate) const NO_TRANSACTION: &str = "-- no-transaction";

/// A migration file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct File {
    /// Whether sqlx runs it in a transaction.
    pub transaction: bool,
    /// Its statements, in order.
    pub statements: Vec<Statement>,
    /// Where it breaks the rules of a file.
    pub findings: Vec<Finding>,
}

/// One statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Statement {
    /// Where it starts, from 1.
    pub line: usize,
    /// Its first line, with `…` where there are more.
    pub text: String,
    /// What it locks, but for relations that the file itself creates.
    pub locks: Vec<Lock>,
    /// Who waits.
    pub wait: Wait,
    /// For how long, at the least.
    pub duration: Duration,
    /// Whether it is safe on a live table.
    pub verdict: Verdict,
    /// What else is to be known.
    pub notes: Vec<String>,
}

impl File {
    /// Whether a statement is unsafe, or the file breaks a rule.
    pub fn is_unsafe(&self) -> bool {
        !self.findings.is_empty() || self.statements.iter().any(|s| matches!(s.verdict, Verdict::Unsafe { .. }))
    }
}

/// Says what each statement of a migration locks, who waits, and for how long.
///
/// # Errors
///
/// When the text is not SQL: where, and why. Nothing is read or written, so trying again gives the same.
pub fn explain(sql: &str) -> Result<File, SyntaxError> {
    let tree = syntax::parse(sql)?;
    let transaction = !sql.starts_with(NO_TRANSACTION);
    let (mut created, mut statements) = (Vec::new(), Vec::new());
    // A `;` alone is none.
    let parsed: Vec<ast::Stmt> = tree.stmts().filter(|stmt| !matches!(stmt, ast::Stmt::EmptyStmt(_))).collect();
    for stmt in &parsed {
        let effect = statement::effect(stmt).without(&created);
        created.extend(create::created(stmt));
        statements.push(Statement {
            line: line(sql, stmt.syntax().text_range().start().into()),
            text: first_line(stmt.syntax()),
            wait: effect.wait(),
            duration: effect.duration,
            verdict: effect.verdict(),
            locks: effect.locks,
            notes: effect.notes,
        });
    }
    let findings = rules::findings(sql, transaction, &parsed, &statements);
    Ok(File { transaction, statements, findings })
}

fn first_line(node: &SyntaxNode) -> String {
    let text = node.text().to_string();
    match text.trim_end_matches(';').split_once('\n') {
        Some((first, _)) => format!("{} …", first.trim_end()),
        None => text.trim_end_matches(';').to_owned(),
    }
}
