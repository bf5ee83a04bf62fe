//! Small pieces of SQL that several templates need.

use sha2::{Digest, Sha256};
use std::fmt::Write;
use workflow_model::names::{NAME_LIMIT, constant, quoted};
use workflow_model::{Field, State};

/// `'placed', 'reserved'`
pub(crate) fn labels<'s>(states: impl IntoIterator<Item = &'s State>) -> String {
    let labels: Vec<_> = states.into_iter().map(|s| constant(&s.name.label)).collect();
    labels.join(", ")
}

/// `= 'placed'` or `IN ('placed', 'reserved')`
pub(crate) fn among(constants: &[String]) -> String {
    match constants {
        [one] => format!("= {one}"),
        many => format!("IN ({})", many.join(", ")),
    }
}

/// [`among`] for the labels of states.
pub(crate) fn in_states(states: &[&State]) -> String {
    let labels: Vec<_> = states.iter().map(|s| constant(&s.name.label)).collect();
    among(&labels)
}

/// `ARRAY['a', 'b']`, a term a line where it is long.
pub(crate) fn array(constants: &[String], indent: usize) -> String {
    if constants.is_empty() {
        return "'{}'::text[]".to_owned();
    }
    let short = constants.join(", ");
    if short.len() <= 60 {
        return format!("ARRAY[{short}]");
    }
    let pad = " ".repeat(indent);
    format!("ARRAY[\n{pad}    {}]", constants.join(&format!(",\n{pad}    ")))
}

/// `jsonb_build_object('warehouse', NEW.warehouse)`. A function takes a hundred arguments at most, so long ones are joined.
pub(crate) fn object<'f>(row: &str, fields: impl IntoIterator<Item = &'f Field>) -> String {
    let pair = |f: &Field| format!("{}, {row}.{}", constant(&f.name.label), quoted(&f.name.label));
    let pairs: Vec<_> = fields.into_iter().map(pair).collect();
    let objects: Vec<_> = pairs.chunks(50).map(|c| format!("jsonb_build_object({})", c.join(", "))).collect();
    if objects.is_empty() { "'{}'::jsonb".to_owned() } else { objects.join(" || ") }
}

/// The body of a function between tags that nothing in it can end.
pub(crate) fn dollars(body: &str) -> String {
    let tags = std::iter::once("$$".to_owned()).chain((0_u32..).map(|n| match n {
        0 => "$body$".to_owned(),
        n => format!("$body{n}$"),
    }));
    let tag = tags.into_iter().find(|tag| !body.contains(tag.as_str())).unwrap_or_default();
    format!("{tag}\n{}\n{tag}", body.trim_matches('\n'))
}

/// The name of a constraint or an index, within PostgreSQL's limit: PostgreSQL itself would cut it, and two into one.
pub(crate) fn limited(name: &str) -> String {
    if name.len() <= NAME_LIMIT {
        return quoted(name);
    }
    let hash = hex(&Sha256::digest(name.as_bytes())[..4]);
    let mut end = NAME_LIMIT - hash.len() - 1;
    while !name.is_char_boundary(end) {
        end -= 1;
    }
    quoted(&format!("{}_{hash}", &name[..end]))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_cannot_end_its_own_quotes() {
        assert_eq!(dollars("SELECT 1;"), "$$\nSELECT 1;\n$$");
        assert_eq!(dollars("SELECT $$a$$;"), "$body$\nSELECT $$a$$;\n$body$");
        assert!(dollars("$$ $body$").starts_with("$body1$\n"));
    }

    #[test]
    fn a_long_name_is_cut_by_us_and_stays_unlike_others() {
        let (a, b) = (limited(&format!("{}_1", "x".repeat(70))), limited(&format!("{}_2", "x".repeat(70))));
        assert_eq!((a.len(), b.len()), (NAME_LIMIT, NAME_LIMIT));
        assert_ne!(a, b);
    }
}
