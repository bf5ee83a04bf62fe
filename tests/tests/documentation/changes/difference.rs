//! What changed between two texts, line by line, as `diff` fences show it.

/// Lines of context before and behind a change.
const CONTEXT: usize = 1;

/// `- ` before lines that went, `+ ` before those that came, and one line around them; without the indentation that all have.
pub(super) fn difference(before: &str, after: &str) -> String {
    let lines = compared(&before.lines().collect::<Vec<_>>(), &after.lines().collect::<Vec<_>>());
    let near = |at: usize| {
        let around = &lines[at.saturating_sub(CONTEXT)..(at + CONTEXT + 1).min(lines.len())];
        around.iter().any(|(sign, _)| *sign != ' ')
    };
    let is_blank = |at: &usize| lines[*at] == (' ', "");
    let shown: Vec<usize> = (0..lines.len()).filter(|at| near(*at) && !is_blank(at)).collect();
    let indented = |line: &str| line.len() - line.trim_start().len();
    let common = shown.iter().map(|at| lines[*at].1).filter(|line| !line.is_empty()).map(indented).min().unwrap_or(0);
    let mut text = String::new();
    let mut last = None;
    for at in shown {
        let (sign, line) = lines[at];
        let line = line.get(common..).unwrap_or_default();
        if last.is_some_and(|last| (last + 1..at).any(|between| !is_blank(&between))) {
            text += &format!("  {}// …\n", " ".repeat(indented(line)));
        }
        last = Some(at);
        text += format!("{sign} {line}").trim_end();
        text += "\n";
    }
    text
}

/// Every line of both, by a longest common subsequence: what went comes before what came.
fn compared<'t>(old: &[&'t str], new: &[&'t str]) -> Vec<(char, &'t str)> {
    // How many lines the rests have in common, from each pair of places on.
    let mut common = vec![vec![0; new.len() + 1]; old.len() + 1];
    for i in (0..old.len()).rev() {
        for j in (0..new.len()).rev() {
            common[i][j] = if old[i] == new[j] { common[i + 1][j + 1] + 1 } else { common[i + 1][j].max(common[i][j + 1]) };
        }
    }
    let (mut i, mut j, mut lines) = (0, 0, Vec::new());
    while i < old.len() || j < new.len() {
        if i < old.len() && j < new.len() && old[i] == new[j] {
            lines.push((' ', old[i]));
            (i, j) = (i + 1, j + 1);
        } else if j == new.len() || i < old.len() && common[i + 1][j] >= common[i][j + 1] {
            lines.push(('-', old[i]));
            i += 1;
        } else {
            lines.push(('+', new[j]));
            j += 1;
        }
    }
    lines
}

#[test]
fn a_difference_has_the_changed_lines_and_one_around_them() {
    let before = "a {\n    one\n    two\n    three\n    four\n    five\n}\n";
    let after = "a {\n    one\n    2\n    three\n    four\n    five\n    six\n}\n";
    assert_eq!(difference(before, after), "      one\n-     two\n+     2\n      three\n      // …\n      five\n+     six\n  }\n");
}
