//! Indexes that are built beside the work of others, and what is left of them when the build fails.
//!
//! A concurrent build that fails leaves an index that is kept up to date, at a cost, and is used for nothing; a unique one refuses
//! rows already. `CREATE INDEX … IF NOT EXISTS` takes it for the index that it should build.

use crate::error::Stop;
use crate::said::Said;
use crate::session::Session;
use sqlx::AssertSqlSafe;

/// `CREATE INDEX CONCURRENTLY name ON table`: the names, as they are written.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Build<'s> {
    /// None when PostgreSQL shall choose. Then what is left cannot be told from other indexes.
    pub(crate) name: Option<&'s str>,
    pub(crate) table: &'s str,
}

/// The index that a file builds concurrently, if that is what it does.
pub(crate) fn build(sql: &str) -> Option<Build<'_>> {
    let mut words = Words(sql);
    words.pass("create").then_some(())?;
    words.pass("unique");
    (words.pass("index") && words.pass("concurrently")).then_some(())?;
    let _ = words.pass("if") && words.pass("not") && words.pass("exists");
    let name = if words.pass("on") { None } else { words.next().filter(|_| words.pass("on")).map(Some)? };
    words.pass("only");
    Some(Build { name, table: words.qualified()? })
}

/// Whether a file builds, rebuilds or drops an index concurrently. Such a statement waits for the transactions of others to end; who
/// reads or writes the table does not wait for it.
pub(crate) fn is_concurrent(sql: &str) -> bool {
    let mut words = Words(sql);
    let first = words.next().unwrap_or_default();
    let about_indexes = ["create", "drop", "reindex"].iter().any(|word| first.eq_ignore_ascii_case(word));
    about_indexes && words.by_ref().take(6).any(|word| word.eq_ignore_ascii_case("concurrently"))
}

/// Drops what is left of an earlier build, and says what that was.
pub(crate) async fn drop_invalid(session: &mut Session, build: &Build<'_>) -> Result<Option<String>, Stop> {
    let Some(name) = build.name else { return Ok(None) };
    let left = sqlx::query_as(include_str!("sql/left.sql")).bind(build.table).bind(name);
    let left: Option<(String, bool)> = left.fetch_optional(&mut session.connection).await?;
    match left {
        None => Ok(None),
        Some((index, true)) => Err(Stop::Passing(Said::busy(&index))),
        Some((index, false)) => {
            let statement = AssertSqlSafe(format!("DROP INDEX CONCURRENTLY IF EXISTS {index}"));
            sqlx::raw_sql(statement).execute(&mut session.connection).await?;
            Ok(Some(index))
        }
    }
}

/// The words, quoted names and signs of a statement, without its comments.
struct Words<'s>(&'s str);

impl<'s> Words<'s> {
    /// Passes over a word if it is the next one.
    fn pass(&mut self, word: &str) -> bool {
        let mut ahead = Words(self.0);
        let found = ahead.next().is_some_and(|next| next.eq_ignore_ascii_case(word));
        if found {
            self.0 = ahead.0;
        }
        found
    }

    /// `table`, or `schema.table`, as it is written.
    fn qualified(&mut self) -> Option<&'s str> {
        self.trim();
        let begin = self.0;
        self.next()?;
        while self.pass(".") {
            self.next()?;
        }
        Some(&begin[..begin.len() - self.0.len()])
    }

    fn trim(&mut self) {
        loop {
            self.0 = self.0.trim_start();
            if self.0.starts_with("--") {
                self.0 = self.0.split_once('\n').map_or("", |(_, rest)| rest);
            } else if self.0.starts_with("/*") {
                self.0 = after_comment(self.0);
            } else {
                return;
            }
        }
    }
}

impl<'s> Iterator for Words<'s> {
    type Item = &'s str;

    fn next(&mut self) -> Option<&'s str> {
        self.trim();
        let end = match self.0.chars().next()? {
            '"' => quoted(self.0),
            c if is_name(c) => self.0.find(|c| !is_name(c)).unwrap_or(self.0.len()),
            c => c.len_utf8(),
        };
        let (word, rest) = self.0.split_at(end);
        self.0 = rest;
        Some(word)
    }
}

/// The length of `"a""b"`: a quote in a name is doubled.
fn quoted(sql: &str) -> usize {
    let mut end = 1;
    while let Some(length) = sql[end..].find('"') {
        end += length + 1;
        if !sql[end..].starts_with('"') {
            return end;
        }
        end += 1;
    }
    sql.len()
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}

/// Comments of this kind stand inside one another.
fn after_comment(sql: &str) -> &str {
    let (mut depth, mut rest) = (0_usize, sql);
    loop {
        let next = [rest.find("/*"), rest.find("*/")];
        match next {
            [Some(open), close] if close.is_none_or(|close| open < close) => (depth, rest) = (depth + 1, &rest[open + 2..]),
            [_, Some(close)] => (depth, rest) = (depth.saturating_sub(1), &rest[close + 2..]),
            _ => return "",
        }
        if depth == 0 {
            return rest;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(sql: &str, name: Option<&str>, table: &str) {
        assert_eq!(build(sql), Some(Build { name, table }), "{sql}");
        assert!(is_concurrent(sql), "{sql}");
    }

    #[test]
    fn the_names_of_a_concurrent_build_are_read_as_they_are_written() {
        reads("CREATE INDEX CONCURRENTLY a ON b (c)", Some("a"), "b");
        reads(
            "-- no-transaction\n\ncreate unique index concurrently if not exists \"A b\" on only s . \"T\"(c);",
            Some("\"A b\""),
            "s . \"T\"",
        );
        reads("/* x /* y */ */ CREATE INDEX /**/ CONCURRENTLY \"a\"\"b\" ON b USING gin (c)", Some("\"a\"\"b\""), "b");
        reads("CREATE INDEX CONCURRENTLY ON b(c)", None, "b");
    }

    #[test]
    fn other_statements_are_no_concurrent_builds() {
        for sql in [
            "",
            "CREATE INDEX a ON b (c)",
            "CREATE",
            "DO $$ create index concurrently a on b $$",
            "/* open",
            "\"",
            "CREATE INDEX CONCURRENTLY a",
        ] {
            assert_eq!(build(sql), None, "{sql}");
        }
        assert!(
            is_concurrent("-- no-transaction\nDROP INDEX CONCURRENTLY IF EXISTS a")
                && is_concurrent("REINDEX (VERBOSE) TABLE CONCURRENTLY a")
        );
        assert!(
            !is_concurrent("DO $$ drop index concurrently a $$") && !is_concurrent("REFRESH MATERIALIZED VIEW CONCURRENTLY a")
        );
    }
}
