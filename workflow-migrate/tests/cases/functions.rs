//! Every generated function, as `plpgsql_check` sees it: also branches that no row of a test comes through.

use sqlx::PgPool;

/// A finding that is none: what it says, in which functions, and why it stays.
const ALLOWED: &[(&str, &str, &str)] = &[
    (
        "_done(",
        "performance: routine is marked as VOLATILE, should be STABLE",
        "it must look with a fresh snapshot when it is asked again after a lock wait",
    ),
    (
        "_guards(",
        "performance: routine is marked as VOLATILE, should be",
        "the conditions are the user's own, and the trigger calls it once a transition",
    ),
    (
        "_effects(",
        "warning extra: unused parameter",
        "it has both rows for the user's statements, whether they look at them or not",
    ),
    (
        "_guards(",
        "warning extra: unused parameter",
        "it has both rows for the user's conditions, whether they look at them or not",
    ),
    ("_effects(", "performance: routine is marked as VOLATILE, should be", "the statements are the user's own"),
    ("", "is reserved keyword", "a parameter is called like its column, and written in quotes wherever it stands"),
];

/// Each PL/pgSQL function of the database's own schemas; a trigger's once for each table that it hangs on.
const CHECK: &str = "
SELECT format('%s: %s: %s%s, in line %s %s', f.function, c.level, c.message, ' (' || c.detail || ')', c.lineno, c.statement)
FROM (SELECT p.oid::regprocedure AS function, coalesce(t.tgrelid, 0) AS relation
      FROM pg_proc p
      JOIN pg_language l ON l.oid = p.prolang AND l.lanname = 'plpgsql'
      JOIN pg_namespace n ON n.oid = p.pronamespace AND n.nspname !~ '^pg_' AND n.nspname NOT IN ('information_schema', 'checks')
      LEFT JOIN (SELECT DISTINCT tgfoid, tgrelid FROM pg_trigger) t ON t.tgfoid = p.oid
      WHERE p.prorettype <> 'trigger'::regtype OR t.tgfoid IS NOT NULL
      OFFSET 0) f
CROSS JOIN LATERAL checks.plpgsql_check_function_tb(f.function, f.relation, fatal_errors => false, other_warnings => true,
    performance_warnings => true, extra_warnings => true) c
ORDER BY 1";

/// Makes the check possible. It has a schema of its own, which the catalogue does not tell of.
pub(crate) async fn install(pool: &PgPool) {
    if let Err(error) = sqlx::raw_sql("CREATE SCHEMA checks; CREATE EXTENSION plpgsql_check SCHEMA checks").execute(pool).await {
        panic!(
            "{error}\nthe extension plpgsql_check is needed: on Debian and Ubuntu, postgresql-15-plpgsql-check for PostgreSQL 15"
        );
    }
}

/// What is wrong with a function.
pub(crate) async fn sound(pool: &PgPool, when: &str) {
    let findings: Vec<String> = sqlx::query_scalar(CHECK).fetch_all(pool).await.unwrap();
    let allowed =
        |finding: &String| ALLOWED.iter().any(|(function, said, _)| finding.contains(function) && finding.contains(said));
    let found: Vec<String> = findings.into_iter().filter(|finding| !allowed(finding)).collect();
    assert!(found.is_empty(), "{when}: {found:#?}");
}
