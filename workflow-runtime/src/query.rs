//! Finding instances by their state.

use crate::reach::Reach;
use crate::statement;
use crate::workflow::{InState, Instance, Workflow};
use sqlx::AssertSqlSafe;
use sqlx::postgres::{PgArguments, PgRow};
use std::fmt::Write;
use std::marker::PhantomData;
use std::time::Duration;

/// A query that is being put together: `Order::find(&pool).in_state::<order::Placed>().limit(100).all()`.
///
/// It is ordered by the key, so that [`after`](Find::after) the last key of one page comes the next.
///
/// ```no_run
#[doc = include_str!("doc/order.txt")]
/// # async fn example(shop: Runtime<Shop>) -> Result<(), Box<dyn std::error::Error>> {
/// use std::time::Duration;
/// let late = Order::find(shop.pool()).in_state::<order::Placed>().older_than(Duration::from_secs(7_200)).limit(100);
/// for order in late.all().await? {
///     println!("{} is waiting since {}", order.id, order.entered_at);
/// }
/// # Ok(())
/// # }
/// ```
#[must_use = "a query does nothing until `all` is awaited"]
pub struct Find<'c, I: Instance> {
    reach: Reach<'c>,
    older_than: Option<Duration>,
    after: Option<<I::Workflow as Workflow>::Id>,
    limit: Option<i64>,
    instance: PhantomData<I>,
}

impl<I: Instance> std::fmt::Debug for Find<'_, I> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Find").field("states", &I::STATES).field("after", &self.after).finish_non_exhaustive()
    }
}

impl<'c, I: Instance> Find<'c, I> {
    #[doc(hidden)]
    pub fn new(reach: impl Into<Reach<'c>>) -> Self {
        Find { reach: reach.into(), older_than: None, after: None, limit: None, instance: PhantomData }
    }

    /// Only those in this state, or in one of this group; what comes back is typed accordingly.
    pub fn in_state<S: InState>(self) -> Find<'c, S::Instance>
    where
        S::Instance: Instance<Workflow = I::Workflow>,
    {
        let Find { reach, older_than, after, limit, .. } = self;
        Find { reach, older_than, after, limit, instance: PhantomData }
    }

    /// Only those that entered their state at least this long ago, on the database's clock.
    pub fn older_than(self, age: Duration) -> Self {
        Find { older_than: Some(age), ..self }
    }

    /// Only those behind this key: the next page.
    pub fn after(self, id: <I::Workflow as Workflow>::Id) -> Self {
        Find { after: Some(id), ..self }
    }

    /// At most so many; 1,000 unless said otherwise. While a newer program has begun to leave out fields of the state, those of
    /// its rows that lack one count here and are not given.
    pub fn limit(self, limit: u32) -> Self {
        Find { limit: Some(limit.into()), ..self }
    }

    /// Runs it.
    ///
    /// # Errors
    ///
    /// What PostgreSQL says; nothing is written.
    pub async fn all(self) -> Result<Vec<I>, sqlx::Error> {
        let (text, arguments) = self.statement()?;
        let rows = statement::query_with(AssertSqlSafe(text), arguments).fetch_all(self.reach).await?;
        rows.iter().filter_map(|row| read(row).transpose()).collect()
    }

    fn statement(&self) -> Result<(String, PgArguments), sqlx::Error> {
        let (mut text, mut arguments) = (format!("{} WHERE true", I::Workflow::STATEMENTS.find), PgArguments::default());
        let key = I::Workflow::MODEL.key;
        if let Some(states) = I::STATES {
            let states: Vec<String> = states.iter().map(|&s| s.to_owned()).collect();
            condition(&mut text, &mut arguments, "o.state = ANY", states)?;
        }
        if let Some(age) = self.older_than {
            condition(&mut text, &mut arguments, "o.entered_at <= now() - make_interval(secs => 1) *", age.as_secs_f64())?;
        }
        if let Some(after) = &self.after {
            condition(&mut text, &mut arguments, &format!("o.{key} >"), after.clone())?;
        }
        crate::call::add(&mut arguments, self.limit.unwrap_or(1_000))?;
        let _ = write!(text, " ORDER BY o.{key} LIMIT ${}", sqlx::Arguments::len(&arguments));
        Ok((text, arguments))
    }
}

fn condition<'q, T>(text: &mut String, arguments: &mut PgArguments, sql: &str, value: T) -> Result<(), sqlx::Error>
where
    T: sqlx::Encode<'q, sqlx::Postgres> + sqlx::Type<sqlx::Postgres>,
{
    crate::call::add(arguments, value)?;
    let _ = write!(text, " AND {sql} (${})", sqlx::Arguments::len(arguments));
    Ok(())
}

/// None for a row that has the label that was asked for, but not the state's fields: to this binary it is in another state.
fn read<I: Instance>(row: &PgRow) -> Result<Option<I>, sqlx::Error> {
    let any = I::Workflow::read(row, <I::Workflow as Workflow>::NAMES.row)?;
    Ok(I::narrow(any).ok())
}
