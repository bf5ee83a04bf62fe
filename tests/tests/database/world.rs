//! Two workflows in one database, with an instance in every state, and those who come to harm them.

use crate::truth;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use workflow_migrate::first_migration;
use workflow_model::names::{constant, quoted};
use workflow_model::{Field, Model, State, StateKind};
use workflow_testing::Database;

/// Names that need quotes wherever one can stand, timers, guards, effects in SQL, a type without equality.
pub(crate) const CLAIM: &str = r#"
workflow! {
    #[label = "Claim.v-1"]
    pub workflow Claim in claims {
        #[label = "Claim-No"]
        number: i64,
        #[label = "order"]
        sku: String,
        parts: i32,
        due: Option<DateTime<Utc>>,

        states {
            #[label = "Open.1"]
            initial Open { note: Option<String> },
            #[label = "user"]
            Sealed { #[label = "select"] slip: String, weight: f64, #[sql = "point"] place: Point },
            final Closed { why: String },
        }

        transitions {
            seal(slip: String, weight: f64, place: Point): Open -> Sealed
                with sql "INSERT INTO ledger VALUES (NEW.\"Claim-No\", $$it's; {table} $body$ x$$); UPDATE stock SET on_hand = on_hand - NEW.parts WHERE sku = NEW.\"order\""
                then tell
                if sql "parts > 0",
            #[label = "table"]
            count(parts: i32): Open | Sealed,
            plan(due: Option<DateTime<Utc>>): Open | Sealed,
            remind: Open | Sealed at due,
            wake: Sealed -> Open { note: None },
            reopen: Sealed -> Open { note: None } with sql maybe "DELETE FROM ledger WHERE code = -1",
            close(why: String): Open -> Closed,
            lose: Sealed -> Closed { why: "it's \\ $$lost$$ {table}" } with mourn,
        }
    }
}
"#;

const TABLES: &str = r#"
CREATE SCHEMA "Sales ü";
CREATE TABLE "Sales ü".stock (sku text PRIMARY KEY, on_hand integer NOT NULL CHECK (on_hand >= 0));
CREATE TABLE "Sales ü".ledger (code bigint, what text);
CREATE TABLE notifications (order_id uuid PRIMARY KEY, message text NOT NULL);
INSERT INTO "Sales ü".stock VALUES ('a', 10);
"#;

/// Roles belong to the server, which other tests use at the same time: those of this process wait for each other.
static MAKING_ROLES: tokio::sync::Mutex<()> = tokio::sync::Mutex::const_new(());

const ROLES: &str = "DO $$
DECLARE name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['hostile_owner', 'hostile_app', 'hostile_worker', 'hostile_operator'] LOOP
        BEGIN
            EXECUTE 'CREATE ROLE ' || name || ' LOGIN';
        EXCEPTION WHEN duplicate_object OR unique_violation THEN
            NULL;
        END;
    END LOOP;
    GRANT workflow_app TO hostile_app;
    GRANT workflow_worker TO hostile_worker;
    GRANT workflow_operator TO hostile_operator;
    EXECUTE format('GRANT CREATE ON DATABASE %I TO hostile_owner', current_database());
END $$;
GRANT ALL ON SCHEMA public TO hostile_owner;";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Who {
    Superuser,
    Owner,
    App,
    Worker,
    Operator,
}

pub(crate) const BOTH: [Who; 2] = [Who::Owner, Who::App];

pub(crate) struct World {
    pub(crate) db: Database,
    pub(crate) order: Model,
    pub(crate) claim: Model,
}

/// The claim's workflow, in a schema and a table that no declaration could name.
pub(crate) fn claim() -> Model {
    let mut claim = workflow_tests::models(CLAIM).remove(0);
    claim.table.schema = Some("Sales ü".to_owned());
    claim.table.name = "user \"claims\"".to_owned();
    claim
}

impl World {
    /// An instance of each workflow in each state.
    pub(crate) async fn new() -> World {
        let order = workflow_tests::models(workflow_tests::ORDER).remove(0);
        let world = World { db: Database::create().await.expect("a database"), order, claim: claim() };
        // Group roles are made by whoever may; the owner of the tables need not.
        let making = MAKING_ROLES.lock().await;
        world.must(Who::Superuser, &first_migration(&world.order).shared).await;
        world.must(Who::Superuser, "DROP SCHEMA workflow CASCADE").await;
        world.must(Who::Superuser, ROLES).await;
        drop(making);
        world.must(Who::Owner, TABLES).await;
        for model in [&world.order, &world.claim] {
            let migration = first_migration(model);
            world.must(Who::Owner, &migration.shared).await;
            world.must(Who::Owner, &migration.up).await;
            for (n, state) in model.states.iter().enumerate() {
                world.must(Who::Owner, &insert(model, n)).await;
                if state.kind != StateKind::Initial {
                    world.must(Who::Owner, &force(model, n, state)).await;
                }
            }
        }
        world.holds("at the start").await;
        world
    }

    pub(crate) async fn connect(&self, who: Who) -> PgConnection {
        let url = match who {
            Who::Superuser => self.db.url().to_owned(),
            Who::Owner => self.db.url_as("hostile_owner"),
            Who::App => self.db.url_as("hostile_app"),
            Who::Worker => self.db.url_as("hostile_worker"),
            Who::Operator => self.db.url_as("hostile_operator"),
        };
        PgConnection::connect(&url).await.expect("a connection")
    }

    /// Statements in a session of their own: nothing, or the code with which they are refused.
    pub(crate) async fn code(&self, who: Who, sql: &str) -> String {
        let mut connection = self.connect(who).await;
        let result = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await;
        connection.close().await.expect("a live connection");
        match result {
            Ok(_) => String::new(),
            Err(error) => {
                error.as_database_error().and_then(|e| e.code()).unwrap_or_else(|| panic!("{sql}: {error}")).into_owned()
            }
        }
    }

    /// The same, when it must succeed.
    pub(crate) async fn must(&self, who: Who, sql: &str) {
        let mut connection = self.connect(who).await;
        if let Err(error) = sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await {
            panic!("{who:?}: {error:?}\n{sql}");
        }
        connection.close().await.expect("a live connection");
    }

    /// An attack that must end with this code, and leave nothing.
    pub(crate) async fn refused(&self, who: Who, code: &str, sql: &str) {
        let before = self.dump().await;
        assert_eq!(self.code(who, sql).await, code, "{who:?}: {sql}");
        assert_eq!(before, self.dump().await, "{who:?}: {sql}");
    }

    /// As the superuser sees it.
    pub(crate) async fn text(&self, sql: &str) -> String {
        let mut connection = self.connect(Who::Superuser).await;
        let sql = format!("SELECT coalesce((SELECT ({sql})::text), 'NULL')");
        sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(&mut connection).await.expect("a text")
    }

    /// History replayed, rows and jobs compared.
    pub(crate) async fn holds(&self, after: &str) {
        let mut connection = self.connect(Who::Superuser).await;
        for model in [&self.order, &self.claim] {
            assert_eq!(truth::faults(&mut connection, model).await, Vec::<String>::new(), "after {after}");
        }
    }

    /// Everything that an attack could change, in one text.
    pub(crate) async fn dump(&self) -> String {
        let tables = [&self.order, &self.claim].map(|m| [m.table(), m.history(), m.jobs()]).concat();
        let tables = tables
            .iter()
            .map(|t| format!("(SELECT coalesce(jsonb_agg(to_jsonb(t) ORDER BY to_jsonb(t)::text), '[]') FROM {t} t)"));
        self.text(&format!(
            "{} || (SELECT jsonb_agg(to_jsonb(e)) FROM workflow.edges e)",
            tables.collect::<Vec<_>>().join(" || ")
        ))
        .await
    }
}

/// The key of the n-th instance, as SQL.
pub(crate) fn key(model: &Model, n: usize) -> String {
    match model.key().and_then(|k| k.ty.sql()).as_deref() {
        Some("uuid") => format!("'00000000-0000-0000-0000-{n:012}'::uuid"),
        Some("text") => format!("'key {n}'"),
        _ => n.to_string(),
    }
}

pub(crate) fn key_column(model: &Model) -> String {
    quoted(&model.key().expect("a key").name.label)
}

/// A value of the field, as SQL.
fn sample(field: &Field) -> &'static str {
    match field.ty.sql().as_deref() {
        Some("uuid") => "gen_random_uuid()",
        Some("integer" | "bigint") => "2",
        Some("double precision") => "123456.78901234",
        Some("point") => "point(1.23456789012, 2)",
        Some("timestamptz") => "now()",
        _ => "'a'",
    }
}

pub(crate) fn insert(model: &Model, n: usize) -> String {
    insert_with(model, n, &[])
}

/// A new instance with columns that a client should leave to their defaults.
pub(crate) fn insert_with(model: &Model, n: usize, more: &[(&str, &str)]) -> String {
    let given = model.fields.iter().skip(1).chain(&model.initial().expect("one").fields).filter(|f| !f.ty.optional);
    let given = given.map(|f| (quoted(&f.name.label), sample(f)));
    let more = more.iter().map(|(column, value)| ((*column).to_owned(), *value));
    let (columns, values): (Vec<_>, Vec<_>) = given.chain(more).unzip();
    let (table, key_column) = (model.table(), key_column(model));
    format!("INSERT INTO {table} ({key_column}, {}) VALUES ({}, {})", columns.join(", "), key(model, n), values.join(", "))
}

pub(crate) fn force(model: &Model, n: usize, state: &State) -> String {
    let pairs: Vec<_> = state.fields.iter().map(|f| format!("{}, {}", constant(&f.name.label), sample(f))).collect();
    format!(
        "SELECT {}({}, {}, jsonb_build_object({}), 'set up')",
        model.function("force"),
        key(model, n),
        constant(&state.name.label),
        pairs.join(", ")
    )
}

/// How a client without the runtime writes a step: everything right for the target, whether or not there is such a step.
pub(crate) fn step(model: &Model, n: usize, event: &str, to: &State, rest: &str) -> String {
    let from = &model.states[n];
    let internal = crate::truth::line(model, event, &from.name.label).is_some_and(|l| l.is_internal());
    let entered = if internal { "entered_at" } else { "now()" };
    let fields = model.columns().into_iter().filter(|c| !c.states.is_empty()).map(|c| {
        let (name, has) = (quoted(&c.field.name.label), to.fields.iter().any(|f| f.name.label == c.field.name.label));
        let kept = from.name.label == to.name.label;
        format!(
            ", {name} = {}",
            if kept {
                &name
            } else if has {
                sample(c.field)
            } else {
                "NULL"
            }
        )
    });
    format!(
        "UPDATE {} SET state = {}, event = {}, version = version + 1, entered_at = {entered}{}{rest} WHERE {} = {}",
        model.table(),
        constant(&to.name.label),
        constant(event),
        fields.collect::<String>(),
        key_column(model),
        key(model, n)
    )
}

/// The runtime's mark.
pub(crate) const MARKED: &str = ", actor = 'ann', key = '10000000-0000-0000-0000-000000000001', keyed = version + 1";

pub(crate) fn state<'m>(model: &'m Model, rust: &str) -> &'m State {
    model.state(rust).expect("a state")
}
