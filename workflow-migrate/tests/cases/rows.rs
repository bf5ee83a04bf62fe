//! Rows in every state of a declaration.

use sqlx::{AssertSqlSafe, PgPool};
use workflow_model::names::{constant, quoted};
use workflow_model::{Field, Kind, Model, StateKind, Trigger};

/// The model that a source declares.
pub(crate) fn model(source: &str) -> Model {
    let found = workflow_syntax::find(source).unwrap().found.remove(0);
    let parsed = workflow_syntax::parse(found.tokens);
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    let model = workflow_syntax::lower(&parsed.workflow.unwrap());
    assert_eq!(workflow_model::check(&model), []);
    model
}

/// Two rows a state: created, and forced to where they shall be. Their keys come after `number`.
pub(crate) async fn seed(pool: &PgPool, model: &Model, mut number: usize) {
    for state in &model.states {
        for _ in 0..2 {
            number += 1;
            run(pool, &insert(model, number)).await;
            if state.kind != StateKind::Initial {
                let key = value(&model.fields[0], number);
                let fields = object(&state.fields, number);
                let force = model.function("force");
                run(pool, &format!("SELECT {force}({key}, {}, {fields}, 'test')", constant(&state.name.label))).await;
            }
        }
    }
}

fn insert(model: &Model, number: usize) -> String {
    let initial = model.initial().unwrap();
    let fields: Vec<&Field> = model.fields.iter().chain(&initial.fields).collect();
    let mut names: Vec<String> = fields.iter().map(|f| quoted(&f.name.label)).collect();
    let mut values: Vec<String> = fields.iter().map(|f| value(f, number)).collect();
    // As the runtime does: the default is the newer model's.
    names.push("state".to_owned());
    values.push(constant(&initial.name.label));
    format!("INSERT INTO {} ({}) VALUES ({})", model.table(), names.join(", "), values.join(", "))
}

fn object(fields: &[Field], number: usize) -> String {
    let pairs: Vec<String> = fields.iter().map(|f| format!("{}, {}", constant(&f.name.label), value(f, number))).collect();
    format!("jsonb_build_object({})", pairs.join(", "))
}

/// Of two rows in a state, one has nothing where it may.
fn value(field: &Field, number: usize) -> String {
    if field.ty.optional && number.is_multiple_of(2) {
        return "NULL".into();
    }
    if let Some(sql) = &field.ty.sql {
        let text = if sql == "point" { format!("({number}, 1)") } else { number.to_string() };
        return format!("'{text}'::{sql}");
    }
    match &field.ty.kind {
        Kind::Bool => "true".into(),
        Kind::I16 | Kind::I32 | Kind::I64 | Kind::F32 | Kind::F64 | Kind::Decimal => number.to_string(),
        Kind::Text => format!("'it''s \\ \"{number}\"'"),
        Kind::Uuid => format!("'00000000-0000-7000-8000-{number:012}'::uuid"),
        Kind::Timestamp => "now() + interval '1 hour'".into(),
        Kind::Date => "current_date".into(),
        Kind::Bytes => format!("decode('{number:04}', 'hex')"),
        Kind::Json => format!("'{number}'::jsonb"),
        Kind::Array(_) => "'{}'".into(),
        Kind::Other => panic!("no value for {}", field.name.label),
    }
}

/// Everything a client may do, and what must not fail.
pub(crate) async fn run(pool: &PgPool, sql: &str) {
    if let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await {
        panic!("{sql}\n{error:?}");
    }
}

/// The rows, by state: how many there are.
pub(crate) async fn count(pool: &PgPool, model: &Model) -> i64 {
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT count(*) FROM {}", model.table()))).fetch_one(pool).await.unwrap()
}

/// Jobs that stand as long as their state and are not there, or are there and should not be.
pub(crate) async fn misplaced_jobs(pool: &PgPool, model: &Model) -> Vec<String> {
    let model = model.canonical();
    let key = quoted(&model.fields[0].name.label);
    let mut asked: Vec<String> = Vec::new();
    for line in &model.transitions {
        let (kind, job, has_time) = match line.triggers.first() {
            Some(Trigger::After(_)) => ("timer", &line.event.label, "true".to_owned()),
            Some(Trigger::At(field)) => ("timer", &line.event.label, format!("o.{} IS NOT NULL", quoted(field))),
            Some(Trigger::By(activity)) => ("activity", activity, "true".to_owned()),
            Some(Trigger::Joined { .. }) => ("join", &line.event.label, "true".to_owned()),
            Some(Trigger::Exhausted { .. }) | None => continue,
        };
        for source in &line.sources {
            asked.push(format!(
                "SELECT o.{key} AS id, {}, {} FROM {} o WHERE o.state = {} AND {has_time}",
                constant(kind),
                constant(job),
                model.table(),
                constant(source)
            ));
        }
    }
    let none = format!("SELECT o.{key}, '', '' FROM {} o WHERE false", model.table());
    let wanted = if asked.is_empty() { none } else { asked.join(" UNION ") };
    // What tells a parent is there until it has been told.
    let parent = model.parent.as_ref().map(|parent| parent.label()).unwrap_or_default();
    let found = format!(
        "SELECT j.id, j.kind, j.job FROM {} j WHERE j.kind <> 'task' AND (j.kind, j.job) <> ('join', {})",
        model.jobs(),
        constant(&parent)
    );
    let all = format!(
        "SELECT 'missing ' || w::text FROM ({wanted} EXCEPT {found}) w UNION ALL SELECT 'stale ' || w::text FROM ({found} EXCEPT ({wanted})) w"
    );
    sqlx::query_scalar(AssertSqlSafe(all)).fetch_all(pool).await.unwrap()
}

/// The work that waits, without its times.
pub(crate) async fn jobs(pool: &PgPool, model: &Model) -> Vec<String> {
    let jobs = format!("SELECT concat_ws(' ', id, kind, job) FROM {} ORDER BY 1", model.jobs());
    sqlx::query_scalar(AssertSqlSafe(jobs)).fetch_all(pool).await.unwrap()
}
