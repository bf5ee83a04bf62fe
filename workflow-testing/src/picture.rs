//! All rows of a database, and what two of such pictures differ in.

use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

/// Rows by their tables, in an order that depends on their content alone.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Picture(BTreeMap<String, Vec<Map<String, Value>>>);

/// Columns of which two undisturbed runs do not agree: only whether there is a value is compared.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mask(BTreeSet<(String, String)>);

/// As many rows of a table as a message shows.
const SHOWN: usize = 6;

impl Picture {
    pub(crate) fn add(&mut self, table: &str, row: Map<String, Value>) {
        self.0.entry(table.to_owned()).or_default().push(row);
    }

    pub(crate) fn sorted(mut self) -> Self {
        self.0.values_mut().for_each(|rows| rows.sort_by_cached_key(|row| Value::Object(row.clone()).to_string()));
        self
    }

    /// The tables whose rows are not the same.
    pub(crate) fn changed<'p>(&'p self, other: &'p Picture) -> BTreeSet<&'p str> {
        let tables = self.0.keys().chain(other.0.keys());
        tables.filter(|table| self.0.get(*table) != other.0.get(*table)).map(String::as_str).collect()
    }

    pub(crate) fn without(mut self, tables: &[String]) -> Self {
        self.0.retain(|name, _| !tables.iter().any(|table| name == table || name.strip_prefix("public.") == Some(table)));
        self
    }

    pub(crate) fn masked(&self, mask: &Mask) -> Picture {
        let masked = |table: &String, row: &Map<String, Value>| {
            let hidden = |name: &String| mask.0.contains(&(table.clone(), name.clone()));
            let seen = |(name, value): (&String, &Value)| match value {
                value if value.is_null() || !hidden(name) => (name.clone(), value.clone()),
                _ => (name.clone(), Value::String("*".to_owned())),
            };
            row.iter().map(seen).collect()
        };
        let table = |(name, rows): (&String, &Vec<_>)| (name.clone(), rows.iter().map(|row| masked(name, row)).collect());
        Picture(self.0.iter().map(table).collect()).sorted()
    }

    /// What is here and was not to be, and the other way round; nothing when they are equal.
    pub(crate) fn difference(&self, expected: &Picture) -> Option<String> {
        let mut said = String::new();
        for table in self.changed(expected) {
            let none = Vec::new();
            let (here, there) = (self.0.get(table).unwrap_or(&none), expected.0.get(table).unwrap_or(&none));
            let _ = writeln!(said, "  {table}");
            show(&mut said, "-", &less(there, here));
            show(&mut said, "+", &less(here, there));
        }
        (!said.is_empty()).then_some(said)
    }
}

/// The rows of the first that the second has not, or not as often.
fn less<'r>(rows: &'r [Map<String, Value>], other: &[Map<String, Value>]) -> Vec<&'r Map<String, Value>> {
    let mut left: Vec<_> = other.iter().collect();
    let is_left = |row: &&Map<String, Value>| match left.iter().position(|other| other == row) {
        Some(at) => {
            left.swap_remove(at);
            false
        }
        None => true,
    };
    rows.iter().filter(is_left).collect()
}

fn show(said: &mut String, sign: &str, rows: &[&Map<String, Value>]) {
    for row in rows.iter().take(SHOWN) {
        let shown: Vec<String> =
            row.iter().filter(|(_, value)| !value.is_null()).map(|(name, value)| format!("{name}: {value}")).collect();
        let _ = writeln!(said, "    {sign} {}", shown.join(", "));
    }
    if rows.len() > SHOWN {
        let _ = writeln!(said, "    {sign} and {} more", rows.len() - SHOWN);
    }
}

impl Mask {
    pub(crate) fn add(&mut self, table: &str, column: &str) {
        self.0.insert((table.to_owned(), column.to_owned()));
    }

    /// What two runs of the same do not agree in: keys that are made, and the like. Rows need not be told apart for that.
    pub(crate) fn learn(&mut self, one: &Picture, other: &Picture) {
        for table in one.changed(other) {
            let (Some(one), Some(other)) = (one.0.get(table), other.0.get(table)) else { continue };
            let columns: BTreeSet<&String> = one.iter().chain(other).flat_map(Map::keys).collect();
            columns
                .into_iter()
                .filter(|column| values(one, column) != values(other, column))
                .for_each(|column| self.add(table, column));
        }
    }
}

fn values(rows: &[Map<String, Value>], column: &str) -> Vec<String> {
    let mut values: Vec<String> = rows.iter().filter_map(|row| row.get(column)).map(Value::to_string).collect();
    values.sort();
    values
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn picture(rows: &[(i32, &str)]) -> Picture {
        let mut picture = Picture::default();
        for (stock, key) in rows {
            let Value::Object(row) = json!({ "stock": stock, "key": key }) else { unreachable!("it is an object") };
            picture.add("public.t", row);
        }
        picture.sorted()
    }

    #[test]
    fn what_two_runs_do_not_agree_in_is_masked_and_the_rest_is_compared() {
        let mut mask = Mask::default();
        mask.learn(&picture(&[(1, "a"), (2, "b")]), &picture(&[(1, "d"), (2, "c")]));
        let same = picture(&[(2, "x"), (1, "y")]).masked(&mask);
        assert_eq!(same.difference(&picture(&[(1, "a"), (2, "b")]).masked(&mask)), None);
        let other = picture(&[(1, "x"), (3, "y")]).masked(&mask).difference(&same).expect("they differ");
        assert_eq!(other, "  public.t\n    - key: \"*\", stock: 2\n    + key: \"*\", stock: 3\n");
    }
}
