//! The address of a database, with another database or another role.
//!
//! Not through sqlx's options: its `to_url_lossy` forgets options it does not know, as it says, and
//! writes others which only sqlx understands.

use std::path::Path;

/// The same server, another database.
pub(crate) fn with_database(url: &str, database: &str) -> String {
    let (before, query) = split_query(url);
    let authority_starts = before.find("://").map_or(0, |at| at + 3);
    let end = before[authority_starts..].find('/').map_or(before.len(), |at| authority_starts + at);
    join(&format!("{}/{database}", &before[..end]), query, &["dbname"])
}

/// The same database, another role, which needs no password.
pub(super) fn with_role(url: &str, role: &str) -> String {
    let (before, query) = split_query(url);
    let (scheme, rest) = before.split_once("://").unwrap_or(("postgres", before));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let host = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    join(&format!("{scheme}://{}@{host}/{path}", encode(role)), query, &["user", "password"])
}

/// The same database on another server, which listens on a Unix socket in `folder`.
pub(super) fn with_server(url: &str, authority: &str, folder: &Path) -> String {
    let (before, _) = split_query(url);
    let path = before.split_once("://").unwrap_or(("", before)).1.split_once('/').unwrap_or_default().1;
    format!("postgres://{authority}/{path}?host={}", folder.display())
}

/// The same database and role through a wire on this machine, on which nothing is encrypted.
pub(crate) fn through(url: &str, port: u16) -> String {
    let (before, query) = split_query(url);
    let (scheme, rest) = before.split_once("://").unwrap_or(("postgres", before));
    let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
    let role = authority.rsplit_once('@').map_or("postgres", |(role, _)| role);
    let through = format!("{scheme}://{role}@127.0.0.1:{port}/{path}?sslmode=disable");
    let (before, disabled) = split_query(&through);
    join(before, &format!("{disabled}&{}", without_sslmode(query)), &["host", "hostaddr", "port"])
}

/// What can be shown of an address: neither its user nor its password.
pub(super) fn without_secrets(url: &str) -> String {
    let (before, query) = split_query(url);
    let (scheme, rest) = before.split_once("://").unwrap_or(("postgres", before));
    let shown = rest.rsplit_once('@').map_or(rest, |(_, shown)| shown);
    join(&format!("{scheme}://{shown}"), query, &["user", "password"])
}

fn without_sslmode(query: &str) -> String {
    query.split('&').filter(|pair| !pair.starts_with("sslmode=")).collect::<Vec<_>>().join("&")
}

fn split_query(url: &str) -> (&str, &str) {
    url.split_once('?').unwrap_or((url, ""))
}

/// The query can say what the rest of an address says too, and then it is the one believed.
fn join(before: &str, query: &str, dropped: &[&str]) -> String {
    let name = |pair: &str| pair.split('=').next().unwrap_or_default().to_owned();
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    let left: Vec<_> = pairs.filter(|pair| !dropped.contains(&name(pair).as_str())).collect();
    let mark = if left.is_empty() { "" } else { "?" };
    format!("{before}{mark}{}", left.join("&"))
}

fn encode(role: &str) -> String {
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_.".contains(byte);
    role.bytes().map(|byte| if plain(&byte) { char::from(byte).into() } else { format!("%{byte:02X}") }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_database_is_replaced_and_the_rest_stays() {
        assert_eq!(with_database("postgres://u:p@h:1/a?x=1", "b"), "postgres://u:p@h:1/b?x=1");
        assert_eq!(with_database("postgresql://h", "b"), "postgresql://h/b");
        assert_eq!(with_database("postgres:///a?dbname=c&host=/s", "b"), "postgres:///b?host=/s");
    }

    #[test]
    fn the_role_is_replaced_and_the_password_goes() {
        assert_eq!(with_role("postgres://u:p@h:1/a?x=1", "app"), "postgres://app@h:1/a?x=1");
        assert_eq!(with_role("postgres://h/a?user=u", "an app"), "postgres://an%20app@h/a");
    }

    #[test]
    fn the_server_is_replaced_and_the_database_stays() {
        let here = Path::new("/s");
        assert_eq!(with_server("postgres://u:p@h:1/a?host=/x", "v@h:2", here), "postgres://v@h:2/a?host=/s");
    }

    #[test]
    fn a_wire_is_before_the_same_database() {
        assert_eq!(through("postgres://u:p@h:1/a?host=/s&sslmode=require", 7), "postgres://u:p@127.0.0.1:7/a?sslmode=disable");
        assert_eq!(through("postgres://h/a?x=1", 7), "postgres://postgres@127.0.0.1:7/a?sslmode=disable&x=1");
    }

    #[test]
    fn passwords_are_not_shown() {
        assert_eq!(without_secrets("postgres://u:p@h/a?password=p"), "postgres://h/a");
    }
}
