//! `DO` blocks: what PL/pgSQL lets one see of them.

use crate::effect::Effect;
use crate::statement;
use crate::syntax;
use crate::verdict::Duration;
use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};

const HIDDEN: &str = "statements that the block puts together when it runs are not looked into";

/// All statements of the block, as if each ran.
pub(crate) fn run(it: &ast::Do) -> Effect {
    let Some(body) = it.plpgsql().filter(|body| body.errors().is_empty()) else {
        return Effect::none().lasting(Duration::Unknown).noting("what is inside this block is not looked into");
    };
    let tree = body.syntax();
    let effect = tree.descendants().filter_map(|node| of_node(&node)).fold(Effect::none(), Effect::and);
    if commits(it) { effect.in_batches() } else { effect }
}

fn of_node(node: &SyntaxNode) -> Option<Effect> {
    if let Some(stmt) = ast::PlpgsqlExecSqlStmt::cast(node.clone()) {
        return Some(stmt.stmt().map_or_else(Effect::unknown, |stmt| statement::effect(&stmt)));
    }
    match node.kind() {
        SyntaxKind::PLPGSQL_PERFORM_STMT | SyntaxKind::PLPGSQL_CALL_STMT | SyntaxKind::PLPGSQL_FOR_QUERY_STMT => {
            Some(Effect::none().lasting(Duration::Unknown))
        }
        SyntaxKind::PLPGSQL_DYN_EXECUTE_STMT => Some(dynamic(node)),
        SyntaxKind::PLPGSQL_FOR_DYN_STMT => Some(Effect::none().lasting(Duration::Unknown).noting(HIDDEN)),
        _ => None,
    }
}

/// `EXECUTE 'text'` or `EXECUTE format('text', …)`: names that come later are shown as `…`.
fn dynamic(node: &SyntaxNode) -> Effect {
    let effect = node
        .descendants()
        .filter_map(ast::Literal::cast)
        .find_map(|literal| literal.string_value())
        .map(|text| text.replace("%I", "\"…\"").replace("%s", "\"…\"").replace("%L", "''"))
        .and_then(|text| syntax::parse(&text).ok())
        .and_then(|file| file.stmts().map(|stmt| statement::effect(&stmt)).reduce(Effect::and));
    effect.unwrap_or_else(|| Effect::none().lasting(Duration::Unknown)).noting(HIDDEN)
}

/// Whether the block commits inside a loop.
pub(crate) fn commits(it: &ast::Do) -> bool {
    let Some(body) = it.plpgsql() else { return false };
    body.syntax().descendants().any(|node| {
        node.kind() == SyntaxKind::PLPGSQL_COMMIT_STMT
            && node.ancestors().any(|above| {
                matches!(
                    above.kind(),
                    SyntaxKind::PLPGSQL_LOOP_STMT
                        | SyntaxKind::PLPGSQL_WHILE_STMT
                        | SyntaxKind::PLPGSQL_FOR_I_STMT
                        | SyntaxKind::PLPGSQL_FOR_QUERY_STMT
                )
            })
    })
}
