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
  5. deploy              cargo workflow apply                        before the new binaries start

After each change of the declaration, go on at 2. In a later release, when no older binary runs any more:

  6. finish the change   cargo workflow generate --phase contract";

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
Use it after a workflow was declared or changed, and commit what it writes together with the change. The expand phase comes with
the release: the version before goes on working. The contract phase comes with a later one, when no binary of the version before
runs any more. What cannot be decided is refused, with the line to write into the declaration.

Examples:
  cargo workflow generate --dry-run            show the SQL, write nothing
  cargo workflow generate -p shop              only the package `shop`
  cargo workflow generate --phase contract     in a later release: what waits

Exit status: 0 written, or nothing to write; 1 an error; 3 refused, with the line to write; 4 a generated file was edited.
Nothing is written for any package when there is an error in one.";

/// For `check`.
pub(crate) const CHECK: &str = "\
Use it in continuous integration, before the deploy: an edited file is found here before a database refuses it. It writes
nothing and says nothing when everything is fine.

Examples:
  cargo workflow check
  cargo workflow check --base origin/main      also: new files come after those of the branch
  cargo workflow check --format github         errors appear beside the lines of a pull request

Exit status: 0 up to date; 1 an error; 2 a migration has to be generated; 3 the change needs more to be said; 4 a generated file
was edited or is gone, or two branches have changed the same workflow.";

/// For `compat`.
pub(crate) const COMPAT: &str = "\
Use it before a rolling deploy: while it lasts, binaries of the revision and of this one run on one database. It compares what
the older binary needs of the schema with what stands after this one's migrations, and notes where the two act differently: effects
and conditions, and fields that are unique now. It asks git, and no database.

Example:
  cargo workflow compat --base v1.4.0

Exit status: 0 it can, perhaps with notes; 1 an error; 3 it cannot, with what is in the way.";

/// For `rebase`.
pub(crate) const REBASE: &str = "\
Use it when a merge has left a conflict in a snapshot, or two branches have changed the same workflow. What was generated on this
branch alone is taken away, the snapshots are taken as they are in the revision, and the change is generated anew from the
sources. Migrations that you wrote yourself are not touched.

Example:
  git merge main                               a conflict in migrations/.workflow/order.json
  cargo workflow rebase --base main            then: git add migrations

Exit status: 0 done; 1 an error; 3 the change cannot be made onto the other one, and everything is as it was.";

/// For `diagram`.
pub(crate) const DIAGRAM: &str = "\
Use it when a workflow was changed, and commit what it writes: rustdoc shows the drawing in the workflow's module.

Examples:
  cargo workflow diagram
  cargo workflow diagram --workflow order --as mermaid --stdout
  cargo workflow diagram --check               in continuous integration

Exit status: 0 fine; 1 an error; 2 (--check) a drawing is missing or shows something else.";

/// For `explain`.
pub(crate) const EXPLAIN: &str = "\
Use it when you read a migration, or write one by hand: it says of each statement what it locks, who waits for that, for how
long, and what to write instead where that is not safe on a live table. It needs no database.

Example:
  cargo workflow explain migrations/*.up.sql

Exit status: 0 all is safe, or brief with a lock time-out; 1 a file cannot be read; 6 something is not safe on a live table.";

/// For `apply`.
pub(crate) const APPLY: &str = "\
Use it in a deploy, where `sqlx migrate run` would do too: it keeps the same record of what was applied. A file that does not get
its locks gives way and is tried again; other processes wait for their turn; an index that was left half-built is built anew.

Examples:
  cargo workflow apply                         the database of DATABASE_URL
  cargo workflow apply --dry-run               list what would be applied

Exit status: 0 applied, or nothing to apply; 1 an error; 4 a file was edited or is gone; 6 the locks were not to be had in time.";

/// For `drift`.
pub(crate) const DRIFT: &str = "\
Use it when you want to know whether a database still is what the migrations made of it: after an incident, or every night. It
reads the catalogue in one read-only transaction: tables, constraints, indexes, functions, triggers, and the rows that the workflow
keeps about itself.

Examples:
  cargo workflow drift                         the database of DATABASE_URL
  cargo workflow drift --format json           an object a workflow

Exit status: 0 it is; 1 an error; 4 a generated file was edited; 5 it is not, or not all files were applied.";

/// For `census`.
pub(crate) const CENSUS: &str = "\
Use it before a state, a transition or a workflow is taken away: it counts the rows in each state and the jobs that wait, and says
what the contract phase would move, and what it would be blocked by. It only reads.

Examples:
  cargo workflow census                        the database of DATABASE_URL
  cargo workflow census --format json          an object a workflow

Exit status: 0 counted; 1 an error; 4 a generated file was edited.";

/// For `verify`.
pub(crate) const VERIFY: &str = "\
Use it in continuous integration, or before a pull request. It carries out every file of the migrations folder, those that you
wrote yourself too, and checks: that all can be carried out (replay), that what then stands is what the snapshots say
(catalogue), that the way back leads to where it began (back) and the way on to the same again (again), that no file locks what
its statements do not tell, or for long (locks), and that no function has a fault in any branch (functions, by the extension
plpgsql_check).

Examples:
  cargo workflow verify                        on a server that is started for it
  cargo workflow verify --since 20260101000000 the locks of older files are not judged

Exit status: 0 all is well; 1 a file or a function fails; 4 a generated file was edited; 5 the catalogue is another than it should
be; 6 a file locks what it does not tell, or is not safe on a live table.";

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
