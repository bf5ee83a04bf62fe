//! Migrations applied to a database in use: by `workflow_apply`, and by sqlx beside it.

#[path = "apply/files.rs"]
mod files;

#[path = "apply/beside_sqlx.rs"]
mod beside_sqlx;
#[path = "apply/disagreements.rs"]
mod disagreements;
#[path = "apply/indexes.rs"]
mod indexes;
#[path = "apply/kills.rs"]
mod kills;
#[path = "apply/locks.rs"]
mod locks;
#[path = "apply/turns.rs"]
mod turns;
