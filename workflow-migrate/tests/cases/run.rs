//! One case, from the declaration before to the one after.

use crate::catalogue::{exact, unnumbered};
use crate::expected::{compare, compare_refusal};
use crate::folder::{Case, Crate};
use crate::rows::{count, jobs, model, run, seed};
use sqlx::PgPool;
use sqlx::migrate::Migrator;
use workflow_migrate::Step;
use workflow_testing::Database;

pub(crate) async fn case(case: Case) {
    let (before, after) = (case.text("before.rs"), case.text("after.rs"));
    let mut at = Crate::new(&case.name);
    let created = at.generate(&before, Step::Expand, 1000).unwrap();
    if case.has("removed.txt") {
        at.removed = case.text("removed.txt").lines().map(str::to_owned).collect();
    }
    let expanded = match at.generate(&after, Step::Expand, 2000) {
        Ok(files) => files,
        Err(errors) => {
            let text: Vec<String> = errors.iter().map(|error| error.render(false)).collect();
            let home = at.migrations().parent().unwrap().display().to_string() + "/";
            return compare_refusal(&case, &text.concat().replace(&home, "src/"));
        }
    };
    let contracted = at.generate(&after, Step::Contract, 3000).unwrap();
    compare(&case, "expand", &expanded);
    compare(&case, "contract", &contracted);
    let versions = Versions { created: highest(&created), expanded: highest(&expanded), contracted: highest(&contracted) };
    apply(&case, &at, &versions, &before, &after).await;
}

/// The highest version of each phase, or 0.
struct Versions {
    created: i64,
    expanded: i64,
    contracted: i64,
}

fn highest(files: &[(String, String)]) -> i64 {
    files.iter().filter_map(|(name, _)| name.split_once('_')?.0.parse().ok()).max().unwrap_or(0)
}

async fn apply(case: &Case, at: &Crate, versions: &Versions, before: &str, after: &str) {
    let database = Database::create().await.unwrap();
    let pool = database.pool().await.unwrap();
    run(&pool, &case.text("before.sql")).await;
    let migrator = Migrator::new(at.migrations()).await.unwrap();
    to(&migrator, &pool, versions.created).await;
    seed(&pool, &model(before)).await;
    let (rows, start) = (count(&pool, &model(before)).await, exact(&pool).await);

    let mut stands = versions.created;
    for phase in [versions.expanded, versions.contracted].into_iter().filter(|phase| *phase > 0) {
        if phase == versions.contracted {
            run(&pool, &case.text("between.sql")).await;
        }
        let lower = exact(&pool).await;
        let work = if phase == versions.expanded { jobs(&pool, &model(before)).await } else { Vec::new() };
        to(&migrator, &pool, phase).await;
        let upper = exact(&pool).await;
        migrator.undo(&pool, stands).await.unwrap();
        same(&exact(&pool).await, &lower, "down");
        if phase == versions.expanded {
            same(&jobs(&pool, &model(before)).await, &work, "the work after the way back");
        }
        to(&migrator, &pool, phase).await;
        same(&exact(&pool).await, &upper, "up again");
        stands = phase;
    }
    if at.removed.is_empty() {
        assert_eq!(count(&pool, &model(after)).await, rows, "no row is lost");
        same(&unnumbered(&pool).await, &fresh(case, after).await, "as if it were new");
    }
    migrator.undo(&pool, versions.created).await.unwrap();
    same(&exact(&pool).await, &start, "all the way down");
}

async fn to(migrator: &Migrator, pool: &PgPool, version: i64) {
    if let Err(error) = migrator.run_to(version, pool).await {
        panic!("{error:?}");
    }
}

/// A new database with the declaration after.
async fn fresh(case: &Case, after: &str) -> Vec<String> {
    let at = Crate::new(&format!("{}-fresh", case.name));
    at.generate(after, Step::Expand, 1000).unwrap();
    let database = Database::create().await.unwrap();
    let pool = database.pool().await.unwrap();
    run(&pool, &case.text("before.sql")).await;
    Migrator::new(at.migrations()).await.unwrap().run(&pool).await.unwrap();
    unnumbered(&pool).await
}

fn same(found: &[String], expected: &[String], what: &str) {
    let more: Vec<&String> = found.iter().filter(|line| !expected.contains(line)).collect();
    let less: Vec<&String> = expected.iter().filter(|line| !found.contains(line)).collect();
    assert!(more.is_empty() && less.is_empty(), "{what}: too much {more:#?}\ntoo little {less:#?}");
}
