//! Bytes become messages: a letter, a length, and what it says. A client's first message has no letter.

use bytes::{Buf, Bytes, BytesMut};

#[derive(Debug)]
pub(super) struct Frames {
    pub(super) buffer: BytesMut,
    /// The next one is the first of a client.
    first: bool,
}

/// A whole message, with its letter; zero for a client's first one.
#[derive(Debug, Clone)]
pub(super) struct Frame {
    pub(super) letter: u8,
    pub(super) whole: Bytes,
}

impl Frames {
    pub(super) fn of_client() -> Frames {
        Frames { buffer: BytesMut::with_capacity(1 << 14), first: true }
    }

    pub(super) fn of_server() -> Frames {
        Frames { buffer: BytesMut::with_capacity(1 << 14), first: false }
    }
}

impl Iterator for Frames {
    type Item = Frame;

    /// Nothing when what is there is no whole message yet.
    fn next(&mut self) -> Option<Frame> {
        let letters = usize::from(!self.first);
        let mut length = self.buffer.get(letters..letters + 4)?;
        let whole = letters + length.get_u32() as usize;
        if self.buffer.len() < whole {
            return None;
        }
        let letter = if self.first { 0 } else { self.buffer[0] };
        self.first = false;
        Some(Frame { letter, whole: self.buffer.split_to(whole).freeze() })
    }
}

impl Frame {
    /// What follows letter and length.
    pub(super) fn body(&self) -> &[u8] {
        &self.whole[if self.letter == 0 { 4 } else { 5 }..]
    }
}

/// The texts that a body begins with, each of which ends with a zero.
pub(super) fn texts(body: &[u8]) -> impl Iterator<Item = &str> {
    body.split(|byte| *byte == 0).map(|text| std::str::from_utf8(text).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn messages_are_found_wherever_the_bytes_were_split() {
        let bytes = [&[0, 0, 0, 8, 0, 3, 0, 0][..], b"Q\0\0\0\x0bCOMMIT\0", b"S\0\0\0\x04"].concat();
        let mut frames = Frames::of_client();
        let mut letters = Vec::new();
        for byte in bytes {
            frames.buffer.extend_from_slice(&[byte]);
            letters.extend(frames.by_ref().map(|frame| frame.letter));
        }
        assert_eq!(letters, [0, b'Q', b'S']);
    }
}
