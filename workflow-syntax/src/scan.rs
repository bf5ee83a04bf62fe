//! A look at the words of a file, before it is parsed: most files of a workspace have neither a block nor modules of their own.
//!
//! It may be wrong in one direction only. Comments and strings are not told from code, so that a file that speaks of a block
//! is parsed for nothing; but whatever [`find()`](crate::find()) finds, it finds behind one of these words.

/// Whether [`find()`](crate::find()) may find anything in this text: `workflow!`, `mod name;` or `include!`.
///
/// A text that is not Rust may be let through as one that has nothing.
pub fn worth_parsing(text: &str) -> bool {
    may_hold_a_block(text)
        || behind(text, "include").any(|rest| gap(rest).starts_with('!'))
        || behind(text, "mod").any(|rest| declares_a_file(gap(rest)))
}

/// Whether this text may hold a `workflow!`.
pub fn may_hold_a_block(text: &str) -> bool {
    behind(text, "workflow").any(|rest| gap(rest).starts_with('!'))
}

/// What stands behind each place where `word` is a word. A letter beyond ASCII counts as none: better one place too many.
fn behind<'t>(text: &'t str, word: &'t str) -> impl Iterator<Item = &'t str> {
    text.match_indices(word).filter_map(move |(start, _)| {
        let end = start + word.len();
        let bytes = text.as_bytes();
        let whole = !start.checked_sub(1).is_some_and(|i| is_word(bytes[i])) && !bytes.get(end).is_some_and(|b| is_word(*b));
        whole.then(|| &text[end..])
    })
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Behind `mod`: a name and a semicolon.
fn declares_a_file(rest: &str) -> bool {
    let rest = rest.strip_prefix("r#").unwrap_or(rest);
    let name = rest.find(|c: char| c.is_ascii() && !is_word(c as u8)).unwrap_or(rest.len());
    // A blank beyond ASCII is taken for a part of the name.
    name > 0 && gap(&rest[name..]).starts_with(';')
}

/// Without the blanks and comments in front.
fn gap(mut rest: &str) -> &str {
    loop {
        rest = rest.trim_start_matches(is_blank);
        rest = match (rest.strip_prefix("//"), rest.strip_prefix("/*")) {
            (Some(line), _) => line.find('\n').map_or("", |end| &line[end..]),
            (_, Some(block)) => behind_comment(block),
            (None, None) => return rest,
        };
    }
}

/// As rustc has it.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{200e}' | '\u{200f}')
}

/// Comments nest.
fn behind_comment(mut rest: &str) -> &str {
    let mut depth = 1;
    while depth > 0 {
        let Some(at) = rest.find(['*', '/']) else { return "" };
        let (open, close) = (rest[at..].starts_with("/*"), rest[at..].starts_with("*/"));
        depth = if open { depth + 1 } else { depth - usize::from(close) };
        rest = &rest[at + 1 + usize::from(open || close)..];
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::worth_parsing;

    #[test]
    fn what_may_be_a_block_or_a_module_is_parsed() {
        for text in [
            "workflow!{}",
            "a::workflow /* /* x */ */ ! // y\n {}",
            "mod a;",
            "mod/**/r#type // x\n;",
            "mod é;",
            "fn f() {}\u{2028}mod\u{200e}a\u{2028};",
            "include!(\"x\");",
        ] {
            assert!(worth_parsing(text), "{text}");
        }
    }

    #[test]
    fn the_rest_is_not() {
        for text in [
            "",
            "mod a { }",
            "use workflow_runtime::workflow;",
            "workflow_x!{}",
            "my_workflow!{}",
            "let mode; modify;",
            "include_str!(\"x\")",
            "mod /* a;",
            "mod",
            "workflow",
            "mod ;",
        ] {
            assert!(!worth_parsing(text), "{text}");
        }
    }
}
