//! `ALTER TABLE`, and what is done to a whole table.

use crate::column;
use crate::constraint;
use crate::effect::Effect;
use crate::lock::Mode;
use crate::name::{name, name_of};
use crate::object::cascade;
use crate::verdict::Duration;
use squawk_syntax::ast::{self, AlterTableAction as Action, AstNode, DetachPartitionOption, LockMode};

const OLD_BINARIES: &str = "binaries that still use it fail from then on: let no release use it first";
const RENAMED: &str = "running binaries fail at once: they know the old name only";

/// The strongest lock of its actions, which is what PostgreSQL takes.
pub(crate) fn alter(it: &ast::AlterTable) -> Effect {
    if it.all_in_tablespace().is_some() {
        return Effect::unknown();
    }
    let table = name_of(it.table_relation_name());
    let actions: Vec<Effect> = it.actions().map(|action| effect(&table, &action)).collect();
    actions.into_iter().reduce(Effect::and).unwrap_or_else(Effect::unknown)
}

fn effect(table: &str, action: &Action) -> Effect {
    let whole = || Effect::lock(table, Mode::AccessExclusive);
    match action {
        Action::AddColumn(it) => column::add(table, it),
        Action::AlterColumn(it) => column::alter(table, it),
        Action::DropColumn(it) => cascade(it.drop_behavior(), whole().noting(OLD_BINARIES)),
        Action::AddConstraint(it) => it.constraint().map_or_else(Effect::unknown, |it| constraint::add(table, &it)),
        Action::DropConstraint(it) => {
            cascade(it.drop_behavior(), whole().noting("of a foreign key, the other table is locked in the same way"))
        }
        Action::AlterConstraint(_) | Action::RenameConstraint(_) => whole(),
        Action::ValidateConstraint(_) => Effect::lock(table, Mode::ShareUpdateExclusive)
            .lasting(Duration::Scan)
            .noting("of a foreign key, the other table is locked in ROW SHARE mode, for which nobody waits"),

        Action::RenameColumn(_) => {
            whole().harmful(RENAMED, "add a column of the new name, write both, move the rows in batches, drop the old one later")
        }
        Action::TableRenameTo(_) => {
            whole().harmful(RENAMED, "keep the name; or create a view of the old name in the same transaction")
        }
        Action::SetSchema(_) => {
            whole().harmful(RENAMED, "keep the schema; or create a view of the old name in the same transaction")
        }

        Action::SetOptions(_) | Action::ResetOptions(_) => Effect::lock(table, Mode::ShareUpdateExclusive),
        Action::ClusterOn(_) | Action::SetWithoutCluster(_) => Effect::lock(table, Mode::ShareUpdateExclusive),
        Action::EnableTrigger(_) | Action::EnableReplicaTrigger(_) | Action::EnableAlwaysTrigger(_) => {
            Effect::lock(table, Mode::ShareRowExclusive)
        }
        Action::DisableTrigger(_) => Effect::lock(table, Mode::ShareRowExclusive)
            .noting("what the trigger guards goes by unguarded, in every session, until it is enabled"),
        Action::SetLogged(_) | Action::SetUnlogged(_) | Action::SetTablespace(_) | Action::SetAccessMethod(_) => {
            whole().lasting(Duration::Rewrite).harmful(
                "everybody waits while the whole table is written anew",
                "copy it into a new table in batches, and swap the names",
            )
        }

        Action::AttachPartition(it) => attach(table, it),
        Action::DetachPartition(it) => detach(table, it),
        Action::InheritTable(it) => whole().and_lock(name(it.syntax()), Mode::ShareUpdateExclusive),
        Action::OwnerTo(_)
        | Action::NoInheritTable(_)
        | Action::ReplicaIdentity(_)
        | Action::EnableRule(_)
        | Action::EnableAlwaysRule(_)
        | Action::EnableReplicaRule(_)
        | Action::DisableRule(_)
        | Action::EnableRls(_)
        | Action::DisableRls(_)
        | Action::ForceRls(_)
        | Action::NoForceRls(_)
        | Action::OfType(_)
        | Action::NotOf(_)
        | Action::SetWithoutOids(_) => whole(),
        _ => whole().and(Effect::unknown()),
    }
}

fn attach(table: &str, it: &ast::AttachPartition) -> Effect {
    let part = name_of(it.table_name_ref());
    Effect::lock(table, Mode::ShareUpdateExclusive).and_lock(part, Mode::AccessExclusive).lasting(Duration::Scan).harmful(
        "the new partition is read to the end, and nobody reaches it meanwhile",
        "give it a CHECK of its bounds with NOT VALID and validate that first; then nothing is read and this can stay as it is",
    )
}

fn detach(table: &str, it: &ast::DetachPartition) -> Effect {
    let part = name_of(it.table_name_ref());
    match it.detach_partition_option() {
        Some(DetachPartitionOption::DetachConcurrently(_) | DetachPartitionOption::DetachFinalize(_)) => {
            Effect::lock(table, Mode::ShareUpdateExclusive).and_lock(part, Mode::AccessExclusive)
        }
        None => Effect::lock(table, Mode::AccessExclusive).and_lock(part, Mode::AccessExclusive),
    }
}

/// `DROP TABLE a, b`
pub(crate) fn drop(it: &ast::DropTable) -> Effect {
    let tables = it.table_name_refs().map(|table| Effect::lock(name(table.syntax()), Mode::AccessExclusive));
    let effect = tables.reduce(Effect::and).unwrap_or_else(Effect::none);
    cascade(
        it.drop_behavior(),
        effect.noting(OLD_BINARIES).noting("tables that its foreign keys point to are locked in the same way"),
    )
}

/// `TRUNCATE a, b`
pub(crate) fn truncate(it: &ast::Truncate) -> Effect {
    let tables = it
        .table_list()
        .into_iter()
        .flat_map(|list| list.syntax().descendants().filter_map(ast::TableRelationName::cast).collect::<Vec<_>>());
    let effect = tables.map(|table| Effect::lock(name(table.syntax()), Mode::AccessExclusive)).reduce(Effect::and);
    effect.unwrap_or_else(Effect::none).harmful(
        "all rows are gone, also for transactions that began before",
        "delete in batches what has to go; truncate only what no one uses",
    )
}

/// `LOCK TABLE a IN … MODE`
pub(crate) fn lock(it: &ast::Lock) -> Effect {
    let mode = match it.lock_mode_clause().and_then(|clause| clause.lock_mode()) {
        Some(LockMode::AccessShare(_)) => Mode::AccessShare,
        Some(LockMode::RowShare(_)) => Mode::RowShare,
        Some(LockMode::RowExclusive(_)) => Mode::RowExclusive,
        Some(LockMode::ShareUpdateExclusive(_)) => Mode::ShareUpdateExclusive,
        Some(LockMode::Share(_)) => Mode::Share,
        Some(LockMode::ShareRowExclusive(_)) => Mode::ShareRowExclusive,
        Some(LockMode::Exclusive(_)) => Mode::Exclusive,
        Some(LockMode::AccessExclusive(_)) | None => Mode::AccessExclusive,
    };
    let tables = it
        .relation_list()
        .into_iter()
        .flat_map(|list| list.syntax().descendants().filter_map(ast::RelationName::cast).collect::<Vec<_>>());
    let effect = tables.map(|table| Effect::lock(name(table.syntax()), mode)).reduce(Effect::and);
    effect.unwrap_or_else(Effect::none).noting("it is held to the end of the transaction")
}

/// `VACUUM [FULL] a`
pub(crate) fn vacuum(it: &ast::Vacuum) -> Effect {
    let tables = listed(it.table_and_columns_list());
    if it.is_full() {
        return tables
            .into_iter()
            .map(|table| Effect::lock(table, Mode::AccessExclusive))
            .reduce(Effect::and)
            .unwrap_or_else(Effect::none)
            .lasting(Duration::Rewrite)
            .harmful(
                "everybody waits while the whole table is written anew",
                "a plain VACUUM; or pg_repack, which copies beside the application",
            );
    }
    let effect = tables.into_iter().map(|table| Effect::lock(table, Mode::ShareUpdateExclusive)).reduce(Effect::and);
    effect.unwrap_or_else(Effect::none).lasting(Duration::Scan)
}

/// `ANALYZE a`
pub(crate) fn analyze(it: &ast::Analyze) -> Effect {
    let tables = listed(it.table_and_columns_list()).into_iter().map(|table| Effect::lock(table, Mode::ShareUpdateExclusive));
    tables.reduce(Effect::and).unwrap_or_else(Effect::none).lasting(Duration::Scan)
}

fn listed(list: Option<ast::TableAndColumnsList>) -> Vec<String> {
    list.into_iter().flat_map(|list| list.table_and_columnss().map(|table| name(table.syntax())).collect::<Vec<_>>()).collect()
}

/// `CLUSTER a USING i`
pub(crate) fn cluster(it: &ast::Cluster) -> Effect {
    Effect::lock(name_of(it.table_name_ref()), Mode::AccessExclusive)
        .lasting(Duration::Rewrite)
        .harmful("everybody waits while the whole table is written anew", "pg_repack, which copies beside the application")
}
