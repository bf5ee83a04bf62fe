//! What a client sends until it waits for an answer, and whether it commits.

use super::frames::{Frame, texts};
use std::collections::HashMap;

/// The statements that a client has named, and whether each writes.
#[derive(Debug, Default)]
pub(super) struct Names(HashMap<String, bool>);

#[derive(Debug, Default)]
pub(super) struct Burst {
    pub(super) bytes: Vec<u8>,
    /// With it the server commits: what was begun before, or the one statement that it is.
    pub(super) commits: bool,
    whole: bool,
}

impl Burst {
    /// `status` is how the server's last answer ended: `I` outside of a transaction.
    pub(super) fn add(&mut self, frame: &Frame, names: &mut Names, status: u8) {
        self.bytes.extend_from_slice(&frame.whole);
        let mut texts = texts(frame.body());
        let (first, second) = (texts.next().unwrap_or_default(), texts.next().unwrap_or_default());
        match frame.letter {
            b'P' => drop(names.0.insert(first.to_owned(), writes(second))),
            b'B' => self.commits |= status == b'I' && names.0.get(second).is_some_and(|writes| *writes),
            b'Q' => self.commits |= if status == b'I' { writes(first) } else { first.contains("COMMIT") },
            _ => {}
        }
        self.whole = matches!(frame.letter, 0 | b'Q' | b'S' | b'H' | b'X' | b'p' | b'c' | b'f');
    }

    /// The client waits now.
    pub(super) fn is_whole(&self) -> bool {
        self.whole
    }
}

/// Whether a statement moves an instance, or a job; the texts of the runtime are in capitals.
fn writes(text: &str) -> bool {
    ["UPDATE ", "INSERT INTO ", "DELETE FROM "]
        .iter()
        .any(|word| text.match_indices(word).any(|(at, _)| !text[..at].ends_with("FOR NO KEY ") && !text[..at].ends_with("FOR ")))
}

/// Whether an answer says that something was written, by the tags of what was done.
pub(super) fn took_effect(tags: &[String]) -> bool {
    tags.iter().any(|tag| {
        let count = || tag.rsplit(' ').next().and_then(|count| count.parse::<u64>().ok()).unwrap_or_default();
        tag == "COMMIT" || (["UPDATE", "INSERT", "DELETE", "SELECT"].iter().any(|word| tag.starts_with(word)) && count() > 0)
    })
}

#[cfg(test)]
mod tests {
    use super::super::frames::Frames;
    use super::*;

    fn burst(status: u8, messages: &[(u8, &str)], names: &mut Names) -> Burst {
        let (mut frames, mut burst) = (Frames::of_server(), Burst::default());
        for (letter, body) in messages {
            frames.buffer.extend_from_slice(&[*letter]);
            frames.buffer.extend_from_slice(&(4 + body.len() as u32).to_be_bytes());
            frames.buffer.extend_from_slice(body.as_bytes());
        }
        frames.for_each(|frame| burst.add(&frame, names, status));
        burst
    }

    #[test]
    fn a_commit_is_known_in_a_transaction_only() {
        let text = [(b'Q', "SELECT ln(1); COMMIT; BEGIN\0")];
        assert!(burst(b'T', &text, &mut Names::default()).commits);
        assert!(!burst(b'I', &text, &mut Names::default()).commits);
    }

    #[test]
    fn a_named_statement_that_writes_commits_by_itself() {
        let mut names = Names::default();
        burst(b'I', &[(b'P', "s1\0UPDATE orders SET\0"), (b'P', "s2\0SELECT 1 FOR UPDATE \0"), (b'S', "")], &mut names);
        let bound = |status, name: &str, names: &mut Names| burst(status, &[(b'B', name), (b'E', "\0"), (b'S', "")], names);
        assert!(bound(b'I', "\0s1\0", &mut names).commits);
        assert!(!bound(b'T', "\0s1\0", &mut names).commits, "the COMMIT is still to come");
        assert!(!bound(b'I', "\0s2\0", &mut names).commits);
        assert!(bound(b'I', "\0s1\0", &mut names).is_whole());
    }

    #[test]
    fn an_answer_tells_whether_something_was_written() {
        let tags = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<Vec<_>>();
        assert!(took_effect(&tags(&["SELECT 1", "COMMIT", "BEGIN"])));
        assert!(took_effect(&tags(&["UPDATE 1"])));
        assert!(!took_effect(&tags(&["UPDATE 0"])));
        assert!(!took_effect(&tags(&[])));
    }
}
