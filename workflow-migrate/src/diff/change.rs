//! One change, as data and in words.

use std::fmt;

/// What a change asks of a database that is at work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Category {
    /// The database does not know of it: names in Rust, docs, groups, order.
    Noop,
    /// Something more is possible; nothing that was is lost.
    Additive,
    /// The database acts otherwise from now on, for old and new binaries alike.
    Replace,
    /// It still works, and warns; it goes in the contract phase.
    Observe,
    /// Rows that are there have to be filled.
    Backfill,
    /// A new rule, which refuses older binaries at once what they do not know to be wrong.
    Tighten,
    /// Something goes that older binaries use.
    Contract,
}

/// A change of a declaration, in labels.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(missing_docs, reason = "the fields are named as in the text that each variant becomes")]
pub enum Change {
    /// Docs, groups, order, names in Rust.
    Wording,
    /// What the database does, in a way that has no name of its own.
    Behaviour,
    /// The workflow's label.
    WorkflowRenamed { from: String, to: String },
    /// The table's name or schema.
    TableMoved { from: String, to: String },
    /// A new state.
    StateAdded { state: String },
    /// A state's label.
    StateRenamed { from: String, to: String },
    /// A state that is no more, and where its rows go.
    StateRemoved { state: String, to: String },
    /// A state is final now, or no more.
    FinalChanged { state: String, is_final: bool },
    /// Instances start elsewhere.
    InitialChanged { from: String, to: String },
    /// A new field; without states it is a common one.
    FieldAdded { field: String, states: Vec<String>, required: bool, filled: bool },
    /// A field with another column, and perhaps another type.
    FieldRenamed { from: String, to: String, converted: bool },
    /// A field that is no more.
    FieldDropped { field: String, states: Vec<String> },
    /// States that have a field now that others had already.
    FieldGained { field: String, states: Vec<String> },
    /// States that have a field no more that others still have.
    FieldLost { field: String, states: Vec<String> },
    /// An optional field is required now.
    FieldRequired { field: String },
    /// A required field is optional now.
    FieldOptional { field: String },
    /// `#[unique]` is new.
    UniqueAdded { field: String },
    /// `#[unique]` is gone.
    UniqueDropped { field: String },
    /// A new arrow.
    TransitionAdded { from: String, event: String, to: String },
    /// An arrow that is no more.
    TransitionRemoved { from: String, event: String, to: String },
    /// An arrow that leads elsewhere.
    TransitionRetargeted { from: String, event: String, was: String, to: String },
    /// An event's label.
    EventRenamed { from: String, to: String },
    /// An event sets other fields.
    PayloadChanged { event: String },
    /// `if sql` is new, gone or other.
    GuardChanged { event: String },
    /// `with` is new, gone or other; of `create` too.
    EffectChanged { event: String },
    /// An event sets its fields to other fixed values.
    ValuesChanged { event: String },
    /// An event starts other tasks, of those that there are.
    TasksChanged { event: String },
    /// It is a child from now on: of which workflow, by which field.
    ParentAdded { parent: String, field: String },
    /// It is a child no more.
    ParentRemoved { parent: String },
    /// Whose child it is stands in another field.
    ParentByOther { parent: String, field: String },
    /// What a state or an event starts from now on.
    JobAdded { kind: &'static str, job: String, states: Vec<String> },
    /// What a state or an event starts no more.
    JobRemoved { kind: &'static str, job: String, states: Vec<String> },
    /// A timer has another time.
    TimerChanged { event: String, retimed: bool },
}

impl Change {
    /// What it asks of the database.
    pub fn category(&self) -> Category {
        match self {
            Change::Wording => Category::Noop,
            Change::StateAdded { .. }
            | Change::FinalChanged { .. }
            | Change::FieldOptional { .. }
            | Change::UniqueDropped { .. }
            | Change::TransitionAdded { .. }
            | Change::ParentAdded { .. }
            | Change::ParentByOther { .. }
            | Change::JobAdded { .. } => Category::Additive,
            Change::Behaviour
            | Change::GuardChanged { .. }
            | Change::EffectChanged { .. }
            | Change::ValuesChanged { .. }
            | Change::TasksChanged { .. }
            | Change::TimerChanged { .. } => Category::Replace,
            Change::TransitionRemoved { .. } | Change::TransitionRetargeted { .. } | Change::EventRenamed { .. } => {
                Category::Observe
            }
            Change::FieldRenamed { .. } | Change::FieldRequired { .. } | Change::FieldGained { .. } => Category::Backfill,
            Change::FieldAdded { required: true, filled: true, .. } => Category::Backfill,
            Change::FieldAdded { .. } => Category::Additive,
            Change::UniqueAdded { .. } => Category::Tighten,
            Change::WorkflowRenamed { .. }
            | Change::TableMoved { .. }
            | Change::StateRenamed { .. }
            | Change::StateRemoved { .. }
            | Change::InitialChanged { .. }
            | Change::FieldDropped { .. }
            | Change::FieldLost { .. }
            | Change::PayloadChanged { .. }
            | Change::ParentRemoved { .. }
            | Change::JobRemoved { .. } => Category::Contract,
        }
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Category::Noop => "noop",
            Category::Additive => "additive",
            Category::Replace => "replace",
            Category::Observe => "observe",
            Category::Backfill => "backfill",
            Category::Tighten => "tighten",
            Category::Contract => "contract",
        })
    }
}

/// `state `hold` is new`
impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Change::Wording => write!(f, "names, docs, groups, how jobs are tried again, or the order of things"),
            Change::WorkflowRenamed { from, to } => write!(f, "the workflow `{from}` is `{to}`"),
            Change::TableMoved { from, to } => write!(f, "the table {from} is {to}"),
            Change::StateAdded { state } => write!(f, "state `{state}` is new"),
            Change::StateRenamed { from, to } => write!(f, "state `{from}` is `{to}`"),
            Change::StateRemoved { state, to } => write!(f, "state `{state}` is gone, its rows go to `{to}`"),
            Change::FinalChanged { state, is_final } => {
                write!(f, "state `{state}` is {}final", if *is_final { "" } else { "not " })
            }
            Change::InitialChanged { from, to } => write!(f, "instances start in `{to}`, not in `{from}`"),
            Change::FieldAdded { field, states, .. } => write!(f, "field `{field}`{} is new", of(states)),
            Change::FieldRenamed { from, to, converted } => {
                write!(f, "field `{from}` is `{to}`{}", if *converted { ", of another type" } else { "" })
            }
            Change::FieldDropped { field, states } => write!(f, "field `{field}`{} is gone", of(states)),
            Change::FieldGained { field, states } => write!(f, "field `{field}` is one{} too", of(states)),
            Change::FieldLost { field, states } => write!(f, "field `{field}` is none{} any more", of(states)),
            Change::FieldRequired { field } => write!(f, "field `{field}` is required"),
            Change::FieldOptional { field } => write!(f, "field `{field}` is optional"),
            Change::UniqueAdded { field } => write!(f, "field `{field}` is unique"),
            Change::UniqueDropped { field } => write!(f, "field `{field}` is not unique any more"),
            Change::TransitionAdded { from, event, to } => write!(f, "`{event}` from `{from}` to `{to}` is new"),
            Change::TransitionRemoved { from, event, to } => write!(f, "`{event}` from `{from}` to `{to}` is gone"),
            Change::TransitionRetargeted { from, event, was, to } => {
                write!(f, "`{event}` from `{from}` leads to `{to}`, not to `{was}`")
            }
            Change::EventRenamed { from, to } => write!(f, "event `{from}` is `{to}`"),
            Change::PayloadChanged { event } => write!(f, "event `{event}` sets other fields"),
            Change::GuardChanged { event } => write!(f, "the `if sql` of `{event}` is another"),
            Change::EffectChanged { event } => write!(f, "the effect of `{event}` is another"),
            Change::Behaviour => write!(f, "what the database does is another"),
            Change::ValuesChanged { event } => write!(f, "event `{event}` sets other values"),
            Change::TasksChanged { event } => write!(f, "event `{event}` starts other tasks"),
            Change::ParentAdded { parent, field } => write!(f, "it is a child of `{parent}` by `{field}`"),
            Change::ParentRemoved { parent } => write!(f, "it is no child of `{parent}` any more"),
            Change::ParentByOther { parent, field } => write!(f, "it is a child of `{parent}` by `{field}`, another field"),
            Change::JobAdded { kind, job, states } => write!(f, "{kind} `{job}`{} is new", of(states)),
            Change::JobRemoved { kind, job, states } => write!(f, "{kind} `{job}`{} is gone", of(states)),
            Change::TimerChanged { event, retimed } => {
                write!(f, "the timer of `{event}` has another time{}", if *retimed { ", running ones too" } else { "" })
            }
        }
    }
}

/// ` of `placed`, `reserved``
fn of(states: &[String]) -> String {
    let states: Vec<String> = states.iter().map(|state| format!("`{state}`")).collect();
    if states.is_empty() { String::new() } else { format!(" of {}", states.join(", ")) }
}
