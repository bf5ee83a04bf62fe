//! `ADD COLUMN` and `ALTER COLUMN`.

use crate::constraint;
use crate::effect::Effect;
use crate::lock::Mode;
use crate::verdict::Duration;
use squawk_syntax::ast::{self, AlterColumnOption as Option_, AstNode, Constraint, GeneratedAs};

/// Functions that are not volatile: as a default they are evaluated once, and no row is written.
const NOT_VOLATILE: &[&str] = &[
    "array_fill",
    "coalesce",
    "concat",
    "current_database",
    "current_schema",
    "current_setting",
    "date_trunc",
    "format",
    "greatest",
    "json_build_array",
    "json_build_object",
    "jsonb_build_array",
    "jsonb_build_object",
    "least",
    "length",
    "lower",
    "make_date",
    "make_interval",
    "make_timestamptz",
    "md5",
    "now",
    "nullif",
    "statement_timestamp",
    "to_char",
    "to_date",
    "to_timestamp",
    "transaction_timestamp",
    "upper",
];

const BACKFILL: &str = "add it without a default, then SET DEFAULT, then fill the rows in batches";

/// `ADD COLUMN c int DEFAULT 0 CHECK (c >= 0)`
pub(crate) fn add(table: &str, it: &ast::AddColumn) -> Effect {
    let constraints: Vec<Constraint> = it.constraints().collect();
    let column = Effect::lock(table, Mode::AccessExclusive);
    let filled = if let Some(why) = rewritten(it, &constraints) {
        column.lasting(Duration::Rewrite).harmful(why, BACKFILL)
    } else if required_and_empty(&constraints) {
        column.lasting(Duration::Scan).harmful(
            "it fails on a table that has rows: they would have no value",
            "give it a constant default; or add it without NOT NULL, fill the rows in batches, and prove it by a CHECK",
        )
    } else {
        column
    };
    let has_default = constraints.iter().any(|it| matches!(it, Constraint::DefaultConstraint(_)));
    constraints.iter().map(|it| constraint::of_new_column(table, it, has_default)).fold(filled, Effect::and)
}

fn rewritten(it: &ast::AddColumn, constraints: &[Constraint]) -> Option<String> {
    let ty = it.ty().map(|ty| ty.syntax().text().to_string().to_lowercase()).unwrap_or_default();
    if matches!(ty.as_str(), "serial" | "bigserial" | "smallserial" | "serial2" | "serial4" | "serial8") {
        return Some(format!("everybody waits while each row gets its number: `{ty}` is a volatile default"));
    }
    constraints.iter().find_map(|constraint| match constraint {
        Constraint::DefaultConstraint(it) => it.expr().and_then(|expr| volatile(&expr)).map(|function| {
            format!("everybody waits while each row gets its value: `{function}` is volatile, or not known not to be")
        }),
        Constraint::GeneratedConstraint(it) => it.generated_as().map(|generated| match generated {
            GeneratedAs::GeneratedStored(_) => "everybody waits while each row gets its generated value".to_owned(),
            GeneratedAs::GeneratedIdentity(_) => "everybody waits while each row gets its number".to_owned(),
        }),
        _ => None,
    })
}

/// The first function of an expression that may be volatile.
fn volatile(expr: &ast::Expr) -> Option<String> {
    let calls = expr.syntax().descendants().filter_map(ast::CallExpr::cast);
    let names = calls.filter_map(|call| {
        let text = call.syntax().text().to_string();
        let name = text.split('(').next().unwrap_or_default().trim().to_lowercase();
        let bare = name.strip_prefix("pg_catalog.").unwrap_or(&name).to_owned();
        (!NOT_VOLATILE.contains(&bare.as_str())).then_some(bare)
    });
    names.into_iter().next().map(|name| format!("{name}()"))
}

fn required_and_empty(constraints: &[Constraint]) -> bool {
    let required = constraints.iter().any(|it| matches!(it, Constraint::NotNullConstraint(_)));
    let default = constraints.iter().find_map(|it| match it {
        Constraint::DefaultConstraint(it) => it.expr(),
        _ => None,
    });
    required && default.is_none_or(|expr| expr.syntax().text().to_string().eq_ignore_ascii_case("null"))
}

/// `ALTER COLUMN c …`
pub(crate) fn alter(table: &str, it: &ast::AlterColumn) -> Effect {
    let whole = Effect::lock(table, Mode::AccessExclusive);
    match it.option() {
        Some(Option_::SetType(_)) => whole.lasting(Duration::Rewrite).harmful(
            "everybody waits while the whole table is written anew; only a longer varchar, or text from varchar, needs no rewrite",
            "add a column of the new type, write both, move the rows in batches, and drop the old one later",
        ),
        Some(Option_::SetNotNull(_)) => {
            let column = it.column_name_ref().map(|column| column.syntax().text().to_string()).unwrap_or_default();
            whole.lasting(Duration::Scan).harmful(
                "everybody waits while all rows are read, unless a valid CHECK proves already that there is no NULL",
                format!(
                    "ADD CONSTRAINT … CHECK ({column} IS NOT NULL) NOT VALID, VALIDATE it in a file of its own; after that, SET NOT NULL reads \
                     no row and takes an instant. Drop the CHECK in a statement behind it: in the same one, it would go first"
                ),
            )
        }
        Some(Option_::SetStatistics(_)) => Effect::lock(table, Mode::ShareUpdateExclusive),
        Some(Option_::SetOptions(_) | Option_::ResetOptions(_)) => Effect::lock(table, Mode::ShareUpdateExclusive),
        Some(Option_::SetExpression(_)) => whole
            .lasting(Duration::Rewrite)
            .harmful("everybody waits while each row gets its generated value", "add a new column, and drop this one later"),
        Some(
            Option_::SetDefault(_)
            | Option_::DropDefault(_)
            | Option_::DropNotNull(_)
            | Option_::DropIdentity(_)
            | Option_::DropExpression(_)
            | Option_::AddGenerated(_)
            | Option_::SetGenerated(_)
            | Option_::SetGeneratedOptions(_)
            | Option_::SetSequenceOption(_)
            | Option_::Restart(_)
            | Option_::SetStorage(_)
            | Option_::SetCompression(_),
        ) => whole,
        _ => whole.and(Effect::unknown()),
    }
}
