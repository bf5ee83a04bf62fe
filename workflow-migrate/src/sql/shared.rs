//! What all workflows of a database share. Written so that it may run again: two projects can share a database.

/// Makes it.
pub(crate) fn up() -> String {
    include_str!("shared.up.sql").to_owned()
}

/// Takes it away.
pub(crate) fn down() -> String {
    include_str!("shared.down.sql").to_owned()
}
