//! Successive versions of one workflow, migrated on one database while programs of the versions are at work.

#[path = "chain/apply.rs"]
mod apply;
#[path = "chain/binary.rs"]
mod binary;
#[path = "chain/catalogue.rs"]
mod catalogue;
#[path = "chain/known.rs"]
mod known;
#[path = "chain/ledger.rs"]
mod ledger;
#[path = "chain/load.rs"]
mod load;
#[path = "chain/project.rs"]
mod project;
#[path = "chain/random.rs"]
mod random;
#[path = "chain/run.rs"]
mod run;
#[path = "chain/versions.rs"]
mod versions;
#[path = "chain/warnings.rs"]
mod warnings;
#[path = "chain/world.rs"]
mod world;

#[path = "fleet/interpreted.rs"]
mod interpreted;
#[path = "fleet/mixed.rs"]
mod mixed;
#[path = "fleet/statements.rs"]
mod statements;
