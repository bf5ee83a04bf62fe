//! `/// Docs.` and `#[…]`: which there are, and what each may stand on.

use super::cursor::Cursor;
use super::fields::ty;
use super::literals::{literal, string};
use super::names::{did_you_mean, name, reference};
use super::transitions::target;
use crate::ast::{Adopt, Attrs, Dropped, Literal, Removed, Table, Was};
use crate::fault::{BAD_ATTRIBUTE, Faults, ParseError, Result, UNKNOWN_ATTRIBUTE};
use proc_macro2::{Delimiter, Ident, Span, TokenTree};
use syn::parse::Parser;
use syn::{Attribute, LitStr};

/// What attributes stand before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum On {
    Workflow,
    Section,
    Field,
    State,
    Group,
    Event,
    Create,
    Parameter,
}

/// Each attribute, how it is written, and where.
const KNOWN: [(&str, &str, &[On]); 12] = [
    ("label", "#[label = \"paid\"]", &[On::Workflow, On::State, On::Event, On::Field]),
    ("renamed_from", "#[renamed_from = \"settled\"]", &[On::Workflow, On::State, On::Event, On::Field]),
    ("sql", "#[sql = \"numeric(12,2)\"]", &[On::Field]),
    ("unique", "#[unique]", &[On::Field]),
    ("adopt", "#[adopt] or #[adopt(status)]", &[On::Workflow]),
    ("default", "#[default = 1]", &[On::Field]),
    ("was", "#[was(i32)] or #[was(i32, \"amount * 100\", \"cents / 100\")]", &[On::Field]),
    ("retime", "#[retime]", &[On::Event]),
    ("removed", "#[removed(Hold -> Placed)] or #[removed(Hold -> Cancelled { reason: \"…\" })]", &[On::Workflow]),
    ("dropped", "#[dropped(sku)] or #[dropped(Reserved.carrier = \"none\")]", &[On::Workflow]),
    ("snapshot", "#[snapshot = \"migrations/.workflow/order.json\"]", &[On::Workflow]),
    ("moved_from", "#[moved_from(orders)] or #[moved_from(sales.orders)]", &[On::Workflow]),
];

impl On {
    fn text(self) -> &'static str {
        match self {
            On::Workflow => "the workflow",
            On::Section => "a section",
            On::Field => "a field",
            On::State => "a state",
            On::Group => "a group",
            On::Event => "an event",
            On::Create => "`create`",
            On::Parameter => "a parameter",
        }
    }
}

/// All that stands before an item. A faulty attribute is left out; the item is read all the same.
pub(super) fn attributes(cursor: &mut Cursor, on: On, faults: &mut Faults) -> Attrs {
    let mut attrs = Attrs::default();
    while let Some(hash) = cursor.eat("#") {
        if cursor.is("!") {
            faults.push(cursor.expected("`[`").help("write `#[…]` before the item"));
            cursor.bump();
        }
        let whole = cursor.nth(0).cloned();
        let Some(mut inside) = cursor.group(Delimiter::Bracket) else {
            faults.push(cursor.expected("`[` of an attribute"));
            continue;
        };
        if let Err(fault) = attribute(hash, whole, &mut inside, on, &mut attrs, faults) {
            faults.push(fault);
        }
    }
    attrs
}

/// How many tokens of attributes stand before the next item.
pub(super) fn width(cursor: &Cursor) -> usize {
    let mut n = 0;
    while cursor.is_at(n, "#") && cursor.is_group(n + 1, Delimiter::Bracket) {
        n += 2;
    }
    n
}

fn attribute(
    hash: Span,
    whole: Option<TokenTree>,
    inside: &mut Cursor,
    on: On,
    attrs: &mut Attrs,
    faults: &mut Faults,
) -> Result<()> {
    if inside.is_word(0, "doc") {
        return doc(hash, whole, on, attrs);
    }
    let word = name(inside, "an attribute", faults)?;
    let Some((known, form, places)) = KNOWN.iter().find(|(known, ..)| word == known) else { return Err(unknown(&word)) };
    if !places.contains(&on) {
        return Err(misplaced(&word, places, on));
    }
    let form = form.replace(" or ", "` or `");
    let malformed = |span| ParseError::new(BAD_ATTRIBUTE, span, format!("`{word}` is malformed")).help(format!("write `{form}`"));
    let twice = || ParseError::new(BAD_ATTRIBUTE, word.span(), format!("`{word}` stands twice"));
    let again = match *known {
        "label" => attrs.label.replace(text(inside).ok_or_else(|| malformed(inside.span()))?).is_some(),
        "renamed_from" => attrs.renamed_from.replace(text(inside).ok_or_else(|| malformed(inside.span()))?).is_some(),
        "sql" => attrs.sql.replace(text(inside).ok_or_else(|| malformed(inside.span()))?).is_some(),
        "snapshot" => attrs.snapshot.replace(text(inside).ok_or_else(|| malformed(inside.span()))?).is_some(),
        "unique" => attrs.unique.replace(word.span()).is_some(),
        "adopt" => attrs.adopt.replace(adopt(&word, inside, faults).ok_or_else(|| malformed(inside.span()))?).is_some(),
        "default" => attrs.default.replace(value(inside).ok_or_else(|| malformed(inside.span()))?).is_some(),
        "was" => attrs.was.replace(was(&word, inside).ok_or_else(|| malformed(inside.span()))?).is_some(),
        "retime" => attrs.retime.replace(word.span()).is_some(),
        "removed" => {
            let removed = removed(inside, faults).ok_or_else(|| malformed(inside.span()))?;
            attrs.removed.push(removed);
            false
        }
        "dropped" => {
            let dropped = dropped(inside, faults).ok_or_else(|| malformed(inside.span()))?;
            attrs.dropped.push(dropped);
            false
        }
        _ => attrs.moved_from.replace(moved_from(inside, faults).ok_or_else(|| malformed(inside.span()))?).is_some(),
    };
    match () {
        () if again => Err(twice()),
        () if !inside.is_end() => Err(malformed(inside.span())),
        () => Ok(()),
    }
}

/// `/// An order.`, which arrives as `#[doc = " An order."]`
fn doc(hash: Span, whole: Option<TokenTree>, on: On, attrs: &mut Attrs) -> Result<()> {
    if on == On::Section {
        let fault = ParseError::new(BAD_ATTRIBUTE, hash, "a section has no doc comment");
        return Err(fault.help("write `//`, or put the docs on an item"));
    }
    let pound = TokenTree::Punct(proc_macro2::Punct::new('#', proc_macro2::Spacing::Alone));
    let parsed = Attribute::parse_outer.parse2([Some(pound), whole].into_iter().flatten().collect());
    attrs.docs.extend(parsed.map_err(|_| ParseError::new(BAD_ATTRIBUTE, hash, "`doc` is malformed"))?);
    Ok(())
}

/// `= "paid"`
fn text(inside: &mut Cursor) -> Option<LitStr> {
    inside.eat("=")?;
    string(inside)
}

/// `adopt`, `adopt(status)`
fn adopt(word: &Ident, inside: &mut Cursor, faults: &mut Faults) -> Option<Adopt> {
    let status = match inside.group(Delimiter::Parenthesis) {
        Some(mut column) => Some(name(&mut column, "a column", faults).ok().filter(|_| column.is_end())?),
        None => None,
    };
    Some(Adopt { span: word.span(), status })
}

/// `= 1`
fn value(inside: &mut Cursor) -> Option<Literal> {
    inside.eat("=")?;
    literal(inside, String::new).ok()
}

/// `(i32)`, `(i32, "amount * 100", "cents / 100")`
fn was(word: &Ident, inside: &mut Cursor) -> Option<Was> {
    let mut parts = inside.group(Delimiter::Parenthesis)?;
    let ty = ty(&mut parts).ok()?;
    parts.eat(",");
    let conversions = match string(&mut parts) {
        Some(forward) => {
            parts.eat(",")?;
            let back = string(&mut parts)?;
            parts.eat(",");
            Some((forward, back))
        }
        None => None,
    };
    parts.is_end().then_some(Was { span: word.span(), ty, conversions })
}

/// `(Hold -> Placed)`, `(Hold -> Cancelled { reason: "was on hold" })`
fn removed(inside: &mut Cursor, faults: &mut Faults) -> Option<Removed> {
    let mut pair = inside.group(Delimiter::Parenthesis)?;
    let state = reference(&mut pair, "a state", faults).ok()?;
    pair.eat("->")?;
    let otherwise =
        |field: &Ident| format!("without a literal, `{field}` keeps what the removed state had in its field of that name");
    let target = target(&mut pair, otherwise, faults).ok()?;
    pair.is_end().then_some(Removed { state, target })
}

/// `(sku)`, `(Reserved.carrier = "none")`
fn dropped(inside: &mut Cursor, faults: &mut Faults) -> Option<Dropped> {
    let mut parts = inside.group(Delimiter::Parenthesis)?;
    let first = name(&mut parts, "a field", faults).ok()?;
    let (state, field) = match parts.eat(".") {
        Some(_) => (Some(first), name(&mut parts, "a field", faults).ok()?),
        None => (None, first),
    };
    let value = if parts.is("=") { Some(value(&mut parts)?) } else { None };
    parts.is_end().then_some(Dropped { state, field, value })
}

/// `(orders)`, `(sales.orders)`
fn moved_from(inside: &mut Cursor, faults: &mut Faults) -> Option<Table> {
    let mut parts = inside.group(Delimiter::Parenthesis)?;
    let first = name(&mut parts, "a table", faults).ok()?;
    let table = match parts.eat(".") {
        Some(_) => Table { schema: Some(first), name: name(&mut parts, "a table", faults).ok()? },
        None => Table { schema: None, name: first },
    };
    parts.is_end().then_some(table)
}

fn unknown(word: &Ident) -> ParseError {
    let text = word.to_string();
    let help = match text.as_str() {
        "cfg" | "cfg_attr" => Some("a workflow is the same in every build; `#[cfg]` may stand before `workflow!`".to_owned()),
        "derive" => Some("leave it out: the usual traits are derived".to_owned()),
        _ => did_you_mean(&text, &KNOWN.map(|(known, ..)| known)),
    };
    ParseError::new(UNKNOWN_ATTRIBUTE, word.span(), format!("unknown attribute `{text}`")).maybe_help(help)
}

fn misplaced(word: &Ident, places: &[On], on: On) -> ParseError {
    let allowed: Vec<_> = places.iter().map(|place| place.text()).collect();
    ParseError::new(BAD_ATTRIBUTE, word.span(), format!("`{word}` cannot stand on {}", on.text()))
        .help(format!("it stands on {}", allowed.join(", ")))
}
