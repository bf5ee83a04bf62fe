//! How wide a text will be: the reader's machine draws it, so this is a good guess.

/// Widths of Helvetica and Arial from the space to the tilde, in thousandths of the font size. The fonts that the style names have
/// them too, or come close.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556, 556, 556, 556, 556,
    556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778,
    722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222,
    500, 222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// The width of a text in the size given.
pub(super) fn width(text: &str, size: f64) -> f64 {
    text.chars().map(|c| f64::from(advance(c))).sum::<f64>() * size / 1000.0
}

/// The width of a bold text, which is a little more.
pub(super) fn bold(text: &str, size: f64) -> f64 {
    width(text, size) * 1.08
}

fn advance(c: char) -> u16 {
    let printable = (c as usize).checked_sub(' ' as usize).and_then(|i| WIDTHS.get(i));
    // Scripts of the far east fill a square; most others stay below Latin capitals.
    printable.copied().unwrap_or(if c as u32 >= 0x1100 { 1000 } else { 667 })
}
