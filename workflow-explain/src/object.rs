//! What is neither a table nor an index: triggers, views, sequences, comments, types, functions.

use crate::effect::Effect;
use crate::lock::Mode;
use crate::name::{name, name_of, table_of_column};
use crate::verdict::Duration;
use squawk_syntax::ast::{self, AlterDomainAction, AstNode, CommentObject, DropBehavior, Stmt};

/// What `CASCADE` adds to a statement that drops.
pub(crate) fn cascade(behavior: Option<DropBehavior>, effect: Effect) -> Effect {
    match behavior {
        Some(DropBehavior::Cascade(_)) => effect.harmful(
            "CASCADE also drops and locks what depends on it, which this file does not name",
            "drop by name what depends on it, and leave CASCADE out",
        ),
        Some(DropBehavior::Restrict(_)) | None => effect,
    }
}

/// `DROP TRIGGER`
pub(crate) fn drop_trigger(it: &ast::DropTrigger) -> Effect {
    Effect::lock(name_of(it.on_relation()), Mode::AccessExclusive)
        .noting("CREATE OR REPLACE TRIGGER changes one with a lock for which readers do not wait")
}

/// `DROP VIEW a, b`
pub(crate) fn drop_views(views: impl Iterator<Item = ast::ViewRef>, behavior: Option<DropBehavior>) -> Effect {
    let locks = views.map(|view| Effect::lock(name(view.syntax()), Mode::AccessExclusive));
    cascade(behavior, locks.fold(Effect::none(), Effect::and))
}

/// `DROP SEQUENCE a, b`
pub(crate) fn drop_sequences(it: &ast::DropSequence) -> Effect {
    let locks = it.sequence_refs().map(|sequence| Effect::lock(name(sequence.syntax()), Mode::AccessExclusive));
    cascade(it.drop_behavior(), locks.fold(Effect::none(), Effect::and))
}

/// What no table is locked for, unless it cascades.
pub(crate) fn drop_without_table(behavior: Option<DropBehavior>) -> Effect {
    cascade(behavior, Effect::none())
}

/// `CALL p()`
pub(crate) fn call() -> Effect {
    Effect::none().lasting(Duration::Unknown).noting("what it calls is not looked into")
}

/// `COMMENT ON …`
pub(crate) fn comment(it: &ast::CommentOn) -> Effect {
    let Some(object) = it.comment_object() else { return Effect::unknown() };
    let node = object.syntax();
    let shared = |table: String| Effect::lock(table, Mode::ShareUpdateExclusive);
    match &object {
        CommentObject::ObjectTable(_)
        | CommentObject::ObjectView(_)
        | CommentObject::ObjectMaterializedView(_)
        | CommentObject::ObjectIndex(_)
        | CommentObject::ObjectSequence(_)
        | CommentObject::ObjectForeignTable(_) => shared(name(node)),
        CommentObject::ObjectColumn(_) => shared(table_of_column(node)),
        CommentObject::ObjectConstraint(it) if it.table_name_ref().is_some() => {
            Effect::lock(name_of(it.table_name_ref()), Mode::AccessShare)
        }
        CommentObject::ObjectTrigger(_) | CommentObject::ObjectRule(_) | CommentObject::ObjectPolicy(_) => {
            Effect::lock(name(node), Mode::AccessShare)
        }
        _ => Effect::none(),
    }
}

/// `ALTER TYPE …`
pub(crate) fn alter_type(it: &ast::AlterType) -> Effect {
    match it.action() {
        Some(ast::AlterTypeAction::AddValue(_)) => {
            Effect::none().noting("the new label cannot be used before this transaction is committed")
        }
        Some(ast::AlterTypeAction::AlterTypeAttributeActionList(_)) => Effect::unknown(),
        _ => Effect::none(),
    }
}

/// `ALTER DOMAIN …`
pub(crate) fn alter_domain(it: &ast::AlterDomain) -> Effect {
    match it.action() {
        Some(AlterDomainAction::AddConstraint(it)) if it.constraint().is_some_and(|it| it.is_not_valid()) => Effect::none(),
        Some(
            AlterDomainAction::AddConstraint(_) | AlterDomainAction::SetNotNull(_) | AlterDomainAction::ValidateConstraint(_),
        ) => Effect::none().lasting(Duration::Scan).harmful(
            "each table with a column of the domain is read, and its writers wait meanwhile",
            "give the tables a CHECK of their own, NOT VALID first, and VALIDATE each in a file of its own",
        ),
        _ => Effect::none(),
    }
}

/// Statements that change no table and lock none, whatever they say.
pub(crate) fn locks_no_table(stmt: &Stmt) -> bool {
    matches!(
        stmt,
        Stmt::AlterAggregate(_)
            | Stmt::AlterDefaultPrivileges(_)
            | Stmt::AlterFunction(_)
            | Stmt::AlterGroup(_)
            | Stmt::AlterProcedure(_)
            | Stmt::AlterRole(_)
            | Stmt::AlterRoutine(_)
            | Stmt::AlterSchema(_)
            | Stmt::AlterUser(_)
            | Stmt::Begin(_)
            | Stmt::Commit(_)
            | Stmt::CreateAggregate(_)
            | Stmt::CreateCast(_)
            | Stmt::CreateCollation(_)
            | Stmt::CreateDomain(_)
            | Stmt::CreateExtension(_)
            | Stmt::CreateFunction(_)
            | Stmt::CreateOperator(_)
            | Stmt::CreateProcedure(_)
            | Stmt::CreateRole(_)
            | Stmt::CreateSchema(_)
            | Stmt::CreateSequence(_)
            | Stmt::CreateType(_)
            | Stmt::CreateUser(_)
            | Stmt::Discard(_)
            | Stmt::DropRole(_)
            | Stmt::DropUser(_)
            | Stmt::Grant(_)
            | Stmt::Listen(_)
            | Stmt::Notify(_)
            | Stmt::ReleaseSavepoint(_)
            | Stmt::Reset(_)
            | Stmt::ResetRole(_)
            | Stmt::Revoke(_)
            | Stmt::Rollback(_)
            | Stmt::SavepointCreate(_)
            | Stmt::Set(_)
            | Stmt::SetConstraints(_)
            | Stmt::SetRole(_)
            | Stmt::SetSessionAuth(_)
            | Stmt::SetTransaction(_)
            | Stmt::Show(_)
            | Stmt::Unlisten(_)
    )
}
