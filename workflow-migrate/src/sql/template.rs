//! Filling a template: what makes SQL readable as a file with holes.
//!
//! `{name}` is replaced by the value of that name, in one pass: what a value contains is never looked at again, so that no text of
//! a user can be taken for a hole. A hole that stands alone on its line takes a block of lines, which brings its own indentation
//! (an indentation added here would change the user's multi-line strings), and the line goes when the block is empty.

/// The template with its holes filled by what `value` knows. A hole it does not know stays as it is.
pub(crate) fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut out = String::with_capacity(template.len() * 2);
    for line in template.lines() {
        match alone(line).and_then(&value) {
            Some(block) => push_block(&mut out, &block),
            None => {
                fill_line(&mut out, line, &value);
                out.push('\n');
            }
        }
    }
    out
}

/// The name of the hole that is all there is on the line.
fn alone(line: &str) -> Option<&str> {
    line.trim().strip_prefix('{')?.strip_suffix('}').filter(|name| is_name(name))
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_' || c == '.')
}

fn push_block(out: &mut String, block: &str) {
    out.push_str(block);
    if !block.is_empty() && !block.ends_with('\n') {
        out.push('\n');
    }
}

fn fill_line(out: &mut String, line: &str, value: &impl Fn(&str) -> Option<String>) {
    let mut rest = line;
    while let Some(open) = rest.find('{') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        let name = from.find('}').map(|close| &from[1..close]);
        match name.filter(|name| is_name(name)).and_then(|name| Some((name, value(name)?))) {
            Some((name, text)) => {
                out.push_str(&text);
                rest = &from[name.len() + 2..];
            }
            None => {
                out.push('{');
                rest = &from[1..];
            }
        }
    }
    out.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(name: &str) -> Option<String> {
        match name {
            "table" => Some("orders".to_owned()),
            "empty" => Some(String::new()),
            "text" => Some("  '{table}\n x'".to_owned()),
            _ => None,
        }
    }

    #[test]
    fn a_value_is_not_looked_at_again_and_keeps_its_lines() {
        assert_eq!(fill("a {table}, {table}\n{text}\nb", value), "a orders, orders\n  '{table}\n x'\nb\n");
    }

    #[test]
    fn an_empty_block_leaves_no_line() {
        assert_eq!(fill("a\n    {empty}\nb '{}'::text[] {other}", value), "a\nb '{}'::text[] {other}\n");
    }
}
