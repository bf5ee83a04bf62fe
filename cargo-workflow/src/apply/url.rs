//! Which database. Its address may hold a password: nothing here repeats any of it.

use super::fault;
use sqlx::postgres::PgConnectOptions;
use workflow_migrate::Errors;

/// From the line, the environment, or a `.env` file here or above, as sqlx's own command does.
pub(crate) fn options(given: Option<&str>, variable: &str) -> Result<PgConnectOptions, Errors> {
    let url = match given.map(str::to_owned).or_else(|| std::env::var(variable).ok()).filter(|url| !url.is_empty()) {
        Some(url) => url,
        None => from_file(variable)?.ok_or_else(|| {
            fault::plain(
                "no database is named".to_owned(),
                &format!("give `--database-url`, or set `{variable}` in the environment or in `.env`"),
            )
        })?,
    };
    if !["postgres://", "postgresql://"].iter().any(|scheme| url.starts_with(scheme)) {
        return Err(fault::plain("the address of the database is not one of PostgreSQL".to_owned(), FORM));
    }
    url.parse().map_err(|error: sqlx::Error| fault::plain(format!("the address of the database cannot be read: {error}"), FORM))
}

const FORM: &str = "it has the form `postgres://user:password@host:5432/database`";

fn from_file(variable: &str) -> Result<Option<String>, Errors> {
    let lines = match dotenvy::dotenv_iter() {
        Ok(lines) => lines,
        Err(error) if error.not_found() => return Ok(None),
        Err(_) => return Err(unreadable()),
    };
    for line in lines {
        match line {
            Ok((name, url)) if name == variable => return Ok(Some(url).filter(|url| !url.is_empty())),
            Ok(_) => {}
            // The error holds the line, which may hold a secret.
            Err(_) => return Err(unreadable()),
        }
    }
    Ok(None)
}

fn unreadable() -> Errors {
    fault::plain("`.env` cannot be read".to_owned(), "its lines have the form `NAME=value`; or give `--database-url`")
}
