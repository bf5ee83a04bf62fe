//! When something recurs: a name, a cron expression and a time zone.

use chrono::{DateTime, TimeZone, Utc};
use croner::Cron;
use croner::errors::CronError;
use croner::parser::{CronParser, Seconds, Year};
use std::fmt;
use std::sync::Arc;

/// A name and a cron expression: when a [`Worker`](crate::Worker) creates an instance again and again.
///
/// The name is what the database knows it by: however many processes have a schedule of one name, each of its ticks is made once.
///
/// The expression has five fields (minute, hour, day of the month, month, day of the week), or six with the second before them, or is
/// one of `@hourly`, `@daily`, `@weekly`, `@monthly` and `@yearly`. Where both days are given, either of them counts, as in cron.
///
/// ```
/// use workflow_runtime::Schedule;
/// let monthly = Schedule::new("monthly-invoices", "0 6 1 * *")?;
/// # let _ = monthly;
/// # Ok::<(), workflow_runtime::ScheduleError>(())
/// ```
#[derive(Clone)]
pub struct Schedule {
    name: Arc<str>,
    /// As it was written.
    expression: Arc<str>,
    cron: Cron,
    calendar: Arc<dyn Calendar>,
    catches_up: bool,
}

/// Why there is no such schedule. It is found when the schedule is made, and does not pass.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ScheduleError {
    /// The name is empty: the database would know it by nothing.
    #[error("a schedule needs a name")]
    Nameless,
    /// The expression means nothing.
    #[error("the schedule {name}: `{expression}` is no cron expression: {reason}")]
    Expression {
        /// The schedule's name.
        name: String,
        /// The whole expression.
        expression: String,
        /// Which of its fields is wrong, where it is one of them: `hour`.
        field: Option<&'static str>,
        /// What is wrong, with the field and what stands in it.
        reason: String,
    },
    /// There is no such day: the 30th of February.
    #[error("the schedule {name}: `{expression}` never comes")]
    Never {
        /// The schedule's name.
        name: String,
        /// The whole expression.
        expression: String,
    },
}

/// The times of an expression in a time zone.
trait Calendar: Send + Sync {
    /// The first time after this one.
    fn next(&self, cron: &Cron, after: DateTime<Utc>) -> Option<DateTime<Utc>>;
    /// The last time that is not after this one.
    fn latest(&self, cron: &Cron, until: DateTime<Utc>) -> Option<DateTime<Utc>>;
}

impl<Z: TimeZone + Send + Sync> Calendar for Z {
    fn next(&self, cron: &Cron, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(cron.find_next_occurrence(&after.with_timezone(self), false).ok()?.to_utc())
    }

    fn latest(&self, cron: &Cron, until: DateTime<Utc>) -> Option<DateTime<Utc>> {
        Some(cron.find_previous_occurrence(&until.with_timezone(self), true).ok()?.to_utc())
    }
}

impl Schedule {
    /// A schedule in UTC.
    ///
    /// # Errors
    ///
    /// [`ScheduleError`], when the name is empty, or the expression means nothing or never comes.
    pub fn new(name: impl Into<Arc<str>>, expression: &str) -> Result<Self, ScheduleError> {
        let name = name.into();
        if name.is_empty() {
            return Err(ScheduleError::Nameless);
        }
        let cron = parser().parse(expression).map_err(|error| meaningless(&name, expression, &error))?;
        let schedule = Schedule { name, expression: expression.into(), cron, calendar: Arc::new(Utc), catches_up: false };
        match schedule.next(DateTime::UNIX_EPOCH) {
            Some(_) => Ok(schedule),
            None => Err(ScheduleError::Never { name: schedule.name.to_string(), expression: expression.to_owned() }),
        }
    }

    /// The same by the clocks of a time zone; those of the crate `chrono-tz` know daylight saving.
    ///
    /// An hour or a minute that is named (`30 2 * * *`) comes once a day: when the clocks go forward over it, at the first moment after
    /// the gap; when they go back over it, the first time only. What recurs by `*` in the hour or the minute comes as often as the clock
    /// shows it.
    #[must_use]
    pub fn in_zone<Z: TimeZone + Send + Sync + 'static>(self, zone: Z) -> Self {
        Schedule { calendar: Arc::new(zone), ..self }
    }

    /// Makes each tick that was missed while no worker ran, one after the other. Else only the latest one is made, and those before it are
    /// passed over.
    #[must_use]
    pub fn catching_up(self) -> Self {
        Schedule { catches_up: true, ..self }
    }

    /// What the database knows it by.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Its first tick after a time.
    pub fn next(&self, after: DateTime<Utc>) -> Option<DateTime<Utc>> {
        self.calendar.next(&self.cron, after)
    }

    /// The tick that is to be made now, when all up to `last` are done.
    pub(super) fn due(&self, last: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
        match self.catches_up {
            true => self.next(last).filter(|tick| *tick <= now),
            false => self.calendar.latest(&self.cron, now).filter(|tick| *tick > last),
        }
    }

    pub(super) fn expression(&self) -> &str {
        &self.expression
    }
}

impl fmt::Debug for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Schedule { name, expression, catches_up, .. } = self;
        f.debug_struct("Schedule")
            .field("name", name)
            .field("expression", expression)
            .field("catches_up", catches_up)
            .finish_non_exhaustive()
    }
}

/// Without a year: a schedule goes on for ever.
fn parser() -> CronParser {
    CronParser::builder().seconds(Seconds::Optional).year(Year::Disallowed).build()
}

const FIELDS: [&str; 6] = ["second", "minute", "hour", "day of the month", "month", "day of the week"];

fn meaningless(name: &str, expression: &str, error: &CronError) -> ScheduleError {
    let of =
        |field, reason| ScheduleError::Expression { name: name.to_owned(), expression: expression.to_owned(), field, reason };
    match wrong_field(expression) {
        Some((field, text, error)) => of(Some(field), format!("the {field} `{text}`: {}", said(&error))),
        None => of(None, miscounted(expression).unwrap_or_else(|| said(error))),
    }
}

/// The first field that is wrong when all others say nothing.
fn wrong_field(expression: &str) -> Option<(&'static str, &str, CronError)> {
    let fields: Vec<&str> = expression.split_whitespace().collect();
    let names = FIELDS.get(FIELDS.len().checked_sub(fields.len())?..).filter(|names| names.len() >= 5)?;
    names.iter().zip(&fields).enumerate().find_map(|(n, (name, field))| {
        let mut alone = vec!["*"; fields.len()];
        alone[n] = field;
        Some((*name, *field, parser().parse(&alone.join(" ")).err()?))
    })
}

fn miscounted(expression: &str) -> Option<String> {
    let count = expression.split_whitespace().count();
    (!matches!(count, 0 | 5 | 6)).then(|| format!("it has {count} fields, not 5 or 6"))
}

/// Without the names of the parser's own types.
fn said(error: &CronError) -> String {
    match error {
        CronError::EmptyPattern => "it is empty".to_owned(),
        CronError::InvalidPattern(said) | CronError::IllegalCharacters(said) | CronError::ComponentError(said) => {
            let said = said.trim_end_matches('.').replace("CronPattern", "it");
            let begin = said.chars().take(1).flat_map(char::to_lowercase);
            begin.chain(said.chars().skip(1)).collect()
        }
        CronError::InvalidDate | CronError::InvalidTime | CronError::TimeSearchLimitExceeded => {
            "there is no such time".to_owned()
        }
    }
}

#[cfg(test)]
mod tests;
