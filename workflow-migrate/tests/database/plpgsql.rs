//! plpgsql_check over each generated function: it looks into the branches that no test of ours walks through.

use crate::models;
use crate::support::Db;
use workflow_model::Model;

/// A finding that is none: what it says, in which functions, and why it stays.
struct Allowed {
    function: &'static str,
    message: &'static str,
    reason: &'static str,
}

const ALLOWED: &[Allowed] = &[
    Allowed {
        function: "_done(",
        message: "performance: routine is marked as VOLATILE, should be STABLE",
        reason: "it must look with a fresh snapshot when it is asked again after a lock wait",
    },
    Allowed {
        function: "_guards(",
        message: "performance: routine is marked as VOLATILE, should be IMMUTABLE",
        reason: "the conditions are the user's own, and the trigger calls it once a transition",
    },
];

#[tokio::test]
async fn every_generated_function_passes_plpgsql_check() {
    let mut used = vec![false; ALLOWED.len()];
    let mut found = Vec::new();
    for (model, before) in
        [(models::order(), ""), (models::parcel(), crate::parcel::BEFORE), (models::account(), crate::account::BEFORE)]
    {
        for finding in findings(&model, before).await {
            match ALLOWED.iter().position(|allowed| finding.contains(allowed.function) && finding.contains(allowed.message)) {
                Some(n) => used[n] = true,
                None => found.push(finding),
            }
        }
    }
    let unused = ALLOWED.iter().zip(used).filter(|(_, used)| !used);
    let unused: Vec<String> = unused
        .map(|(a, _)| format!("{}: `{}` is allowed and not found any more ({})", a.function, a.message, a.reason))
        .collect();
    assert!(found.is_empty() && unused.is_empty(), "{}\n{}", found.join("\n"), unused.join("\n"));
}

#[tokio::test]
async fn the_check_sees_a_fault_in_a_branch_that_nobody_takes() {
    let db = Db::empty().await;
    install(&db).await;
    db.run("CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS $$ BEGIN IF false THEN RETURN (SELECT x FROM nowhere); END IF; RETURN 1; END $$")
        .await;
    assert!(db.list(CHECK).await.contains(r#"relation "nowhere" does not exist"#));
}

/// Each PL/pgSQL function of the database's own schemas; a trigger's once for each table that it hangs on.
const CHECK: &str = "
SELECT format('%s: %s: %s%s, in line %s %s', p.oid::regprocedure, c.level, c.message, ' (' || c.detail || ')', c.lineno, c.statement)
FROM pg_proc p
JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname IN ('public', 'workflow', 'Sales')
LEFT JOIN (SELECT DISTINCT tgfoid, tgrelid FROM pg_trigger) t ON t.tgfoid = p.oid
CROSS JOIN LATERAL plpgsql_check_function_tb(p.oid, coalesce(t.tgrelid, 0), fatal_errors => false, other_warnings => true,
    performance_warnings => true, extra_warnings => true) c
WHERE NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = p.oid AND d.deptype = 'e')
ORDER BY 1";

async fn findings(model: &Model, before: &str) -> Vec<String> {
    let db = Db::with(model, before).await;
    install(&db).await;
    sqlx::query_scalar(CHECK).fetch_all(&db.pool).await.unwrap()
}

async fn install(db: &Db) {
    let version = db.text("current_setting('server_version_num')::int / 10000").await;
    if let Err(error) = sqlx::raw_sql("CREATE EXTENSION plpgsql_check").execute(&db.pool).await {
        panic!(
            "{error}\nthe extension plpgsql_check is needed: on Debian and Ubuntu, \
             `apt-get install --no-install-recommends postgresql-{version}-plpgsql-check`"
        );
    }
}
