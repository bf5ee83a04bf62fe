//! The names of relations, as PostgreSQL folds them.

use squawk_syntax::ast::{self, AstNode};
use squawk_syntax::{SyntaxKind, SyntaxNode};

/// The first name in a node, with its schema: lower case where it is not quoted.
pub(crate) fn name(node: &SyntaxNode) -> String {
    let path = node.descendants().find(|node| matches!(node.kind(), SyntaxKind::PATH_REF | SyntaxKind::PATH));
    path.map(|path| parts(&path).join(".")).unwrap_or_default()
}

/// The same of what may be absent, which then is a name that nothing has.
pub(crate) fn name_of<N: AstNode>(node: Option<N>) -> String {
    node.map(|node| name(node.syntax())).unwrap_or_default()
}

/// The table in the name of a column.
pub(crate) fn table_of_column(node: &SyntaxNode) -> String {
    let name = name(node);
    let end = name.rfind('.').unwrap_or(name.len());
    name[..end].to_owned()
}

fn parts(path: &SyntaxNode) -> Vec<String> {
    let segments = path.descendants().filter_map(|node| {
        let (text, quoted) = match (ast::PathSegmentRef::cast(node.clone()), ast::PathSegment::cast(node)) {
            (Some(it), _) => (it.text(), it.is_quoted()),
            (None, Some(it)) => (it.text(), it.is_quoted()),
            (None, None) => return None,
        };
        Some(if quoted { format!("\"{}\"", text.replace('"', "\"\"")) } else { text })
    });
    segments.collect()
}

/// Whether two names can mean the same relation: one without a schema may be in any.
pub(crate) fn same(a: &str, b: &str) -> bool {
    let bare = |name: &str| name.rsplit_once('.').map_or(name.to_owned(), |(_, last)| last.to_owned());
    a == b || (a.contains('.') != b.contains('.') && bare(a) == bare(b))
}

/// The tables that a query reads, without those of its own `WITH`.
pub(crate) fn read(node: &SyntaxNode) -> Vec<String> {
    let own: Vec<String> =
        node.descendants().filter(|node| node.kind() == SyntaxKind::CTE_NAME).map(|node| node.text().to_string()).collect();
    let mut tables: Vec<String> = node
        .descendants()
        .filter(|node| node.kind() == SyntaxKind::RELATION_FROM_ITEM)
        .map(|node| name(&node))
        .filter(|name| !own.contains(name))
        .collect();
    tables.sort();
    tables.dedup();
    tables
}
