//! What `--help` teaches.

/// For the whole.
pub(crate) const LONG: &str = "\
Writes and checks the SQL migrations of the workflows that a workspace declares.

Sources are read without a build, and without a database. What is written is an ordinary sqlx migration folder.

From a declaration to a deploy:

  1. declare it          workflow! { pub workflow Order in orders { … } }   in src/, then `cargo build`
  2. write migrations    cargo workflow generate
  3. read and commit     git add migrations                          the folder migrations/.workflow too
  4. let CI hold to it   cargo workflow check --format github
  5. deploy              sqlx migrate run                            before the new binaries start

After each change of the declaration, go on at 2.";

/// The statuses.
pub(crate) const STATUS: &str = "\
Exit status:
   0  fine
   1  an error: a fault of a declaration, a file that cannot be read
   2  a migration has to be generated
   3  refused: the change cannot be made without more being said
   4  a generated file or a snapshot is not what it was
   5  drift: a database is not what the model says
   6  a migration holds a lock for longer than it may
  64  the command line was not understood
With several projects it is the highest.";

/// For `generate`.
pub(crate) const GENERATE: &str = "\
Use it after a workflow was declared or changed, and commit what it writes together with the change.

Examples:
  cargo workflow generate --dry-run     show the SQL, write nothing
  cargo workflow generate -p shop       only the package `shop`

Exit status: 0 written, or nothing to write; 1 an error; 3 refused, with the line to write; 4 a generated file was edited.
Nothing is written for any package when there is an error in one.";

/// For `check`.
pub(crate) const CHECK: &str = "\
Use it in continuous integration, before the deploy: an edited file is found here before a database refuses it. It writes
nothing and says nothing when everything is fine.

Examples:
  cargo workflow check
  cargo workflow check --format github     errors appear beside the lines of a pull request

Exit status: 0 up to date; 1 an error; 2 a migration has to be generated; 4 a generated file was edited or is gone.";

/// For `completions`.
pub(crate) const COMPLETIONS: &str = "\
They complete `cargo-workflow`, which is this program under its own name; `cargo workflow` is completed by cargo's script.

Install:
  bash        cargo-workflow completions bash > ~/.local/share/bash-completion/completions/cargo-workflow
  zsh         cargo-workflow completions zsh > ~/.zfunc/_cargo-workflow        with ~/.zfunc in fpath, before compinit
  fish        cargo-workflow completions fish > ~/.config/fish/completions/cargo-workflow.fish
  powershell  cargo-workflow completions powershell >> $PROFILE
  elvish      cargo-workflow completions elvish >> ~/.config/elvish/rc.elv

Exit status: 0.";
