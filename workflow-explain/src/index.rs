//! Indexes.

use crate::effect::Effect;
use crate::lock::{Mode, Wait};
use crate::name::{name, name_of};
use crate::verdict::Duration;
use squawk_syntax::ast::{self, AlterIndexAction as Action, AstNode, ReindexTarget};

/// The statement does not say which table an index belongs to.
pub(crate) fn table_of(index: &str) -> String {
    format!("the table of {index}")
}

const INVALID: &str = "when it fails it leaves an invalid index: let the next file look for one";

/// `CREATE INDEX`
pub(crate) fn create(it: &ast::CreateIndex) -> Effect {
    let table = name_of(it.table_relation_name());
    if it.concurrently_token().is_some() {
        return Effect::lock(table, Mode::ShareUpdateExclusive).lasting(Duration::Build).noting(INVALID);
    }
    Effect::lock(table, Mode::Share).lasting(Duration::Build).harmful(
        "writers wait while the index is built",
        "CREATE INDEX CONCURRENTLY, alone in a file that begins with `-- no-transaction`",
    )
}

/// `DROP INDEX`
pub(crate) fn drop(it: &ast::DropIndex) -> Effect {
    let concurrently = it.concurrently_token().is_some();
    let mode = if concurrently { Mode::ShareUpdateExclusive } else { Mode::AccessExclusive };
    let locks = it.index_refs().map(|index| {
        let index = name(index.syntax());
        Effect::lock(table_of(&index), mode).and_lock(index, mode)
    });
    let effect = locks.reduce(Effect::and).unwrap_or_else(Effect::none);
    if concurrently {
        return effect.lasting(Duration::Unknown).noting("it waits for every transaction that may still use the index");
    }
    effect.noting("with DROP INDEX CONCURRENTLY, in a file that begins with `-- no-transaction`, nobody waits")
}

/// `ALTER INDEX`
pub(crate) fn alter(it: &ast::AlterIndex) -> Effect {
    let index = name_of(it.index_ref());
    match it.action() {
        Some(Action::IndexRenameTo(_) | Action::SetOptions(_) | Action::ResetOptions(_) | Action::AlterSetStatistics(_)) => {
            Effect::lock(index, Mode::ShareUpdateExclusive)
        }
        Some(Action::SetTablespace(_)) => Effect::lock(index, Mode::AccessExclusive).lasting(Duration::Rewrite).harmful(
            "everybody who could use the index waits while it is copied",
            "create it anew with CONCURRENTLY, in the other tablespace",
        ),
        Some(Action::DependsOnExtension(_) | Action::NoDependsOnExtension(_) | Action::AttachIndexPartition(_)) | None => {
            Effect::lock(index, Mode::AccessExclusive).and(Effect::unknown())
        }
    }
}

/// `REINDEX`
pub(crate) fn reindex(it: &ast::Reindex) -> Effect {
    let table = match it.reindex_target() {
        Some(ReindexTarget::ReindexTargetTable(it)) => Effect::lock(name_of(it.table_name_ref()), Mode::Share),
        Some(ReindexTarget::ReindexTargetIndex(it)) => {
            let index = name_of(it.index_ref());
            Effect::lock(table_of(&index), Mode::Share).and_lock(index, Mode::AccessExclusive)
        }
        Some(
            ReindexTarget::ReindexTargetSchema(_)
            | ReindexTarget::ReindexTargetDatabase(_)
            | ReindexTarget::ReindexTargetSystem(_),
        )
        | None => Effect::none(),
    };
    if it.is_concurrently() {
        let locks = table.locks.into_iter().map(|lock| Effect::lock(lock.relation, Mode::ShareUpdateExclusive));
        return locks.reduce(Effect::and).unwrap_or_else(Effect::none).lasting(Duration::Build).noting(INVALID);
    }
    table.lasting(Duration::Build).waited_for_by(Wait::Everybody).harmful(
        "writers wait while the index is built, and readers too, since planning a query looks at every index",
        "REINDEX … CONCURRENTLY, alone in a file that begins with `-- no-transaction`",
    )
}
