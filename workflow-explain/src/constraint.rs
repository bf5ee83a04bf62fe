//! `ADD CONSTRAINT`, and the constraints of a new column.

use crate::effect::Effect;
use crate::lock::Mode;
use crate::name::name_of;
use crate::verdict::Duration;
use squawk_syntax::ast::Constraint;

const SCAN: &str = "all rows are read under a lock for which";
const VALIDATE: &str = "add it NOT VALID, and VALIDATE CONSTRAINT in a file of its own, for which nobody waits";

/// `ADD CONSTRAINT …`
pub(crate) fn add(table: &str, it: &Constraint) -> Effect {
    match it {
        Constraint::ForeignKeyConstraint(key) => foreign(table, name_of(key.table_name_ref()), it.is_not_valid()),
        Constraint::ReferencesConstraint(key) => foreign(table, name_of(key.table()), it.is_not_valid()),
        Constraint::UniqueConstraint(key) => unique(table, key.using_index().is_some(), "UNIQUE"),
        Constraint::PrimaryKeyConstraint(key) => {
            let effect = unique(table, key.using_index().is_some(), "PRIMARY KEY");
            effect.noting("where its columns may be NULL all rows are read: SET NOT NULL first, see there")
        }
        Constraint::ExcludeConstraint(_) => exclude(table),
        Constraint::CheckConstraint(_) | Constraint::NotNullConstraint(_) => checked(table, it.is_not_valid()),
        Constraint::DefaultConstraint(_) | Constraint::GeneratedConstraint(_) | Constraint::NullConstraint(_) => {
            Effect::unknown()
        }
    }
}

/// The same beside a new column.
pub(crate) fn of_new_column(table: &str, it: &Constraint, has_default: bool) -> Effect {
    match it {
        Constraint::ReferencesConstraint(key) if !has_default => {
            // All its values are NULL, and PostgreSQL knows it.
            Effect::lock(table, Mode::AccessExclusive).and_lock(name_of(key.table()), Mode::ShareRowExclusive)
        }
        Constraint::CheckConstraint(_) | Constraint::ReferencesConstraint(_) => {
            let effect = add(table, it);
            if it.is_not_valid() {
                effect
            } else {
                effect.harmful(format!("{SCAN} everybody waits"), format!("add the column without it; then {VALIDATE}"))
            }
        }
        Constraint::UniqueConstraint(_) | Constraint::PrimaryKeyConstraint(_) | Constraint::ExcludeConstraint(_) => {
            add(table, it)
        }
        // What they do is said of the column.
        Constraint::ForeignKeyConstraint(_)
        | Constraint::DefaultConstraint(_)
        | Constraint::GeneratedConstraint(_)
        | Constraint::NotNullConstraint(_)
        | Constraint::NullConstraint(_) => Effect::none(),
    }
}

fn checked(table: &str, not_valid: bool) -> Effect {
    let effect = Effect::lock(table, Mode::AccessExclusive);
    if not_valid { effect } else { effect.lasting(Duration::Scan).harmful(format!("{SCAN} everybody waits"), VALIDATE) }
}

fn foreign(table: &str, other: String, not_valid: bool) -> Effect {
    let effect = Effect::lock(table, Mode::ShareRowExclusive).and_lock(other, Mode::ShareRowExclusive);
    if not_valid {
        effect
    } else {
        effect.lasting(Duration::Scan).harmful(format!("{SCAN} the writers of both tables wait"), VALIDATE)
    }
}

fn unique(table: &str, using_index: bool, kind: &str) -> Effect {
    let effect = Effect::lock(table, Mode::AccessExclusive);
    if using_index {
        return effect;
    }
    effect.lasting(Duration::Build).harmful(
        "everybody waits while its index is built",
        format!("CREATE UNIQUE INDEX CONCURRENTLY in a file of its own, then ADD CONSTRAINT … {kind} USING INDEX"),
    )
}

fn exclude(table: &str) -> Effect {
    Effect::lock(table, Mode::AccessExclusive).lasting(Duration::Build).harmful(
        "everybody waits while its index is built, and no index can be made for it beforehand",
        "create a new table with it, and move the rows in batches; or do it while nobody works",
    )
}
