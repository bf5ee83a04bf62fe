//! Two hundred states and a thousand transitions.

use sqlx::{AssertSqlSafe, PgConnection};
use std::fmt::Write;
use workflow_migrate::first_migration;
use workflow_testing::Database;

const STATES: usize = 200;
const EVENTS: usize = 5;

/// From each state five events lead on, to states that are pseudo-randomly chosen; the last one is final.
fn declaration() -> String {
    let mut text = "workflow! {\n    pub workflow Large in larges {\n        id: i64,\n\n        states {\n".to_owned();
    for state in 0..STATES {
        let kind = if state == 0 {
            "initial "
        } else if state == STATES - 1 {
            "final "
        } else {
            ""
        };
        writeln!(text, "            {kind}S{state},").unwrap();
    }
    text += "        }\n\n        transitions {\n";
    for state in 0..STATES - 1 {
        writeln!(text, "            go_0: S{state} -> S{},", state + 1).unwrap();
        for event in 1..EVENTS {
            writeln!(text, "            go_{event}: S{state} -> S{},", target(state, event)).unwrap();
        }
    }
    text + "        }\n    }\n}\n"
}

fn target(state: usize, event: usize) -> usize {
    (state * 31 + event * 67 + 13) % STATES
}

async fn one(connection: &mut PgConnection, sql: String) -> Result<String, sqlx::Error> {
    sqlx::query_scalar(AssertSqlSafe(format!("SELECT ({sql})::text"))).fetch_one(connection).await
}

/// A walk of a thousand steps, each to where the declaration says; beside each, one that it does not have.
#[tokio::test]
async fn two_hundred_states_and_a_thousand_transitions_are_guarded() {
    let source = declaration();
    if let Ok(file) = std::env::var("PRINT_LARGE") {
        std::fs::write(file, &source).unwrap();
    }
    let model = workflow_tests::models(&source).remove(0);
    assert_eq!((model.states.len(), model.edges().len()), (STATES, (STATES - 1) * EVENTS));
    let db = Database::create().await.unwrap();
    let mut connection = db.connect().await.unwrap();
    let migration = first_migration(&model);
    for sql in [&migration.shared, &migration.up] {
        sqlx::raw_sql(AssertSqlSafe(sql.as_str())).execute(&mut connection).await.unwrap();
    }
    sqlx::raw_sql("INSERT INTO larges (id) VALUES (1)").execute(&mut connection).await.unwrap();
    let (mut stands, mut chance) = (0, 7_usize);
    for _ in 0..1_000 {
        chance = (chance * 1_103_515_245 + 12_345) % (1 << 31);
        let event = (chance >> 16) % EVENTS;
        let next = if event == 0 { stands + 1 } else { target(stands, event) };
        if next == STATES - 1 {
            continue;
        }
        let wrong = (0..STATES).find(|state| (0..EVENTS).all(|e| *state != if e == 0 { stands + 1 } else { target(stands, e) }));
        let forged = format!(
            "UPDATE larges SET state = 's{}', event = 'go_{event}', version = version + 1, entered_at = now() WHERE id = 1",
            wrong.unwrap()
        );
        let refused = sqlx::raw_sql(AssertSqlSafe(forged)).execute(&mut connection).await.unwrap_err();
        assert_eq!(refused.as_database_error().unwrap().code().unwrap(), "WF001");
        assert_eq!(one(&mut connection, format!("(larges_go_{event}(1)).state")).await.unwrap(), format!("s{next}"));
        stands = next;
    }
    let asked = "SELECT count(*) = max(version) AND count(*) > 900 FROM larges_history WHERE id = 1";
    assert_eq!(one(&mut connection, asked.into()).await.unwrap(), "true");
}
