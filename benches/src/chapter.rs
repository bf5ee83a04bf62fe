//! What one measurement found: kept beside the code, so that the page can be written again and compared.

use crate::Failure;
use crate::figure::{Goal, Spread};
use crate::machine::Machine;
use serde::{Deserialize, Serialize};
use std::fs;
use std::path::PathBuf;

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Chapter {
    pub(crate) name: String,
    pub(crate) title: String,
    /// What was measured, and how, as Markdown.
    pub(crate) about: String,
    /// Why a goal is missed, where one is, and how that is known.
    #[serde(default)]
    pub(crate) why: String,
    pub(crate) machine: Machine,
    /// How often; 0 where it is counted, or measured as a whole.
    #[serde(default)]
    pub(crate) rounds: usize,
    pub(crate) bars: Vec<Bar>,
    pub(crate) tables: Vec<Table>,
    pub(crate) plots: Vec<Plot>,
}

/// Something that is to be reached.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Bar {
    pub(crate) what: String,
    pub(crate) against: String,
    pub(crate) goal: Goal,
    pub(crate) measured: Spread,
    /// By the run before.
    #[serde(default)]
    pub(crate) before: Option<Spread>,
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    pub(crate) title: String,
    pub(crate) columns: Vec<String>,
    pub(crate) rows: Vec<(String, Vec<Cell>)>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Cell {
    Figures(Spread),
    Text(String),
}

impl From<Spread> for Cell {
    fn from(figures: Spread) -> Cell {
        Cell::Figures(figures)
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Plot {
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) x: String,
    pub(crate) y: String,
    pub(crate) lines: Vec<(String, Vec<(f64, f64)>)>,
}

impl Chapter {
    pub(crate) fn new(name: &str, title: &str, about: &str) -> Chapter {
        let [name, title, about] = [name, title, about].map(str::to_owned);
        Chapter {
            name,
            title,
            about,
            why: String::new(),
            machine: Machine::here(),
            rounds: 0,
            bars: Vec::new(),
            tables: Vec::new(),
            plots: Vec::new(),
        }
    }

    /// Said when a goal is missed.
    pub(crate) fn because(&mut self, why: &str) {
        why.clone_into(&mut self.why);
    }

    pub(crate) fn bar(&mut self, what: &str, against: &str, goal: Goal, measured: Spread) {
        self.bars.push(Bar { what: what.into(), against: against.into(), goal, measured, before: None });
    }

    pub(crate) fn table(&mut self, title: &str, columns: &[&str], rows: Vec<(String, Vec<impl Into<Cell>>)>) {
        let columns = columns.iter().map(|&column| column.to_owned()).collect();
        let rows = rows.into_iter().map(|(name, cells)| (name, cells.into_iter().map(Into::into).collect())).collect();
        self.tables.push(Table { title: title.into(), columns, rows });
    }

    /// In the place of the run before, whose bars stay beside the new ones.
    pub(crate) fn keep(mut self) -> Result<(), Failure> {
        fs::create_dir_all(folder())?;
        let file = folder().join(format!("{}.json", self.name));
        if file.exists() {
            self.recall(&serde_json::from_str(&fs::read_to_string(&file)?)?);
        }
        Ok(fs::write(file, serde_json::to_string_pretty(&self)? + "\n")?)
    }

    fn recall(&mut self, before: &Chapter) {
        for bar in &mut self.bars {
            bar.before = before.bars.iter().find(|old| old.what == bar.what).map(|old| old.measured);
        }
    }

    /// What was measured last, in the order of the page.
    pub(crate) fn kept() -> Result<Vec<Chapter>, Failure> {
        let mut kept = Vec::new();
        for kind in crate::chapters::ALL {
            let file = folder().join(format!("{}.json", kind.name()));
            if file.exists() {
                kept.push(serde_json::from_str(&fs::read_to_string(file)?)?);
            }
        }
        Ok(kept)
    }
}

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("results")
}

#[cfg(test)]
mod tests {
    use super::Chapter;
    use crate::figure::{Goal, Spread};

    #[test]
    fn a_bar_has_what_the_run_before_measured() {
        let measured = |figure| {
            let mut chapter = Chapter::new("transition", "One transition", "");
            chapter.bar("one", "another", Goal::AtLeast(1.0), Spread::of(&[figure]));
            chapter
        };
        let mut again = measured(1.1);
        again.bar("new", "another", Goal::AtLeast(1.0), Spread::of(&[1.0]));
        again.recall(&measured(0.9));
        let before: Vec<_> = again.bars.iter().map(|bar| bar.before).collect();
        assert_eq!(before, [Some(Spread::of(&[0.9])), None]);
    }
}
