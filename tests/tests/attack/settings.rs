//! What a client may set for its session: a step means the same, and is recorded the same.

use crate::door::{door, house, read, run, text};
use sqlx::{Connection, PgConnection, Row};
use workflow_migrate::first_migration;

/// One keeps a client from writing, the other ends its session at the first error.
const SHUT: [&str; 2] = ["default_transaction_read_only", "exit_on_error"];

/// What is left of the transition: the row, its history, and what the effect wrote.
const LEFT: &str = "SELECT to_jsonb(d) - 'entered_at' || (SELECT jsonb_agg(to_jsonb(h) - 'at') FROM public.doors_history h) \
                    || (SELECT jsonb_agg(what) FROM public.witness)::jsonb FROM public.doors d";

async fn opened(connection: &mut PgConnection, setting: &str, value: &str) -> Result<String, String> {
    run(connection, &format!("BEGIN; SELECT set_config('{setting}', '{value}', false)"))
        .await
        .map_err(|error| error.to_string())?;
    let made = "INSERT INTO public.doors (id, share) VALUES (1, 123456.78901234); SELECT public.doors_open(1)";
    let done = run(connection, made).await.map_err(|error| error.to_string());
    let blocked = match &done {
        Ok(()) => run(connection, "SAVEPOINT s; UPDATE public.doors SET state = 'shut', version = version + 1").await.is_err(),
        Err(_) => true,
    };
    run(connection, &format!("ROLLBACK TO s; RESET {setting}")).await.ok();
    let left = text_or(connection, done).await;
    run(connection, "ROLLBACK").await.unwrap();
    if blocked { left } else { Err("an illegal step passed".to_owned()) }
}

async fn text_or(connection: &mut PgConnection, done: Result<(), String>) -> Result<String, String> {
    done?;
    Ok(text(connection, LEFT).await)
}

#[tokio::test]
async fn no_setting_of_a_client_changes_what_a_step_does() {
    let (db, mut connection) = house().await;
    // A backslash means another thing where strings do not conform to the standard.
    let model = read(&door(&[
        ("FIELD", "share: f64,"),
        ("EFFECT", r#"with sql "INSERT INTO witness VALUES ('C:\\'), ('$$ it''s')""#),
        ("GUARD", r#"if sql "coalesce(note, 'C:\\') = 'C:\\' AND share > 0""#),
    ]));
    run(&mut connection, &first_migration(&model.unwrap()).up).await.unwrap();
    let usual = opened(&mut connection, "application_name", "usual").await.unwrap();
    assert!(usual.contains("123456.78901234") && usual.contains(r"C:\\"), "{usual}");
    let mut differing = Vec::new();
    for (setting, value) in settings(&mut connection).await {
        // What a session has parsed once means what it meant then.
        let mut session = db.connect().await.unwrap();
        let opened = opened(&mut session, &setting, &value).await;
        session.close().await.unwrap();
        match opened {
            Ok(left) if left == usual => {}
            other => differing.push(format!("{setting} = {value}: {other:?}")),
        }
    }
    assert!(differing.is_empty(), "{}", differing.join("\n"));
}

/// Every setting that anybody may change, with each of its values, or the least and the greatest.
async fn settings(connection: &mut PgConnection) -> Vec<(String, String)> {
    let sql = "SELECT name, v FROM pg_settings, unnest(CASE vartype WHEN 'bool' THEN '{on,off}' WHEN 'enum' THEN enumvals \
               ELSE '{}' END || CASE name WHEN 'extra_float_digits' THEN '{-15,3}' WHEN 'DateStyle' THEN '{\"SQL, DMY\"}' \
               WHEN 'TimeZone' THEN '{Asia/Kathmandu}' WHEN 'search_path' THEN '{\"pg_temp, public\",\"\"}'::text[] ELSE '{}' END) v \
               WHERE context = 'user' AND name NOT LIKE 'transaction%' ORDER BY 1, 2";
    let rows = sqlx::query(sql).fetch_all(connection).await.unwrap();
    let all = rows.iter().map(|row| (row.get::<String, _>("name"), row.get::<String, _>("v")));
    all.filter(|(name, _)| !SHUT.contains(&name.as_str())).collect()
}
