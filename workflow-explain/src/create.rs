//! Tables and views that come, and what of others they lock.

use crate::effect::Effect;
use crate::lock::{Mode, Wait};
use crate::name::{name, name_of, read};
use crate::verdict::Duration;
use squawk_syntax::ast::{self, AstNode, Stmt};
use squawk_syntax::{SyntaxKind, SyntaxNode};

/// The relations that did not exist before this statement. `IF NOT EXISTS` and `OR REPLACE` do not tell.
pub(crate) fn created(stmt: &Stmt) -> Vec<String> {
    match stmt {
        Stmt::CreateTable(it) if it.if_not_exists().is_none() => vec![name_of(it.table_name())],
        Stmt::CreateTableAs(it) if it.if_not_exists().is_none() => vec![name_of(it.table_name())],
        Stmt::CreateView(it) if it.or_replace().is_none() => vec![name_of(it.view())],
        Stmt::CreateMaterializedView(it) if it.if_not_exists().is_none() => vec![name_of(it.view())],
        Stmt::CreateSequence(it) if it.if_not_exists().is_none() => vec![name(it.syntax())],
        Stmt::SelectInto(it) => it.into_clause().map(|into| name(into.syntax())).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// `CREATE TABLE`: it locks what it refers to, never itself.
pub(crate) fn table(it: &ast::CreateTable) -> Effect {
    let own = name_of(it.table_name());
    let mut effect = Effect::none();
    for node in it.syntax().descendants() {
        let other = match node.kind() {
            SyntaxKind::REFERENCES_CONSTRAINT | SyntaxKind::FOREIGN_KEY_CONSTRAINT => (referred(&node), Mode::ShareRowExclusive),
            SyntaxKind::PARTITION_OF => (name(&node), Mode::AccessExclusive),
            SyntaxKind::LIKE_CLAUSE => (name(&node), Mode::AccessShare),
            _ => continue,
        };
        if other.0 != own {
            effect = effect.and_lock(other.0, other.1);
        }
    }
    for parent in it.inherits().into_iter().flat_map(|it| it.table_name_refs().collect::<Vec<_>>()) {
        effect = effect.and_lock(name(parent.syntax()), Mode::ShareUpdateExclusive);
    }
    effect
}

/// The table of a foreign key.
fn referred(node: &SyntaxNode) -> String {
    node.children().find(|child| child.kind() == SyntaxKind::TABLE_NAME_REF).map(|child| name(&child)).unwrap_or_default()
}

fn reading(node: &SyntaxNode) -> Effect {
    read(node).into_iter().map(|table| Effect::lock(table, Mode::AccessShare)).fold(Effect::none(), Effect::and)
}

/// `CREATE TABLE … AS SELECT`
pub(crate) fn table_as(it: &ast::CreateTableAs) -> Effect {
    reading(it.syntax()).lasting(Duration::Unknown)
}

/// `SELECT … INTO t`
pub(crate) fn select_into(it: &ast::SelectInto) -> Effect {
    reading(it.syntax()).lasting(Duration::Unknown)
}

/// `CREATE [OR REPLACE] VIEW`
pub(crate) fn view(it: &ast::CreateView) -> Effect {
    let tables = reading(it.syntax());
    if it.or_replace().is_some() { Effect::lock(name_of(it.view()), Mode::AccessExclusive).and(tables) } else { tables }
}

/// `CREATE MATERIALIZED VIEW`
pub(crate) fn materialized_view(it: &ast::CreateMaterializedView) -> Effect {
    reading(it.syntax()).lasting(Duration::Unknown)
}

/// `REFRESH MATERIALIZED VIEW [CONCURRENTLY]`
pub(crate) fn refresh(it: &ast::Refresh) -> Effect {
    let view = name_of(it.view_ref());
    if it.concurrently_token().is_some() {
        // Readers pass, and nobody writes to a materialized view.
        return Effect::lock(view, Mode::Exclusive).lasting(Duration::Unknown).waited_for_by(Wait::Ddl);
    }
    Effect::lock(view, Mode::AccessExclusive).lasting(Duration::Unknown).harmful(
        "everybody who reads the view waits while its query runs",
        "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index",
    )
}
