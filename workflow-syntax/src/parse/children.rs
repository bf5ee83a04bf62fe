//! `of Order by order_id` in a child's head, and `after all Shipment` in its parent.

use super::clauses::{ends, is_clause};
use super::cursor::Cursor;
use super::names::reference;
use crate::ast::{Parent, Trigger};
use crate::fault::{Faults, ParseError, Result};
use proc_macro2::Delimiter;
use syn::Path;
use syn::parse::Parser;

/// `of Order by order_id`, or nothing. A faulty one is left out, and the block is read on.
pub(super) fn parent(cursor: &mut Cursor, faults: &mut Faults) -> Option<Parent> {
    cursor.eat_word("of")?;
    match belonging(cursor, faults) {
        Ok(parent) => Some(parent),
        Err(fault) => {
            faults.push(fault);
            cursor.skip_until(is_body);
            None
        }
    }
}

fn belonging(cursor: &mut Cursor, faults: &mut Faults) -> Result<Parent> {
    let path = path(cursor, "the parent's workflow", |cursor| cursor.is_word(0, "by") || is_body(cursor))?;
    if cursor.eat_word("by").is_none() {
        let field = workflow_model::names::label(&path.segments.last().map_or_else(String::new, |s| s.ident.to_string()));
        return Err(cursor
            .expected("`by` and a field")
            .help(format!("write `by {field}_id`: the field that holds the parent's key")));
    }
    Ok(Parent { path, field: reference(cursor, "a field", faults)? })
}

fn is_body(cursor: &Cursor) -> bool {
    cursor.is_group(0, Delimiter::Brace)
}

/// `Shipment`, behind `after all`
pub(super) fn children(cursor: &mut Cursor) -> Result<Trigger> {
    path(cursor, "a child's workflow", |cursor| ends(cursor) || is_clause(cursor)).map(Trigger::Joined)
}

/// `crate::shop::Order`. Rust's own parser reads what stands before the end.
fn path(cursor: &mut Cursor, what: &str, is_end: fn(&Cursor) -> bool) -> Result<Path> {
    let missing = cursor.expected(what);
    let (span, mut last, mut tokens) = (cursor.span(), cursor.span(), Vec::new());
    while !cursor.is_end() && !is_end(cursor) {
        last = cursor.span();
        tokens.extend(cursor.bump());
    }
    if tokens.is_empty() {
        return Err(missing.help("write the name of a workflow that another block declares"));
    }
    let written = tokens.iter().cloned().collect::<proc_macro2::TokenStream>();
    Path::parse_mod_style.parse2(written.clone()).map_err(|_| {
        let fault = ParseError::syntax(span, format!("`{written}` is no path to a workflow")).until(last);
        fault.help("write it as a type is written: `Shipment`, `crate::dispatch::Shipment`")
    })
}
