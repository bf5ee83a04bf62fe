//! The page of the book, written from what is kept.

use crate::Failure;
use crate::chapter::{Bar, Cell, Chapter, Table};
use crate::chapters::ALL;
use crate::{plot, site};
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

const HEAD: &str = "\
# Performance

Written by this command, from what it measured; every figure is the median of its rounds, with the least and the most beside it. What is
compared is measured in turn, round by round, and a ratio is taken within each round: the machine may be slow, but then it is slow for both.

```console
$ cargo run --release -p bench -- all
```

";

pub(crate) fn write(chapters: &[Chapter]) -> Result<(), Failure> {
    for chapter in chapters {
        for plot in &chapter.plots {
            fs::write(book().join(format!("performance-{}.svg", plot.name)), plot::draw(plot)?)?;
        }
    }
    Ok(fs::write(book().join("performance.md"), text(chapters))?)
}

fn book() -> PathBuf {
    PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/src"))
}

pub(crate) fn text(chapters: &[Chapter]) -> String {
    let mut text = HEAD.to_owned();
    let _ = writeln!(text, "PostgreSQL has `fsync` on, and these settings: {}.\n\n## What is to be reached\n", site::described());
    text += &bars(chapters.iter().flat_map(|chapter| &chapter.bars));
    text += "Where a goal is missed, the chapter says why. A run is confirmed by the next one where each median lies between the least and the most \
        of the other run. Of 100 pairs that measure the same, this fails for 6 with nine rounds each, and for 29 with five.\n\n";
    text += &unmeasured(chapters);
    for chapter in chapters {
        text += &chapter.text();
    }
    text
}

/// Nobody shall take a page that is not whole for one that is.
fn unmeasured(chapters: &[Chapter]) -> String {
    let missing = ALL.iter().map(|kind| kind.name()).filter(|name| chapters.iter().all(|chapter| chapter.name != *name));
    match missing.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => String::new(),
        missing => format!("These chapters are not measured yet: {missing}.\n\n"),
    }
}

fn bars<'b>(bars: impl Iterator<Item = &'b Bar>) -> String {
    let lines: String = bars.map(line).collect();
    format!("| what | against | goal | measured | | the run before |\n|---|---|---|---|---|---|\n{lines}\n")
}

fn line(bar: &Bar) -> String {
    let Bar { what, against, goal, measured, before } = bar;
    let met = if goal.is_met(*measured) { "met" } else { "**missed**" };
    let before = before.map_or_else(String::new, |before| match measured.confirms(before) {
        true => before.to_string(),
        false => format!("{before}: not confirmed"),
    });
    format!("| {what} | {against} | {goal} | {measured} | {met} | {before} |\n")
}

impl Chapter {
    /// What is printed when it was measured.
    pub(crate) fn report(&self) -> String {
        self.text() + &bars(self.bars.iter())
    }

    pub(crate) fn text(&self) -> String {
        let mut text = format!("## {}\n\n{}\n\n", self.title, self.about);
        for table in &self.tables {
            text += &table.text();
        }
        for plot in &self.plots {
            let _ = writeln!(text, "![{}](performance-{}.svg)\n", plot.title, plot.name);
        }
        if self.bars.iter().any(|bar| !bar.goal.is_met(bar.measured)) && !self.why.is_empty() {
            let _ = writeln!(text, "**Why a goal is missed.** {}\n", self.why);
        }
        let rounds = if self.rounds > 0 { format!("{} rounds; ", self.rounds) } else { String::new() };
        let _ = writeln!(text, "{rounds}{}.\n", self.machine);
        text
    }
}

impl Cell {
    fn text(&self) -> String {
        match self {
            Cell::Figures(figures) => figures.to_string(),
            // A bar would end the cell.
            Cell::Text(text) => text.replace('|', "\\|"),
        }
    }
}

impl Table {
    fn text(&self) -> String {
        let mut text =
            format!("| {} | {} |\n|---{}|\n", self.title, self.columns.join(" | "), "|---:".repeat(self.columns.len()));
        for (name, cells) in &self.rows {
            let mut cells: Vec<_> = cells.iter().map(Cell::text).collect();
            cells.resize(self.columns.len(), String::new());
            let _ = writeln!(text, "| {name} | {} |", cells.join(" | "));
        }
        text + "\n"
    }
}

#[cfg(test)]
mod tests {
    use super::{Chapter, text};
    use crate::figure::{Goal, Spread};

    #[test]
    fn a_goal_that_is_missed_is_told_with_the_reason_and_a_chapter_that_is_missing_is_named() {
        let mut chapter = Chapter::new("transition", "One transition", "How.");
        chapter.because("It costs.");
        chapter.rounds = 9;
        chapter.bar("fast", "another", Goal::AtLeast(1.0), Spread::of(&[0.5]));
        let page = text(&[chapter]);
        assert!(page.contains("| fast | another | at least 1 | 0.50 | **missed** |  |"), "{page}");
        assert!(page.contains("**Why a goal is missed.** It costs.\n\n9 rounds; "), "{page}");
        assert!(page.contains("not measured yet: trips, pieces,") && !page.contains("yet: transition"), "{page}");
    }
}
