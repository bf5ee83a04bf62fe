//! What is proved: a workflow, the application that fires it, and the database in which it does.

use crate::Database;
use crate::sample::{Made, Samples, Source};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::pin::Pin;
use workflow_runtime::Runtime;
use workflow_runtime::workflow::Perform;

/// A workflow that an application can carry out: every workflow with events is one.
pub trait Provable<A>: Perform<A, Event: DeserializeOwned, Creation: DeserializeOwned> {}

impl<A, W: Perform<A, Event: DeserializeOwned, Creation: DeserializeOwned>> Provable<A> for W {}

type Connected<A> = Pin<Box<dyn Future<Output = Result<Runtime<A>, sqlx::Error>>>>;
type Looked = Pin<Box<dyn Future<Output = Result<Option<String>, sqlx::Error>>>>;
type Prepared = Pin<Box<dyn Future<Output = Result<(), sqlx::Error>>>>;

/// What is to be proved of `W`, and what it takes to fire its events.
///
/// The database has its migrations, and the rows that the application needs. Proofs use it alone, put instances into it, and leave it as
/// it was.
///
/// ```no_run
/// # use uuid::Uuid;
/// # use workflow_runtime::{Runtime, workflow};
/// # use workflow_testing::{Database, Subject, crash_sweep, race_matrix, random_walk};
/// # workflow! {
/// #     pub workflow Ticket in tickets {
/// #         id: Uuid,
/// #         title: String,
/// #         states { initial Open, final Closed }
/// #         transitions { close: Open -> Closed }
/// #     }
/// # }
/// # struct App;
/// # async fn test(database: Database) -> Result<(), Box<dyn std::error::Error>> {
/// let tickets = Subject::<Ticket, _>::new(&database, |url| async move { Runtime::connect(&url, App).await })
///     .sample("title", ["it does not work"])
///     .never("a ticket without a title", "SELECT id FROM tickets WHERE title = ''");
/// println!("{}", crash_sweep(&tickets).await?);
/// println!("{}", race_matrix(&tickets).await?);
/// println!("{}", random_walk(&tickets).await?);
/// # Ok(())
/// # }
/// # fn main() {}
/// ```
pub struct Subject<W, A> {
    pub(crate) database: Database,
    connect: Box<dyn Fn(String) -> Connected<A>>,
    pub(crate) samples: Samples,
    pub(crate) preparations: BTreeMap<String, Box<dyn Fn(PgPool) -> Prepared>>,
    pub(crate) invariants: Vec<Invariant>,
    pub(crate) ignored: Vec<String>,
    pub(crate) test: Option<String>,
    workflow: std::marker::PhantomData<fn() -> W>,
}

/// What must never be.
pub(crate) struct Invariant {
    pub(crate) what: String,
    pub(crate) asked: Asked,
}

/// How it is found.
pub(crate) enum Asked {
    /// A query, whose rows are wrong.
    Query(String),
    /// A closure that says what is wrong.
    Closure(Box<dyn Fn(PgPool) -> Looked>),
}

impl<W, A> std::fmt::Debug for Subject<W, A> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subject").field("database", &self.database).finish_non_exhaustive()
    }
}

impl<W: Provable<A>, A: Send + Sync + 'static> Subject<W, A> {
    /// `connect` makes the application's runtime over the address that it is given, as the program does: an application that has a pool
    /// of its own makes it over the same address.
    pub fn new<F, R>(database: &Database, connect: F) -> Self
    where
        F: Fn(String) -> R + 'static,
        R: Future<Output = Result<Runtime<A>, sqlx::Error>> + 'static,
    {
        Subject {
            database: database.clone(),
            connect: Box::new(move |url| Box::pin(connect(url))),
            samples: Samples::default(),
            preparations: BTreeMap::new(),
            invariants: Vec::new(),
            ignored: Vec::new(),
            test: None,
            workflow: std::marker::PhantomData,
        }
    }

    /// Values for the fields and parameters of this name, as JSON: what serde reads the event's type from. Where there are none, the
    /// common types have their own: a new text or UUID, 1, `true`, tomorrow. With several, the random walk takes each.
    #[must_use]
    pub fn sample<T: Into<Value>>(mut self, name: &str, values: impl IntoIterator<Item = T>) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.samples.0.insert(name.to_owned(), Source::Values(values));
        self
    }

    /// The same, with a value that is made each time: the key of a parent, which has to be there first.
    #[must_use]
    pub fn sample_made<F, R>(mut self, name: &str, make: F) -> Self
    where
        F: Fn(PgPool) -> R + 'static,
        R: Future<Output = Result<Value, sqlx::Error>> + 'static,
    {
        let make = move |pool| Box::pin(make(pool)) as Made;
        self.samples.0.insert(name.to_owned(), Source::Maker(Box::new(make)));
        self
    }

    /// What has to happen before this event is fired: rows that its effect needs, or time that its guard waits for
    /// ([`advance`](crate::advance)).
    #[must_use]
    pub fn preparing<F, R>(mut self, event: &str, prepare: F) -> Self
    where
        F: Fn(PgPool) -> R + 'static,
        R: Future<Output = Result<(), sqlx::Error>> + 'static,
    {
        self.preparations.insert(event.to_owned(), Box::new(move |pool| Box::pin(prepare(pool))));
        self
    }

    /// What must never be: a query that returns no row as long as all is well. It is asked after every step.
    #[must_use]
    pub fn never(mut self, what: &str, sql: &str) -> Self {
        self.invariants.push(Invariant { what: what.to_owned(), asked: Asked::Query(sql.to_owned()) });
        self
    }

    /// The same, looked for in Rust: the closure returns what is wrong, and nothing as long as all is well.
    ///
    /// ```no_run
    /// # use workflow_testing::{Provable, Subject};
    /// # fn example<W: Provable<()>>(tickets: Subject<W, ()>) -> Subject<W, ()> {
    /// tickets.never_when("more tickets than we can bear", |pool| async move {
    ///     let count: i64 = sqlx::query_scalar("SELECT count(*) FROM tickets").fetch_one(&pool).await?;
    ///     Ok((count > 1_000).then(|| format!("{count} tickets")))
    /// })
    /// # }
    /// ```
    #[must_use]
    pub fn never_when<F, R>(mut self, what: &str, look: F) -> Self
    where
        F: Fn(PgPool) -> R + 'static,
        R: Future<Output = Result<Option<String>, sqlx::Error>> + 'static,
    {
        let look = move |pool| Box::pin(look(pool)) as Looked;
        self.invariants.push(Invariant { what: what.to_owned(), asked: Asked::Closure(Box::new(look)) });
        self
    }

    /// A table that is not compared: a log that is written outside of transitions. All others of the database are.
    #[must_use]
    pub fn ignoring(mut self, table: &str) -> Self {
        self.ignored.push(table.to_owned());
        self
    }

    /// The name of the test, as `cargo test -- --exact` takes it. It is known by itself where each test has a thread of its own.
    #[must_use]
    pub fn in_test(mut self, name: &str) -> Self {
        self.test = Some(name.to_owned());
        self
    }

    /// The database in which it is proved.
    pub fn database(&self) -> &Database {
        &self.database
    }

    /// A runtime of the application, over this address.
    pub(crate) async fn connect(&self, url: &str) -> Result<Runtime<A>, sqlx::Error> {
        (self.connect)(url.to_owned()).await
    }
}
