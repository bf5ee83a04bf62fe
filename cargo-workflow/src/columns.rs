//! Tables for people: columns as wide as what stands in them.

/// How a column is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Side {
    Left,
    Right,
}

/// The head and the rows, a line each, indented. What a row has too few of is left out.
pub(crate) fn lines(head: &[(&str, Side)], rows: &[Vec<String>]) -> Vec<String> {
    let width = |at: usize| {
        let cells = rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count());
        cells.chain(head.get(at).map(|(name, _)| name.len())).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..head.len()).map(width).collect();
    let line = |cells: Vec<&str>| {
        let padded = cells.iter().zip(head).zip(&widths).map(|((cell, (_, side)), width)| match side {
            Side::Left => format!("{cell:width$}"),
            Side::Right => format!("{cell:>width$}"),
        });
        format!("  {}", padded.collect::<Vec<_>>().join("  ")).trim_end().to_owned()
    };
    let names = line(head.iter().map(|(name, _)| *name).collect());
    let rows = rows.iter().map(|row| line(row.iter().map(String::as_str).collect()));
    std::iter::once(names).chain(rows).collect()
}

/// `2026-01-02 09:30:00` from `2026-01-02T09:30:00.123+00:00`, in UTC.
pub(crate) fn time(time: &str) -> String {
    match time.split_once('T') {
        Some((day, rest)) => format!("{day} {}", rest.get(..8).unwrap_or(rest)),
        None => time.to_owned(),
    }
}

/// `3h 20m`: the two largest units of seconds.
pub(crate) fn span(seconds: f64) -> String {
    let whole = seconds.abs() as u64;
    let units = [(86_400, "d"), (3_600, "h"), (60, "m"), (1, "s")];
    let Some(first) = units.iter().position(|(length, _)| whole >= *length) else { return "0s".to_owned() };
    let mut rest = whole;
    let parts = units[first..].iter().take(2).filter_map(|(length, unit)| {
        let count = rest / length;
        rest %= length;
        (count > 0).then(|| format!("{count}{unit}"))
    });
    parts.collect::<Vec<_>>().join(" ")
}

/// Text of a user's on one line, without what a terminal would obey.
pub(crate) fn plain(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_as_wide_as_what_stands_in_it() {
        let rows = [vec!["a".to_owned(), "12345".to_owned()], vec!["longer".to_owned()]];
        let lines = lines(&[("name", Side::Left), ("n", Side::Right)], &rows);
        assert_eq!(lines, ["  name        n", "  a       12345", "  longer"]);
    }

    #[test]
    fn spans_and_times_are_short() {
        for (seconds, short) in [(0.4, "0s"), (59.0, "59s"), (3_720.5, "1h 2m"), (86_400.0, "1d"), (-61.0, "1m 1s")] {
            assert_eq!(span(seconds), short);
        }
        assert_eq!(time("2026-01-02T09:30:00.123456+00:00"), "2026-01-02 09:30:00");
        assert_eq!(time("infinity"), "infinity");
        assert_eq!(plain("a\u{1b}[31m\nb"), "a [31m b");
    }
}
