//! Which columns of two models agree, and how those are settled that do not.

use super::settling::{Fill, Settling, Value};
use super::{Loose, Stage};
use workflow_model::names::quoted;
use workflow_model::{Column, Dropped, Field, Literal, Model};

/// Two canonical models: the older one, and the newer one with the older labels of its renamed states beside them.
pub(super) struct Pair<'m> {
    pub(super) base: &'m Model,
    pub(super) model: &'m Model,
    /// What the newer one says of dropped fields, in labels: the state or none, and the column.
    pub(super) dropped: Vec<(Option<String>, String, &'m Dropped)>,
}

impl<'m> Pair<'m> {
    /// Marks every column of the merged model that the two treat differently.
    pub(super) fn settle(&self, stage: &mut Stage) {
        let merged = stage.model.clone();
        for column in merged.columns() {
            let label = &column.field.name.label;
            match (self.find(self.base, label), self.find(self.model, label)) {
                (Some(old), Some(new)) => self.both(stage, &old, &new, &column),
                (None, Some(new)) => self.added(stage, &new, &column),
                (Some(old), None) => self.gone(stage, &old, &column),
                (None, None) => {}
            }
        }
    }

    fn find<'a>(&self, model: &'a Model, label: &str) -> Option<Column<'a>> {
        model.columns().into_iter().find(|c| c.field.name.label == label)
    }

    fn both(&self, stage: &mut Stage, old: &Column<'_>, new: &Column<'_>, merged: &Column<'_>) {
        let tightened = old.field.ty.optional && !new.field.ty.optional;
        let loosened = !old.field.ty.optional && new.field.ty.optional;
        let default = new.field.default.clone().map(Value::Literal);
        let mut fills = Vec::new();
        if new.states.is_empty() {
            if tightened {
                stage.loose.insert(label(merged), Loose { nullable: true, default: None });
                fills.extend(default.map(|value| Fill { states: Vec::new(), value }));
                self.push(stage, merged, fills, None);
            } else if loosened {
                // An older binary cannot read a row at all that has none: until it is gone, there is always one.
                fills.extend(default.map(|value| Fill { states: Vec::new(), value }));
                self.push(stage, merged, fills, None);
            }
            return;
        }
        let (gained, lost) = (self.only(new, old), self.only(old, new));
        if tightened {
            fills.extend(default.map(|value| Fill { states: labels(new), value }));
        } else if !gained.is_empty() && !new.field.ty.optional {
            fills.extend(default.map(|value| Fill { states: gained.clone(), value }));
        }
        fills.extend(lost.iter().filter_map(|state| self.left(Some(state), &label(merged))));
        if tightened || !gained.is_empty() || !lost.is_empty() {
            self.push(stage, merged, fills, None);
        }
    }

    fn added(&self, stage: &mut Stage, new: &Column<'_>, merged: &Column<'_>) {
        let source = self.predecessor(new.field);
        let default = new.field.default.clone();
        if new.states.is_empty() {
            match source {
                Some(value) => {
                    stage.loose.insert(label(merged), Loose { nullable: true, default: None });
                    self.push(stage, merged, vec![Fill { states: Vec::new(), value: value.clone() }], Some(value));
                }
                None => {
                    let default = default.map(|literal| literal.sql());
                    stage.loose.extend(default.map(|sql| (label(merged), Loose { nullable: false, default: Some(sql) })));
                }
            }
            return;
        }
        let shared: Vec<_> = labels(new).into_iter().filter(|state| self.is_shared(state)).collect();
        if shared.is_empty() {
            return;
        }
        // Of a state's optional field nobody can tell the newer binary's `None` from what an older one left out.
        let default = default.filter(|_| !new.field.ty.optional);
        let value = source.clone().or(default.map(Value::Literal));
        let fills = value.map(|value| Fill { states: shared, value }).into_iter().collect();
        self.push(stage, merged, fills, source);
    }

    fn gone(&self, stage: &mut Stage, old: &Column<'_>, merged: &Column<'_>) {
        let successor = self.successor(&label(merged));
        if old.states.is_empty() {
            if let Some(value) = successor {
                self.push(stage, merged, vec![Fill { states: Vec::new(), value: value.clone() }], Some(value));
            } else if !old.field.ty.optional {
                let left = self.left(None, &label(merged)).map(|fill| fill.value.sql("", ""));
                stage.loose.insert(label(merged), Loose { nullable: left.is_none(), default: left });
            }
            return;
        }
        let shared: Vec<_> = labels(old).into_iter().filter(|state| self.is_shared(state)).collect();
        if shared.is_empty() {
            return;
        }
        // Where the successor is not, it says nothing: what `#[dropped]` leaves does.
        let followed: Vec<_> = shared.iter().filter(|state| self.is_succeeded(&label(merged), state)).cloned().collect();
        let rest = shared.iter().filter(|state| !followed.contains(state));
        let left = rest.filter_map(|state| self.left(Some(state), &label(merged)));
        let follows = successor.clone().filter(|_| !followed.is_empty()).map(|value| Fill { states: followed.clone(), value });
        let fills = follows.into_iter().chain(left).collect();
        self.push(stage, merged, fills, successor);
    }

    fn push(&self, stage: &mut Stage, column: &Column<'_>, fills: Vec<Fill>, follows: Option<Value>) {
        let states = column.states.iter().map(|s| s.name.label.clone()).collect();
        let by_text = column.field.ty.sql.is_some();
        stage.settling.push(Settling { column: label(column), states, fills, follows, by_text });
    }

    /// The states of one column that the other one lacks, among those that both models have.
    fn only(&self, one: &Column<'_>, other: &Column<'_>) -> Vec<String> {
        let lacks = |state: &String| !other.states.iter().any(|s| s.name.label == *state);
        labels(one).into_iter().filter(|state| self.is_shared(state) && lacks(state)).collect()
    }

    fn is_shared(&self, state: &str) -> bool {
        [self.base, self.model].iter().all(|model| model.states.iter().any(|s| s.name.label == state))
    }

    /// What `#[dropped(… = "…")]` leaves for the older binaries.
    fn left(&self, state: Option<&str>, column: &str) -> Option<Fill> {
        let found = self.dropped.iter().find(|(of, field, _)| of.as_deref() == state && field == column);
        let value = Value::Literal(found?.2.value.clone()?);
        Some(Fill { states: state.map(str::to_owned).into_iter().collect(), value })
    }

    /// A new column's value from the one it succeeds: `#[renamed_from = "amount"]`. That one may have none, or not be there in all
    /// of its states.
    fn predecessor(&self, new: &Field) -> Option<Value> {
        let old = self.find(self.base, new.name.renamed_from.as_deref()?)?;
        let given = new.was.as_ref().and_then(|was| was.forward.clone());
        let needed = !new.ty.optional || !old.field.ty.optional;
        Some(converted(old.field, new, given, new.default.clone().filter(|_| needed)))
    }

    /// An old column's value from the one that succeeds it.
    fn successor(&self, old: &str) -> Option<Value> {
        let new = self.model.columns().into_iter().find(|c| c.field.name.renamed_from.as_deref() == Some(old))?;
        let before = self.find(self.base, old)?;
        let given = new.field.was.as_ref().and_then(|was| was.back.clone());
        Some(converted(new.field, before.field, given, None))
    }

    /// Whether a state has the column that succeeds an older one.
    fn is_succeeded(&self, old: &str, state: &str) -> bool {
        let new = self.model.columns().into_iter().find(|c| c.field.name.renamed_from.as_deref() == Some(old));
        new.is_some_and(|c| labels(&c).iter().any(|s| s == state))
    }
}

/// Columns that the newer model has in fewer states than stand in the database, as it wants them.
pub(super) fn lost(between: &Stage, model: &Model) -> Vec<Settling> {
    let wanted = |c: &Settling| {
        let column = model.columns().into_iter().find(|column| column.field.name.label == c.column)?;
        let states = labels(&column);
        let has_lost = c.states.iter().any(|state| model.state(state).is_some() && !states.contains(state));
        let by_text = c.by_text;
        has_lost.then(|| Settling { column: c.column.clone(), states, fills: Vec::new(), follows: None, by_text })
    };
    between.settling.iter().filter_map(wanted).collect()
}

fn converted(from: &Field, to: &Field, given: Option<String>, otherwise: Option<Literal>) -> Value {
    let column = from.name.label.clone();
    let cast = || match (from.ty.sql(), to.ty.sql()) {
        (was, Some(becomes)) if was.as_ref() != Some(&becomes) => format!("{}::{becomes}", quoted(&column)),
        _ => quoted(&column),
    };
    // The user's text may be of a type that only becomes the column's when it is stored.
    let typed = |text: String| match to.ty.sql() {
        Some(ty) if text.contains("--") => format!("({text}\n)::{ty}"),
        Some(ty) => format!("({text})::{ty}"),
        None => text,
    };
    Value::Column { expression: given.map_or_else(cast, typed), column, otherwise }
}

fn label(column: &Column<'_>) -> String {
    column.field.name.label.clone()
}

fn labels(column: &Column<'_>) -> Vec<String> {
    column.states.iter().map(|state| state.name.label.clone()).collect()
}
