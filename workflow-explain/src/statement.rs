//! Every kind of statement, and where its effect is told.

use crate::effect::Effect;
use crate::lock::Mode;
use crate::name::name_of;
use crate::{block, create, index, object, rows, table};
use squawk_syntax::ast::Stmt;

/// What a statement does on a relation that others use.
pub(crate) fn effect(stmt: &Stmt) -> Effect {
    match stmt {
        Stmt::AlterTable(it) => table::alter(it),
        Stmt::CreateTable(it) => create::table(it),
        Stmt::CreateTableAs(it) => create::table_as(it),
        Stmt::SelectInto(it) => create::select_into(it),
        Stmt::CreateView(it) => create::view(it),
        Stmt::CreateMaterializedView(it) => create::materialized_view(it),
        Stmt::Refresh(it) => create::refresh(it),

        Stmt::DropTable(it) => table::drop(it),
        Stmt::Truncate(it) => table::truncate(it),
        Stmt::Lock(it) => table::lock(it),
        Stmt::Vacuum(it) => table::vacuum(it),
        Stmt::Analyze(it) => table::analyze(it),
        Stmt::Cluster(it) => table::cluster(it),

        Stmt::CreateIndex(it) => index::create(it),
        Stmt::DropIndex(it) => index::drop(it),
        Stmt::AlterIndex(it) => index::alter(it),
        Stmt::Reindex(it) => index::reindex(it),

        Stmt::CreateTrigger(it) => Effect::lock(name_of(it.on_relation()), Mode::ShareRowExclusive),
        Stmt::DropTrigger(it) => object::drop_trigger(it),
        Stmt::AlterTrigger(it) => Effect::lock(name_of(it.on_relation()), Mode::AccessExclusive),
        Stmt::CreateRule(it) => Effect::lock(name_of(it.rule_on()), Mode::AccessExclusive),
        Stmt::AlterRule(it) => Effect::lock(name_of(it.on_relation()), Mode::AccessExclusive),
        Stmt::DropRule(it) => Effect::lock(name_of(it.on_relation()), Mode::AccessExclusive),
        Stmt::CreatePolicy(it) => Effect::lock(name_of(it.on_table()), Mode::AccessExclusive),
        Stmt::AlterPolicy(it) => Effect::lock(name_of(it.on_table()), Mode::AccessExclusive),
        Stmt::DropPolicy(it) => Effect::lock(name_of(it.on_table()), Mode::AccessExclusive),
        Stmt::CreateStatistics(it) => Effect::lock(name_of(it.from_table()), Mode::ShareUpdateExclusive),
        Stmt::AlterView(it) => Effect::lock(name_of(it.view_ref()), Mode::AccessExclusive),
        Stmt::DropView(it) => object::drop_views(it.view_refs(), it.drop_behavior()),
        Stmt::DropMaterializedView(it) => object::drop_views(it.view_refs(), it.drop_behavior()),
        Stmt::AlterSequence(it) => Effect::lock(name_of(it.sequence_ref()), Mode::ShareRowExclusive),
        Stmt::DropSequence(it) => object::drop_sequences(it),
        Stmt::CommentOn(it) => object::comment(it),
        Stmt::AlterType(it) => object::alter_type(it),
        Stmt::AlterDomain(it) => object::alter_domain(it),
        Stmt::DropFunction(it) => object::drop_without_table(it.drop_behavior()),
        Stmt::DropProcedure(it) => object::drop_without_table(it.drop_behavior()),
        Stmt::DropSchema(it) => object::drop_without_table(it.drop_behavior()),
        Stmt::DropType(it) => object::drop_without_table(it.drop_behavior()),
        Stmt::DropDomain(it) => object::drop_without_table(it.drop_behavior()),
        Stmt::DropExtension(it) => object::drop_without_table(it.drop_behavior()),

        Stmt::Update(it) => rows::update(it),
        Stmt::Delete(it) => rows::delete(it),
        Stmt::Insert(it) => rows::insert(it),
        Stmt::Merge(it) => rows::merge(it),
        Stmt::Copy(it) => rows::copy(it),
        Stmt::Select(_) | Stmt::CompoundSelect(_) | Stmt::ParenSelect(_) | Stmt::Values(_) | Stmt::Table(_) => rows::query(stmt),
        Stmt::Do(it) => block::run(it),
        Stmt::Call(_) | Stmt::Execute(_) => object::call(),

        other if object::locks_no_table(other) => Effect::none(),
        _ => Effect::unknown(),
    }
}
