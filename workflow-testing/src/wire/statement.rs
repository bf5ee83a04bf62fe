//! What a client's bytes ask for, as far as a message needs to say it.

use std::collections::HashMap;

/// How a message is told that only prepares a statement.
pub(crate) const PREPARATION: &str = "the preparation of ";

/// The statements of one connection, by the names under which they were prepared.
#[derive(Debug, Default)]
pub(super) struct Statements(HashMap<Vec<u8>, String>);

impl Statements {
    /// The last statement of a burst. One that is cut in the middle of a message says less.
    pub(super) fn read(&mut self, mut bytes: &[u8]) -> String {
        let mut asks = "what belongs to no statement".to_owned();
        while let Some((kind, body, rest)) = message(bytes) {
            match kind {
                b'Q' => asks = text(body),
                b'P' => {
                    let (name, query) = split(body);
                    asks = format!("{PREPARATION}{}", text(query));
                    self.0.insert(name.to_owned(), text(query));
                }
                b'B' => {
                    let (_, rest) = split(body);
                    asks = self.0.get(split(rest).0).cloned().unwrap_or(asks);
                }
                _ => {}
            }
            bytes = rest;
        }
        asks
    }
}

/// A kind, a length that counts itself, and what that length says.
fn message(bytes: &[u8]) -> Option<(u8, &[u8], &[u8])> {
    let (&kind, rest) = bytes.split_first()?;
    let length = u32::from_be_bytes(*rest.first_chunk()?) as usize;
    let body = rest.get(4..length)?;
    Some((kind, body, &rest[length..]))
}

/// Up to the first zero, and what follows it.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|&byte| byte == 0).unwrap_or(bytes.len());
    (&bytes[..end], bytes.get(end + 1..).unwrap_or_default())
}

/// On one line, and no longer than one.
fn text(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(split(bytes).0);
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ");
    match line.char_indices().nth(140) {
        Some((end, _)) => format!("`{}…`", &line[..end]),
        None => format!("`{line}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn framed(kind: u8, body: &[u8]) -> Vec<u8> {
        let length = u32::try_from(body.len() + 4).expect("it is short").to_be_bytes();
        [&[kind], &length[..], body].concat()
    }

    #[test]
    fn a_burst_is_told_by_its_statement() {
        let mut statements = Statements::default();
        let prepared = [framed(b'P', b"s1\0SELECT  1\0\0\0"), framed(b'S', b"")].concat();
        assert_eq!(statements.read(&prepared), "the preparation of `SELECT 1`");
        assert_eq!(statements.read(&framed(b'B', b"\0s1\0")), "`SELECT 1`");
        assert_eq!(statements.read(&framed(b'Q', b"COMMIT\0")), "`COMMIT`");
    }

    #[test]
    fn half_a_message_and_a_length_that_lies_are_no_statement() {
        let mut statements = Statements::default();
        for bytes in [&b"P"[..], b"P\0\0\0\x09a", b"P\0\0\0\0", b"P\xff\xff\xff\xff", b"\0\0\0\x08"] {
            assert_eq!(statements.read(bytes), "what belongs to no statement");
        }
    }
}
