//! A program of which only the snapshot is left: what its runtime would send is written from the model.

use super::binary::{Answer, Binary, Later, Seen};
use super::statements;
use chrono::{DateTime, Utc};
use serde_json::{Map, Value};
use sqlx::postgres::{PgArguments, PgPool, PgRow};
use sqlx::query::Query;
use sqlx::{AssertSqlSafe, Postgres, Row};
use std::collections::HashMap;
use std::time::Duration;
use uuid::Uuid;
use workflow_model::fingerprint::facts;
use workflow_model::names::quoted;
use workflow_model::{Kind, Model, Type};

/// How often a transition is sent, as the runtime does, and how long it waits for a lock.
const ATTEMPTS: u32 = 10;
const LOCK_TIMEOUT: &str = "2000";

pub(crate) struct Interpreted {
    name: String,
    model: Model,
    pool: PgPool,
    /// Prepared once, as in a program that runs.
    alone: HashMap<String, String>,
}

impl Interpreted {
    /// Compares itself with the database, as a runtime does before its first transition.
    pub(crate) async fn start(name: &str, model: Model, pool: PgPool) -> Interpreted {
        let there: Vec<String> =
            sqlx::query_scalar("SELECT jsonb_array_elements_text(model -> 'facts') FROM workflow.models WHERE workflow = $1")
                .bind(&model.name.label)
                .fetch_all(&pool)
                .await
                .expect("the record of the workflow");
        let missing: Vec<String> = facts(&model).into_iter().filter(|fact| !there.contains(fact)).collect();
        assert!(missing.is_empty(), "{name} lacks {missing:?}");
        let events = model.events();
        let alone = events.iter().map(|line| (line.event.label.clone(), statements::alone(&model, &line.event.label))).collect();
        Interpreted { name: name.to_owned(), model, pool, alone }
    }

    /// As the macro's types read it: the state is unknown without what it must have; a common field must be there.
    fn seen(&self, row: &PgRow) -> Result<(Uuid, Seen), String> {
        let failed = |e: sqlx::Error| format!("{e:?}");
        let is_null = |label: &str| row.try_get_raw(label).map(|value| sqlx::ValueRef::is_null(&value)).map_err(failed);
        for field in self.model.fields.iter().filter(|f| !f.ty.optional) {
            if is_null(&field.name.label)? {
                return Err(format!("{} is NULL", field.name.label));
            }
        }
        let label: String = row.try_get("state").map_err(failed)?;
        let state = self.model.states.iter().find(|s| s.labels().any(|l| l == label));
        let mut known = state.is_some();
        for field in state.iter().flat_map(|s| &s.fields).filter(|f| !f.ty.optional) {
            known &= !is_null(&field.name.label)?;
        }
        let id = row.try_get(self.model.fields[0].name.label.as_str()).map_err(failed)?;
        Ok((id, Seen { label, version: row.try_get("version").map_err(failed)?, known }))
    }

    async fn try_fire(&self, id: Uuid, event: &str, payload: &Map<String, Value>) -> Result<Answer, sqlx::Error> {
        let line = self.model.events().into_iter().find(|line| line.event.label == event).expect("an event");
        let query = sqlx::query(AssertSqlSafe(self.alone[event].clone()));
        let mut query = query.bind(id).bind(None::<i64>).bind(&self.name).bind(Uuid::new_v4()).bind(true);
        for parameter in statements::bound(&self.model, line) {
            query = bind(query, &parameter.ty, &payload[&parameter.name]);
        }
        match query.bind(LOCK_TIMEOUT).bind(None::<String>).fetch_optional(&self.pool).await? {
            Some(row) => Ok(self.seen(&row).map_or_else(Answer::Failed, |_| Answer::Moved)),
            None => Ok(match self.load(id).await {
                Ok(Some(seen)) => Answer::Conflict(seen),
                other => Answer::Failed(format!("{other:?}")),
            }),
        }
    }

    /// The instance is where the event starts, and was elsewhere a moment ago.
    fn looks_possible(&self, event: &str, seen: &Seen) -> bool {
        let lines = self.model.transitions.iter().filter(|line| line.event.label == event);
        seen.known && lines.flat_map(|line| self.model.sources(line)).any(|s| s.labels().any(|label| label == seen.label))
    }
}

impl Binary for Interpreted {
    fn name(&self) -> &str {
        &self.name
    }

    fn model(&self) -> &Model {
        &self.model
    }

    fn pool(&self) -> &PgPool {
        &self.pool
    }

    fn create(&self, new: Map<String, Value>) -> Later<'_, Answer> {
        Box::pin(async move {
            let mut query = sqlx::query(AssertSqlSafe(statements::create(&self.model))).bind(&self.name).bind(Uuid::new_v4());
            let initial = self.model.initial().expect("an initial state");
            for field in self.model.fields.iter().chain(&initial.fields) {
                query = bind(query, &field.ty, &new[&field.name.rust]);
            }
            match query.bind(None::<String>).fetch_optional(&self.pool).await {
                Ok(Some(row)) => self.seen(&row).map_or_else(Answer::Failed, |_| Answer::Moved),
                other => Answer::Failed(format!("{:?}", other.map(|row| row.is_some()))),
            }
        })
    }

    fn fire(&self, id: Uuid, event: &str, payload: Map<String, Value>, _: bool) -> Later<'_, Answer> {
        let event = event.to_owned();
        Box::pin(async move {
            let mut pause = Duration::from_millis(5);
            for attempt in 1..=ATTEMPTS {
                match self.try_fire(id, &event, &payload).await {
                    Ok(Answer::Conflict(seen)) if attempt < ATTEMPTS && self.looks_possible(&event, &seen) => {}
                    Ok(answer) => return answer,
                    Err(error) if attempt < ATTEMPTS && matches!(code(&error).as_deref(), Some("55P03" | "40P01" | "40001")) => {}
                    Err(error) if code(&error).as_deref() == Some("WF004") => return Answer::Blocked,
                    Err(error) => return Answer::Failed(format!("{error:?}")),
                }
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            unreachable!("the last attempt returns")
        })
    }

    fn load(&self, id: Uuid) -> Later<'_, Result<Option<Seen>, String>> {
        Box::pin(async move {
            let text = format!("{} WHERE o.{} = $1", statements::find(&self.model), statements::key(&self.model));
            let row = sqlx::query(AssertSqlSafe(text)).bind(id).fetch_optional(&self.pool).await;
            row.map_err(|e| format!("load: {e:?}"))?.map(|row| Ok(self.seen(&row)?.1)).transpose()
        })
    }

    fn find(&self, after: Uuid, limit: u32) -> Later<'_, Result<Vec<(Uuid, Seen)>, String>> {
        Box::pin(async move {
            let key = statements::key(&self.model);
            let text = format!("{} WHERE o.{key} > $1 ORDER BY o.{key} LIMIT $2", statements::find(&self.model));
            let rows = sqlx::query(AssertSqlSafe(text)).bind(after).bind(i64::from(limit)).fetch_all(&self.pool).await;
            rows.map_err(|e| format!("find: {e:?}"))?.iter().map(|row| self.seen(row)).collect()
        })
    }

    fn history(&self, id: Uuid) -> Later<'_, Result<usize, String>> {
        Box::pin(async move {
            let columns: Vec<_> = self.model.columns().into_iter().filter(|c| !c.states.is_empty()).collect();
            let columns: String = columns.iter().map(|c| format!(", r.{}", quoted(&c.field.name.label))).collect();
            let text = statements::history(&self.model).replace(", r.*", &columns);
            let steps = sqlx::query(AssertSqlSafe(text)).bind(id).fetch_all(&self.pool).await;
            Ok(steps.map_err(|e| format!("history: {e:?}"))?.len())
        })
    }

    fn statement(&self, event: &str, _: Map<String, Value>) -> String {
        statements::alone(&self.model, event)
    }
}

fn code(error: &sqlx::Error) -> Option<String> {
    Some(error.as_database_error()?.code()?.into_owned())
}

type Bound<'q> = Query<'q, Postgres, PgArguments>;

fn bind<'q>(query: Bound<'q>, ty: &Type, value: &Value) -> Bound<'q> {
    let text = value.as_str().map(str::to_owned);
    match &ty.kind {
        Kind::Bool => query.bind(value.as_bool()),
        Kind::I16 | Kind::I32 => query.bind(value.as_i64().map(|n| n as i32)),
        Kind::I64 => query.bind(value.as_i64()),
        Kind::Uuid => query.bind(text.map(|text| text.parse::<Uuid>().expect("a uuid"))),
        Kind::Timestamp => query.bind(text.map(|text| text.parse::<DateTime<Utc>>().expect("a time"))),
        Kind::Text => query.bind(text),
        other => panic!("no value for {other:?}"),
    }
}
