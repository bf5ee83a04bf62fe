//! What the macro implements for a workflow's types. Users name these traits in bounds; they do not implement them.

use crate::error::BoxError;
use crate::job::Job;
use crate::model::Model;
use crate::private::{Declared, Done, Names, Statements, Transition};
use sqlx::postgres::{PgArguments, PgRow};
use sqlx::{FromRow, PgConnection, Postgres};
use std::fmt::Debug;

/// A workflow's instance in whichever state it is: `Order`.
pub trait Workflow: Instance<Workflow = Self> + for<'r> FromRow<'r, PgRow> + Unpin {
    /// The type of its key.
    type Id: Clone
        + Debug
        + Ord
        + Send
        + Sync
        + Unpin
        + 'static
        + for<'q> sqlx::Encode<'q, Postgres>
        + sqlx::Type<Postgres>
        + for<'r> sqlx::Decode<'r, Postgres>
        + sqlx::postgres::PgHasArrayType;
    /// The enum of its states: `order::State`.
    type State: Clone + Debug + PartialEq + Send + Sync + 'static;
    /// What creation takes: `order::New`.
    type New: New<Workflow = Self>;

    /// The declaration as data.
    const MODEL: &'static Model;
    #[doc(hidden)]
    const STATEMENTS: &'static Statements;
    #[doc(hidden)]
    const NAMES: &'static Names;

    /// The key.
    fn id(&self) -> &Self::Id;
    /// How many transitions it has made, its creation included.
    fn version(&self) -> i64;
    /// The label of its state.
    fn label(&self) -> &str;

    #[doc(hidden)]
    fn is_known(&self) -> bool;
    #[doc(hidden)]
    fn read(row: &PgRow, columns: &'static [&'static str]) -> Result<Self, sqlx::Error>;
    #[doc(hidden)]
    fn read_state(label: &str, row: &PgRow, columns: &'static [&'static str]) -> Result<Self::State, sqlx::Error>;
}

/// An instance whose type says where it can be: `Order<Reserved>`, a group such as `order::Open`, or `Order` itself.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no instance of a workflow",
    note = "write a workflow (`Order`), one in a state (`Order<order::Placed>`) or one of its groups (`order::Open`)"
)]
pub trait Instance: Clone + Debug + Send + Sync + Sized + 'static {
    /// Its workflow.
    type Workflow: Workflow;
    /// The labels of the states in which it can be, and those that they had before; none for any state.
    const STATES: Option<&'static [&'static str]>;
    #[doc(hidden)]
    fn narrow(any: Self::Workflow) -> Result<Self, Box<Self::Workflow>>;
}

/// A state's own type: `order::Reserved`, or a group.
#[diagnostic::on_unimplemented(message = "`{Self}` is no state or group of a workflow")]
pub trait InState {
    /// The instance that is in it: `Order<Reserved>`.
    type Instance: Instance;
}

/// What happens to an instance: `order::event::Reserve`, or the enum `order::Event`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no event of a workflow",
    note = "events stand in the workflow's module: `order::event::Reserve {{ … }}`, or any of them as `order::Event`"
)]
pub trait Event: Clone + Debug + Send + Sync + 'static {
    /// Its workflow.
    type Workflow: Workflow;
    /// Where it leads.
    type To: Instance<Workflow = Self::Workflow>;
    #[doc(hidden)]
    fn transition(&self) -> &'static Transition;
    #[doc(hidden)]
    fn bind(&self, arguments: &mut PgArguments) -> Result<(), BoxError>;
}

/// An event that an application `A` can fire: it provides the event's effects.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no event of a workflow",
    note = "events stand in the workflow's module: `order::event::Reserve {{ … }}`, or any of them as `order::Event`"
)]
pub trait Fire<A>: Event {
    #[doc(hidden)]
    fn effect(&self, app: &A, tx: &mut PgConnection, row: &PgRow) -> impl Future<Output = Result<(), BoxError>> + Send;
}

/// An event without an effect in the application: one statement can fire it for many instances.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has an effect in the application and cannot be fired for many instances at once",
    note = "fire it for each instance, or move the effect into the database: `with sql \"…\"`"
)]
pub trait Effectless: Event {}

/// A workflow whose jobs an application can carry out: it provides the work behind `by` and `then`, and the effects of what follows.
#[diagnostic::on_unimplemented(
    message = "`{A}` cannot carry out the jobs of `{Self}`",
    note = "implement the `Work` of the workflow's module for it (`order::Work`), or its `Effects` where there is no work; what is served is a workflow (`Order`), not a state"
)]
pub trait Perform<A>: Workflow {
    /// Any of its events.
    type Event: Fire<A, Workflow = Self>;
    /// What creation takes.
    type Creation: Create<A, Workflow = Self>;
    #[doc(hidden)]
    const JOBS: &'static [Declared];
    #[doc(hidden)]
    fn perform(self, app: &A, job: &Job) -> impl Future<Output = Result<Done<Self::Event>, BoxError>> + Send;
    #[doc(hidden)]
    fn fired(event: &str) -> Option<Self::Event>;
}

/// A workflow whose instances belong to those of another one: `workflow Shipment in shipments of Order by order_id`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no child of `{Parent}`",
    note = "write `of {Parent} by …` behind the table in the head of `{Self}`, with the field that holds the key of its `{Parent}`"
)]
pub trait Child<Parent: Workflow>: Workflow {
    /// (key of a parent): whether one of its children is not at its end
    #[doc(hidden)]
    const UNFINISHED: &'static str;
}

/// A type that can hold a parent's key: the key's own.
#[diagnostic::on_unimplemented(
    message = "the key of the parent is `{Id}`, and this field is `{Self}`",
    label = "give the field the type of the parent's key"
)]
pub trait HoldsKey<Id> {
    #[doc(hidden)]
    const HOLDS: () = ();
}

#[diagnostic::do_not_recommend]
impl<Id> HoldsKey<Id> for Id {}

/// What creation takes: `order::New`.
pub trait New: Debug + Send + Sync + 'static {
    /// Its workflow.
    type Workflow: Workflow;
    /// The instance in its initial state.
    type Initial: Instance<Workflow = Self::Workflow>;
    #[doc(hidden)]
    const EFFECT: Option<&'static str>;
    #[doc(hidden)]
    fn id(&self) -> &<Self::Workflow as Workflow>::Id;
    #[doc(hidden)]
    fn bind(&self, arguments: &mut PgArguments) -> Result<(), BoxError>;
    #[doc(hidden)]
    fn read(row: &PgRow) -> Result<Self, sqlx::Error>
    where
        Self: Sized;
}

/// A creation whose effects an application `A` provides.
pub trait Create<A>: New {
    #[doc(hidden)]
    fn effect(&self, app: &A, tx: &mut PgConnection, row: &PgRow) -> impl Future<Output = Result<(), BoxError>> + Send;
}
