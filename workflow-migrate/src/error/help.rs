//! What to do about an error.

use super::Error;

impl Error {
    /// What to do about it.
    pub fn help(&self) -> Option<String> {
        Some(match self {
            Error::Source(_) | Error::Refused(_) | Error::Io { .. } | Error::NoPackage(_) => return None,
            Error::Metadata(_) => "run it in a folder of a cargo workspace, or name one by `--manifest-path`".to_owned(),
            Error::Git(error) => return error.help().map(str::to_owned),
            Error::Settings { .. } => "mend the file: sqlx reads it too".to_owned(),
            Error::TwoTables { .. } => "write the same `[migrate] table-name` for each of them".to_owned(),
            Error::NoWorkflow { .. } => {
                "write its label: `order` for `workflow Order`, unless `#[label]` says otherwise".to_owned()
            }
            Error::ContractWaits { .. } => {
                "when no binary of the version before the last one runs any more, run `cargo workflow generate --phase contract`, and \
                 then generate again; to change a release that no database has run yet, `cargo workflow rebase --base REVISION` puts \
                 both changes into one (the last release's tag, or HEAD)"
                    .to_owned()
            }
            Error::Reworded { .. } => {
                "write its attributes (`#[renamed_from]`, `#[default]`, `#[was]`, `#[removed]`, …) as they were until the contract phase \
                 is generated; to change them before any database has run the files, `cargo workflow rebase --base REVISION` generates \
                 the change anew (the last release's tag, or HEAD)"
                    .to_owned()
            }
            Error::TakenBack { .. } => {
                "where databases have run them, take them back first (`sqlx migrate revert` runs their `.down.sql`); then delete these \
                 files and put the snapshot back, as reverting the commit that brought them does"
                    .to_owned()
            }
            Error::Renamed { workflow, heir, .. } => format!(
                "write `#[renamed_from = \"{workflow}\"]` on `{heir}`, or `#[label = \"{workflow}\"]` to keep the database's name; if it \
                 is another one, give it a table of its own"
            ),
            Error::Unreleased { .. } => {
                "commit and release it first; generate the contract phase when no binary of the version before runs any more; \
                 `--workflow LABEL` takes another workflow alone"
                    .to_owned()
            }
            Error::SameVersion { .. } => {
                "run `cargo workflow rebase --base BRANCH`, or give a file of your own another number if no database has run it"
                    .to_owned()
            }
            Error::Behind { revision, .. } => format!("merge {revision}, then run `cargo workflow rebase --base {revision}`"),
            Error::Altered { revision, .. } => format!(
                "merge {revision} and run `cargo workflow rebase --base {revision}` if both were generated; give a file of your own another \
                 number, or take the one of {revision}"
            ),
            Error::Below { revision, .. } => format!("run `cargo workflow rebase --base {revision}`"),
            Error::OtherContract { revision, .. } => format!(
                "delete the files of that contract phase and run `cargo workflow rebase --base {revision}`; generate the contract phase anew \
                 when no binary of the version before the change that waits there runs any more"
            ),
            Error::Returned { .. } => "give the new one another `#[label]` and another table".to_owned(),
            Error::Vanished { workflow, .. } => format!(
                "declare it again, or say that it goes: `removed = [\"{workflow}\"]` in `[package.metadata.workflow]` of Cargo.toml"
            ),
            Error::Damaged { .. } => {
                "take the file from version control; after a merge, run `cargo workflow rebase --base BRANCH`".to_owned()
            }
            Error::Edited(_) | Error::Missing(_) => {
                "take the file from version control, and put the change into a new one".to_owned()
            }
            Error::Orphan { .. } => {
                "take the snapshot from version control, or delete the file if no database has run it".to_owned()
            }
            Error::TwoHeads { .. } => {
                "run `cargo workflow rebase --base BRANCH`, which generates this branch's change anew above the other one's"
                    .to_owned()
            }
        })
    }
}
