//! Statements that read and write rows.

use crate::effect::Effect;
use crate::lock::Mode;
use crate::name::{name, name_of, read};
use crate::verdict::Duration;
use squawk_syntax::ast::{self, AstNode, CopyDirection, InsertSource, Stmt};
use squawk_syntax::{SyntaxKind, SyntaxNode};

const BATCHES: &str = "a loop that takes some thousand rows by their key and commits, as one DO block in a file that begins with `-- no-transaction`";

/// `UPDATE`
pub(crate) fn update(it: &ast::Update) -> Effect {
    written(name_of(it.relation_name()), it.where_clause_or_current_of().is_none(), it.syntax())
}

/// `DELETE`
pub(crate) fn delete(it: &ast::Delete) -> Effect {
    written(name_of(it.relation_name()), it.where_clause_or_current_of().is_none(), it.syntax())
}

fn written(table: String, all: bool, node: &SyntaxNode) -> Effect {
    let effect = Effect::lock(table, Mode::RowExclusive).and(reading(node));
    if !all {
        return effect.lasting(Duration::Unknown);
    }
    effect
        .lasting(Duration::Scan)
        .harmful("every row is locked until the file ends, and who writes one waits for all of them", BATCHES)
}

/// `INSERT`
pub(crate) fn insert(it: &ast::Insert) -> Effect {
    let effect = Effect::lock(name_of(it.relation_name_ref()), Mode::RowExclusive).and(reading(it.syntax()));
    match it.insert_source() {
        Some(InsertSource::SelectVariant(ast::SelectVariant::Values(_))) | Some(InsertSource::DefaultValues(_)) => effect,
        Some(InsertSource::SelectVariant(_)) | None => effect.lasting(Duration::Unknown),
    }
}

/// `MERGE`
pub(crate) fn merge(it: &ast::Merge) -> Effect {
    Effect::lock(name_of(it.table_relation_name()), Mode::RowExclusive).and(reading(it.syntax())).lasting(Duration::Unknown)
}

/// `COPY`
pub(crate) fn copy(it: &ast::Copy) -> Effect {
    let mode = match it.copy_direction() {
        Some(CopyDirection::CopyFrom(_)) => Mode::RowExclusive,
        Some(CopyDirection::CopyTo(_)) | None => Mode::AccessShare,
    };
    let table = it.copy_table().map_or_else(Effect::none, |table| Effect::lock(name(table.syntax()), mode));
    table.and(reading(it.syntax())).lasting(Duration::Unknown)
}

/// `SELECT`, whose functions may do anything.
pub(crate) fn query(stmt: &Stmt) -> Effect {
    let effect = reading(stmt.syntax()).lasting(Duration::Unknown);
    let calls = stmt.syntax().descendants().any(|node| node.kind() == SyntaxKind::CALL_EXPR);
    // A query of no table is there for what its functions do.
    if effect.locks.is_empty() && calls { effect.noting("what its functions do is not looked into") } else { effect }
}

fn reading(node: &SyntaxNode) -> Effect {
    let locking = node.descendants().any(|node| node.kind() == SyntaxKind::LOCKING_CLAUSE);
    let mode = if locking { Mode::RowShare } else { Mode::AccessShare };
    read(node).into_iter().map(|table| Effect::lock(table, mode)).fold(Effect::none(), Effect::and)
}
