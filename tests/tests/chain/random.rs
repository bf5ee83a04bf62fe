//! Random numbers that are the same in every run, and payloads made of them.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use uuid::Uuid;
use workflow_model::{Field, Kind, Model, Type};

/// SplitMix64.
#[derive(Debug, Clone)]
pub(crate) struct Random(pub(crate) u64);

impl Random {
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub(crate) fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    /// True once in so many times.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    pub(crate) fn pick<'l, T>(&mut self, list: &'l [T]) -> Option<&'l T> {
        (!list.is_empty()).then(|| &list[self.below(list.len())])
    }

    fn uuid(&mut self) -> Uuid {
        Uuid::from_u64_pair(self.next(), self.next())
    }

    /// A value of a type, as JSON; `unique` says that no other may be equal.
    pub(crate) fn value(&mut self, ty: &Type, unique: bool) -> Value {
        if ty.optional && self.once_in(3) {
            return Value::Null;
        }
        match &ty.kind {
            Kind::Bool => json!(self.once_in(2)),
            Kind::I16 | Kind::I32 | Kind::I64 => json!(self.below(50)),
            Kind::Uuid => json!(self.uuid()),
            Kind::Text if unique => json!(self.uuid().to_string()),
            Kind::Text => json!(format!("it's {}", self.below(9))),
            Kind::Timestamp => json!(format!("20{}-01-0{}T00:00:00Z", 30 + self.below(60), 1 + self.below(9))),
            other => panic!("no value for {other:?}"),
        }
    }

    /// What creation takes.
    pub(crate) fn new_instance(&mut self, model: &Model) -> (Uuid, Map<String, Value>) {
        let id = self.uuid();
        let initial = model.initial().expect("an initial state");
        let fields: Vec<&Field> = model.fields.iter().skip(1).chain(&initial.fields).collect();
        let mut values: Map<String, Value> =
            fields.into_iter().map(|f| (f.name.rust.clone(), self.value(&f.ty, f.unique))).collect();
        values.insert(model.fields[0].name.rust.clone(), json!(id));
        (id, values)
    }

    /// The parameters of an event.
    pub(crate) fn payload(&mut self, model: &Model, event: &str) -> Map<String, Value> {
        let unique: BTreeMap<&str, bool> = model.columns().iter().map(|c| (c.field.name.rust.as_str(), c.field.unique)).collect();
        let line = model.transitions.iter().find(|t| t.event.label == event).expect("an event");
        let value = |p: &workflow_model::Parameter| {
            // What will be unique in a later version is so before.
            let unique = unique.get(p.name.as_str()).copied().unwrap_or_default() || p.name == "tracking";
            (p.name.clone(), self.value(&p.ty, unique))
        };
        line.parameters.iter().map(value).collect()
    }
}
