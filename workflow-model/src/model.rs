//! The declaration as data, in the order in which it was written.

use crate::names::label;
use crate::types::Type;
use serde::{Deserialize, Serialize};

/// One `workflow!` block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Model {
    /// `Order`, known to the database as `order`.
    pub name: Name,
    /// Where its rows stand.
    pub table: Table,
    /// Whose child it is. A declaration without one is written as before there was such a word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<Parent>,
    /// The workflow's doc comment.
    pub docs: String,
    /// The table was there before the workflow (`#[adopt]`).
    pub adopt: Option<Adopt>,
    /// The fields of every state; the first one is the key.
    pub fields: Vec<Field>,
    /// The states.
    pub states: Vec<State>,
    /// Names for several states.
    pub groups: Vec<Group>,
    /// What happens at creation, when it has effects or tasks.
    pub create: Option<Create>,
    /// Every line of `transitions` but `create`.
    pub transitions: Vec<Transition>,
    /// States that are no longer declared, and where their rows go: `#[removed(Hold -> Placed)]`.
    pub removed: Vec<Removed>,
    /// Fields that are no longer declared, and may go with what they hold: `#[dropped(sku)]`.
    pub dropped: Vec<Dropped>,
    /// Where its rows stood before: `#[moved_from(orders)]`.
    pub moved_from: Option<Table>,
}

/// `of Order by order_id`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parent {
    /// The parent's type, as written: `crate::shop::Order`.
    pub path: String,
    /// The common field that holds the parent's key.
    pub field: String,
}

/// `#[removed(Hold -> Cancelled { reason: "on hold" })]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Removed {
    /// The state that is gone.
    pub state: String,
    /// Where its rows go, with values for the fields that they lack.
    pub target: Target,
}

/// `#[dropped(sku)]`, `#[dropped(Reserved.carrier = "none")]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dropped {
    /// The state that had the field; none for a common one.
    pub state: Option<String>,
    /// The field that is gone.
    pub field: String,
    /// What binaries that still read it find in new rows.
    pub value: Option<Literal>,
}

/// `#[was(i32)]`, `#[was(i32, "amount * 100", "cents / 100")]`
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Was {
    /// The type it had.
    pub ty: Type,
    /// The new value from the old column, as SQL; a cast when nothing is written.
    pub forward: Option<String>,
    /// The old value from the new column, as SQL; a cast when nothing is written.
    pub back: Option<String>,
}

/// A name in Rust and in the database.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Name {
    /// As written, without a raw prefix: `Reserved`.
    pub rust: String,
    /// As stored: `reserved`. `#[label]` sets it; the default is snake case.
    pub label: String,
    /// `#[label]` was written.
    pub explicit: bool,
    /// The label it had before: `#[renamed_from = "held"]`.
    pub renamed_from: Option<String>,
}

/// `orders` or `sales.orders`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// The schema, when it is written.
    pub schema: Option<String>,
    /// The table.
    pub name: String,
}

/// `#[adopt]` or `#[adopt(status)]`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Adopt {
    /// The existing column that says in which state a row is; without it every row is in the initial one.
    pub status: Option<String>,
}

/// A column: `warehouse: String`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Its name; the label is the column's.
    pub name: Name,
    /// Its type.
    pub ty: Type,
    /// `#[unique]`.
    pub unique: bool,
    /// `#[default = 1]`: what rows have that were there before the field, or are written by a binary that does not know it.
    pub default: Option<Literal>,
    /// `#[was(i32)]`: it has another type than the column it succeeds.
    pub was: Option<Was>,
    /// Its doc comment.
    pub docs: String,
}

/// `initial Placed`, `Reserved { warehouse: String }`, `final Delivered`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct State {
    /// Its name.
    pub name: Name,
    /// Initial, final, or neither.
    pub kind: StateKind,
    /// The fields that only this state has.
    pub fields: Vec<Field>,
    /// Its doc comment.
    pub docs: String,
}

/// Where a state stands in the life cycle.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum StateKind {
    /// Every instance starts here.
    Initial,
    /// On the way.
    Normal,
    /// Nothing leads out of it.
    Final,
}

/// `Open = Placed | Reserved`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    /// Its name.
    pub name: String,
    /// Names of states, and of other groups.
    pub members: Vec<String>,
}

/// `create: -> Placed with … then …`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Create {
    /// The state it names, which must be the initial one.
    pub target: String,
    /// In the same transaction.
    pub effect: Option<Effect>,
    /// After the commit.
    pub tasks: Vec<String>,
    /// How its tasks are tried again, where it says so. Nothing of it is in the database: a declaration that is silent is written as
    /// before there were these words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retries: Vec<Retry>,
    /// When its tasks are due, of those that are not due at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<Later>,
    /// Clauses that a creation cannot have are kept, so that a rule can refuse them.
    pub triggers: Vec<Trigger>,
    /// The expression of an `if sql`, which a creation cannot have.
    pub guard: Option<String>,
    /// Its doc comment.
    pub docs: String,
}

/// `ship(tracking: String): Reserved -> Shipped by book_courier then send_tracking`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Transition {
    /// The event that fires it. Several lines may share one.
    pub event: Name,
    /// The event's payload.
    pub parameters: Vec<Parameter>,
    /// States or groups, as written.
    pub sources: Vec<String>,
    /// Where it leads; none for an internal transition.
    pub target: Option<Target>,
    /// What fires it by itself. More than one is a fault.
    pub triggers: Vec<Trigger>,
    /// `with`.
    pub effect: Option<Effect>,
    /// `then`, in their order.
    pub tasks: Vec<String>,
    /// How its activity and its tasks are tried again, where it says so; as in [`Create`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retries: Vec<Retry>,
    /// When its tasks are due, of those that are not due at once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub later: Vec<Later>,
    /// `if sql`.
    pub guard: Option<String>,
    /// `#[retime]`: a changed duration also holds for timers that are running.
    pub retime: bool,
    /// Its doc comment.
    pub docs: String,
}

/// `tracking: String`, in an event's parentheses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// Its name; a field of that name is set by it.
    pub name: String,
    /// Its type.
    pub ty: Type,
}

/// `Cancelled { reason: "no courier" }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Target {
    /// The state.
    pub state: String,
    /// Fields that get a fixed value.
    pub literals: Vec<(String, Literal)>,
}

/// A Rust literal, in the form in which it can be written as SQL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Literal {
    /// `None`
    None,
    /// `true`
    Bool(bool),
    /// `-3`, its digits without separators or suffix
    Integer(String),
    /// `1.5`
    Float(String),
    /// `"text"`
    Text(String),
    /// `b"bytes"`
    Bytes(Vec<u8>),
    /// A character, a C string: nothing that a column takes. As written.
    Other(String),
}

/// What fires a transition by itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Trigger {
    /// `after 30 minutes`
    After(Duration),
    /// `at due`
    At(String),
    /// `after 5 failures of book_courier`
    Exhausted {
        /// How many failures.
        failures: u32,
        /// Of which activity.
        activity: String,
    },
    /// `by book_courier`
    By(String),
    /// `after all Shipment`
    Joined {
        /// The child's type, as written: `crate::dispatch::Shipment`.
        child: String,
    },
}

/// A span of time as the database counts it: `14 days` equals `336 hours`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Duration {
    /// Its length.
    pub seconds: u64,
}

/// `then send_survey in 14 days`, `then remind on due`: a task of the line that has a time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Later {
    /// The task.
    pub task: String,
    /// When it is due.
    pub time: Time,
}

/// When a task is due.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Time {
    /// `in 14 days`, from the transition on.
    In(Duration),
    /// `on due`: a field that says when.
    On(String),
}

/// `up to 10 attempts pausing 5 seconds to 1 hour within 2 minutes`, behind `by` or `then`. It holds for the job on every line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retry {
    /// Which job is tried again.
    pub job: Retried,
    /// How often it is tried before it is parked.
    pub attempts: Option<u32>,
    /// The pause after the first failure.
    pub pause: Option<Duration>,
    /// The longest pause.
    pub longest: Option<Duration>,
    /// How long one attempt may take.
    pub within: Option<Duration>,
}

/// What can be tried again. An activity and a task may have the same name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Retried {
    /// `by book_courier`
    Activity(String),
    /// `then send_tracking`
    Task(String),
}

/// `with take_stock`, `with sql "…"`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Effect {
    /// A method of the application's `Effects`.
    App(String),
    /// Statements that the database runs.
    Sql {
        /// The statements.
        text: String,
        /// `maybe`: it is no fault when no row is touched.
        maybe: bool,
    },
}

pub use crate::types::Kind;

impl Duration {
    /// The shortest SQL interval that says it: `30 minutes`.
    pub fn interval(self) -> String {
        let units = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
        let (unit, length) = units.into_iter().find(|(_, n)| self.seconds.is_multiple_of(*n)).unwrap_or(("second", 1));
        let count = self.seconds / length;
        format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

impl Model {
    /// What is said of how jobs are tried again, in the order of the declaration.
    pub fn retries(&self) -> impl Iterator<Item = &Retry> {
        let created = self.create.iter().flat_map(|create| &create.retries);
        created.chain(self.transitions.iter().flat_map(|line| &line.retries))
    }

    /// The first field.
    pub fn key(&self) -> Option<&Field> {
        self.fields.first()
    }

    /// The state of that name.
    pub fn state(&self, name: &str) -> Option<&State> {
        self.states.iter().find(|s| s.name.rust == name)
    }

    /// The group of that name.
    pub fn group(&self, name: &str) -> Option<&Group> {
        self.groups.iter().find(|g| g.name == name)
    }

    /// Where instances start.
    pub fn initial(&self) -> Option<&State> {
        self.states.iter().find(|s| s.kind == StateKind::Initial)
    }

    /// The common field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name.rust == name)
    }
}

impl Parent {
    /// What the jobs that speak to the parent are called: `order`.
    pub fn label(&self) -> String {
        label(self.path.rsplit("::").next().unwrap_or_default())
    }
}

impl Dropped {
    /// As it was written: `sku`, `Reserved.carrier`.
    pub fn path(&self) -> String {
        match &self.state {
            Some(state) => format!("{state}.{}", self.field),
            None => self.field.clone(),
        }
    }
}

impl State {
    /// How rows may spell it: its label, and the one that it had before, which older binaries write until they are gone.
    pub fn labels(&self) -> impl Iterator<Item = &str> {
        let former = self.name.renamed_from.as_ref().filter(|former| **former != self.name.label);
        [&self.name.label].into_iter().chain(former).map(String::as_str)
    }

    /// The state's own field of that name.
    pub fn field(&self, name: &str) -> Option<&Field> {
        self.fields.iter().find(|f| f.name.rust == name)
    }
}

impl Transition {
    /// The parameter of that name.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        self.parameters.iter().find(|p| p.name == name)
    }

    /// No arrow: the instance stays where it is, timers and activities go on.
    pub fn is_internal(&self) -> bool {
        self.target.is_none()
    }

    /// The method of the application's `Effects` that belongs to it.
    pub fn app_effect(&self) -> Option<&str> {
        match &self.effect {
            Some(Effect::App(name)) => Some(name),
            Some(Effect::Sql { .. }) | None => None,
        }
    }
}
