//! From the declaration before to the one after, and back.

use crate::catalogue::{exact, unnumbered};
use crate::expected::{compare, compare_refusal};
use crate::folder::{Case, Crate};
use crate::functions;
use crate::rows::{count, jobs, misplaced_jobs, model, run, seed};
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use workflow_migrate::Step;
use workflow_testing::Database;

/// Two declarations of a workflow, and what stands beside them.
#[derive(Default)]
pub(crate) struct Way {
    pub(crate) name: String,
    pub(crate) before: String,
    pub(crate) after: String,
    /// What is run on the database before everything.
    pub(crate) first: String,
    /// What is run on a new database of the declaration after, where that is something else.
    pub(crate) fresh: Option<String>,
    /// What is run before the contract phase.
    pub(crate) between: String,
    /// Labels of workflows that are said to be gone.
    pub(crate) removed: Vec<String>,
    /// It may end where rows lack what was dropped without a value.
    pub(crate) is_free: bool,
}

/// One case: its files as reviewed, and its way.
pub(crate) async fn case(case: Case) {
    let way = Way {
        name: case.name.clone(),
        before: case.text("before.rs"),
        after: case.text("after.rs"),
        first: case.text("before.sql"),
        fresh: Some(case.text("after.sql")).filter(|text| !text.is_empty()),
        between: case.text("between.sql"),
        removed: case.text("removed.txt").lines().map(str::to_owned).collect(),
        is_free: false,
    };
    match generate(&way) {
        Ok(generated) => {
            compare(&case, "expand", &generated.expanded);
            compare(&case, "contract", &generated.contracted);
            apply(&way, &generated).await;
        }
        Err(refusal) => compare_refusal(&case, &refusal),
    }
}

/// The whole way, or what goes wrong on it.
pub(crate) async fn try_way(way: Way) -> Result<(), String> {
    let whole = async move {
        let generated = generate(&way).unwrap_or_else(|refusal| panic!("{refusal}"));
        apply(&way, &generated).await;
    };
    tokio::spawn(whole).await.map_err(|error| error.to_string())
}

/// The folder and the files of each phase.
struct Generated {
    at: Crate,
    created: Vec<(String, String)>,
    expanded: Vec<(String, String)>,
    contracted: Vec<(String, String)>,
}

fn generate(way: &Way) -> Result<Generated, String> {
    let mut at = Crate::new(&way.name);
    let created = at.generate(&way.before, Step::Expand, 1000).unwrap();
    at.removed.clone_from(&way.removed);
    let expanded = at.generate(&way.after, Step::Expand, 2000).map_err(|errors| {
        let text: Vec<String> = errors.iter().map(|error| error.render(false)).collect();
        let home = at.migrations().parent().unwrap().display().to_string() + "/";
        text.concat().replace(&home, "src/")
    })?;
    let contracted = at.generate(&way.after, Step::Contract, 3000).unwrap();
    Ok(Generated { at, created, expanded, contracted })
}

/// The highest version of some files, or 0.
fn highest(files: &[(String, String)]) -> i64 {
    files.iter().filter_map(|(name, _)| name.split_once('_')?.0.parse().ok()).max().unwrap_or(0)
}

async fn apply(way: &Way, generated: &Generated) {
    let database = Database::create().await.unwrap();
    let pool = database.pool().await.unwrap();
    run(&pool, &way.first).await;
    let before = model(&way.before);
    functions::install(&pool).await;
    let migrator = Migrator::new(generated.at.migrations()).await.unwrap();
    let created = highest(&generated.created);
    to(&migrator, &pool, created).await;
    seed(&pool, &before, 0).await;
    let (rows, start) = (count(&pool, &before).await, exact(&pool).await);

    let mut stands = created;
    let (expanded, contracted) = (highest(&generated.expanded), highest(&generated.contracted));
    for phase in [expanded, contracted].into_iter().filter(|phase| *phase > 0) {
        if phase == contracted {
            run(&pool, &way.between).await;
        }
        let lower = exact(&pool).await;
        let work = if phase == expanded { jobs(&pool, &before).await } else { Vec::new() };
        step_by_step(&migrator, &pool, phase).await;
        let upper = exact(&pool).await;
        functions::sound(&pool, &format!("at {phase}")).await;
        migrator.undo(&pool, stands).await.unwrap();
        same(&exact(&pool).await, &lower, "down");
        functions::sound(&pool, &format!("down from {phase}")).await;
        if phase == expanded {
            same(&jobs(&pool, &before).await, &work, "the work after the way back");
        }
        to(&migrator, &pool, phase).await;
        same(&exact(&pool).await, &upper, "up again");
        stands = phase;
    }
    let new = if way.removed.is_empty() { fresh(way).await } else { Vec::new() };
    if way.removed.is_empty() {
        assert_eq!(count(&pool, &model(&way.after)).await, rows, "no row is lost");
        same(&unnumbered(&pool).await, &new, "as if it were new");
    }
    match migrator.undo(&pool, created).await {
        Ok(()) => same(&exact(&pool).await, &start, "all the way down"),
        // What was dropped without a value cannot come back.
        Err(error) => assert!(way.is_free && error.to_string().contains("which the version before requires"), "{error}"),
    }
    if way.is_free {
        fleet(way, generated, &new).await;
    }
}

/// Binaries of both versions write while both are served; then only the newer ones are left.
async fn fleet(way: &Way, generated: &Generated, new: &[String]) {
    let database = Database::create().await.unwrap();
    let pool = database.pool().await.unwrap();
    run(&pool, &way.first).await;
    let (before, after) = (model(&way.before), model(&way.after));
    let migrator = Migrator::new(generated.at.migrations()).await.unwrap();
    to(&migrator, &pool, highest(&generated.created)).await;
    seed(&pool, &before, 0).await;
    to(&migrator, &pool, highest(&generated.expanded).max(1001)).await;
    seed(&pool, &before, 100).await;
    seed(&pool, &after, 200).await;
    run(&pool, &way.between).await;
    migrator.run(&pool).await.unwrap();
    same(&unnumbered(&pool).await, new, "after both have written");
    seed(&pool, &after, 300).await;
    assert_eq!(misplaced_jobs(&pool, &after).await, Vec::<String>::new());
}

/// Each file is taken back and applied again before the next one: whoever stops half-way can go both ways.
async fn step_by_step(migrator: &Migrator, pool: &PgPool, phase: i64) {
    let applied: Option<i64> = sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations").fetch_one(pool).await.unwrap();
    let mut last = applied.unwrap_or(0);
    let files = migrator.iter().filter(|file| file.migration_type.is_up_migration()).map(|file| file.version);
    for version in files.filter(|version| (last + 1..=phase).contains(version)).collect::<Vec<_>>() {
        to(migrator, pool, version).await;
        let upper = exact(pool).await;
        migrator.undo(pool, last).await.unwrap();
        to(migrator, pool, version).await;
        same(&exact(pool).await, &upper, &format!("{version} once more"));
        last = version;
    }
}

async fn to(migrator: &Migrator, pool: &PgPool, version: i64) {
    if let Err(error) = migrator.run_to(version, pool).await {
        panic!("{error:?}");
    }
}

/// A new database with the declaration after.
async fn fresh(way: &Way) -> Vec<String> {
    let at = Crate::new(&format!("{}-fresh", way.name));
    at.generate(&way.after, Step::Expand, 1000).unwrap();
    let database = Database::create().await.unwrap();
    let pool = database.pool().await.unwrap();
    run(&pool, way.fresh.as_ref().unwrap_or(&way.first)).await;
    Migrator::new(at.migrations()).await.unwrap().run(&pool).await.unwrap();
    unnumbered(&pool).await
}

fn same(found: &[String], expected: &[String], what: &str) {
    let more: Vec<&String> = found.iter().filter(|line| !expected.contains(line)).collect();
    let less: Vec<&String> = expected.iter().filter(|line| !found.contains(line)).collect();
    assert!(more.is_empty() && less.is_empty(), "{what}: too much {more:#?}\ntoo little {less:#?}");
}
