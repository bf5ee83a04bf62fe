//! While a new version is rolled out, a binary meets rows that an older or a newer one has written.

use self::ticket::{Active, Closed, Label, OnHold, Open, State, Waiting, event};
use sqlx::PgConnection;
use sqlx::postgres::PgPool;
use uuid::Uuid;
use workflow_runtime::{BoxError, Created, Error, Runtime, Step};
use workflow_testing::Database;

workflow_tests::declared! {
    /// A call for help.
    pub workflow Ticket in tickets {
        id: Uuid,

        states {
            initial Open,
            #[renamed_from = "hold"]
            OnHold,
            Waiting { whom: String, note: Option<String> },
            final Closed,
        }

        groups {
            Active = Open | OnHold | Waiting,
        }

        transitions {
            hold: Open -> OnHold,
            look: OnHold,
            resume: OnHold -> Open,
            wait(whom: String, note: Option<String>): Open -> Waiting,
            remember(note: Option<String>): Waiting,
            answer: Waiting -> Open,
            close: Active -> Closed with tell,
        }
    }
}

/// Whoever is told that a ticket was closed.
#[derive(Debug)]
pub struct Desk;

impl ticket::Effects for Desk {
    type Error = BoxError;

    async fn tell(&self, _: &mut PgConnection, before: &Active, _: &Ticket<Closed>, _: &event::Close) -> Result<(), BoxError> {
        Err(format!("told: {before:?}").into())
    }
}

struct World {
    db: Database,
    pool: PgPool,
    desk: Runtime<Desk>,
}

impl World {
    async fn new() -> World {
        let db = workflow_tests::database(SOURCE, "").await;
        let pool = db.pool_with(2).await.unwrap();
        World { desk: Runtime::new(pool.clone(), Desk), db, pool }
    }

    async fn open(&self) -> Uuid {
        let id = Uuid::new_v4();
        assert!(matches!(self.desk.create(ticket::New { id }).await, Ok(Created::New(_))));
        id
    }

    /// The schema of another version, as far as it matters here: neither our checks nor our triggers.
    async fn other_version_says(&self, sql: &'static str) {
        sqlx::raw_sql(
            "DO $$ DECLARE c name; BEGIN
                 FOR c IN SELECT conname FROM pg_constraint WHERE conrelid = 'tickets'::regclass AND contype = 'c' LOOP
                     EXECUTE format('ALTER TABLE tickets DROP CONSTRAINT %I', c);
                 END LOOP;
             END $$;
             ALTER TABLE tickets DISABLE TRIGGER USER; ALTER TABLE tickets_history DISABLE TRIGGER USER;",
        )
        .execute(&self.pool)
        .await
        .unwrap();
        sqlx::raw_sql(sql).execute(&self.pool).await.unwrap();
    }

    async fn load(&self, id: Uuid) -> Ticket {
        Ticket::load(&self.pool, id).await.unwrap().unwrap()
    }

    /// As it stands in the table.
    async fn state(&self, id: Uuid) -> String {
        sqlx::query_scalar("SELECT state FROM tickets WHERE id = $1").bind(id).fetch_one(&self.pool).await.unwrap()
    }
}

#[tokio::test]
async fn a_row_with_a_former_label_is_in_the_renamed_state_and_goes_on_from_there() {
    let world = World::new().await;
    let id = world.open().await;
    world.other_version_says("UPDATE tickets SET state = 'hold'").await;

    assert_eq!(world.load(id).await.state, State::OnHold(OnHold));
    let found = Ticket::find(&world.pool).in_state::<OnHold>().all().await.unwrap();
    assert_eq!(found.iter().map(|ticket| ticket.id).collect::<Vec<_>>(), [id]);
    assert_eq!(Ticket::find(&world.pool).in_state::<Active>().all().await.unwrap().len(), 1);
    assert_eq!(found[0].possible_now(&world.pool).await.unwrap(), ["look", "resume", "close"]);

    let stayed = world.desk.fire(id, event::Look).await.unwrap();
    assert_eq!(stayed.state, OnHold);
    let told = world.desk.fire(id, event::Close).await.unwrap_err();
    assert!(matches!(&told, Error::Rejected { source, .. } if source.to_string().contains("OnHold")), "{told:?}");
    let _ = world.desk.fire(id, event::Resume).await.unwrap();
    let _ = world.desk.fire(id, event::Hold).await.unwrap();
    assert_eq!(world.state(id).await, "on_hold");
}

#[test]
fn a_former_label_is_read_and_never_written() {
    assert_eq!("hold".parse(), Ok(Label::OnHold));
    assert_eq!(serde_json::from_str::<Label>("\"hold\"").unwrap(), Label::OnHold);
    assert_eq!(serde_json::from_str::<State>(r#"{"hold": null}"#).unwrap(), State::OnHold(OnHold));
    assert_eq!((Label::OnHold.as_str(), serde_json::to_string(&Label::OnHold).unwrap().as_str()), ("on_hold", "\"on_hold\""));
}

#[tokio::test]
async fn creation_starts_where_this_binary_says_whatever_the_newest_default_is() {
    let world = World::new().await;
    world.other_version_says("ALTER TABLE tickets ALTER state SET DEFAULT 'draft'").await;
    let id = world.open().await;
    assert_eq!(world.load(id).await.state, State::Open(Open));
}

#[tokio::test]
async fn a_row_that_lacks_a_field_of_its_state_is_unknown_and_is_left_alone() {
    let world = World::new().await;
    let id = world.open().await;
    let waiting = world.desk.fire(id, event::Wait { whom: "ann".into(), note: None }).await.unwrap();
    world.other_version_says("UPDATE tickets SET whom = NULL; UPDATE tickets_history SET data = data - 'whom'").await;

    let unknown = State::Unknown("waiting".to_owned());
    let loaded = world.load(id).await;
    assert_eq!((&loaded.state, loaded.version()), (&unknown, 2));
    assert!(loaded.possible().is_empty() && loaded.possible_now(&world.pool).await.unwrap().is_empty());
    assert_eq!(Ticket::find(&world.pool).all().await.unwrap(), std::slice::from_ref(&loaded));
    assert_eq!(Ticket::find(&world.pool).in_state::<Waiting>().all().await.unwrap(), []);
    let steps: Vec<Step<Ticket>> = loaded.history(&world.pool).await.unwrap();
    assert_eq!(steps[0].state, Ok(State::Open(Open)));
    assert_eq!(steps[1].state.as_ref().unwrap_err().label, "waiting");

    let mut tx = world.desk.begin().await.unwrap();
    assert_conflict(tx.lock::<Ticket<Waiting>>(id).await.unwrap_err(), &unknown);
    assert_conflict(waiting.answer(&mut tx).await.unwrap_err(), &unknown);
    tx.rollback().await.unwrap();
    assert_conflict(world.desk.fire(id, event::Answer).await.unwrap_err(), &unknown);
    assert_conflict(world.desk.fire(id, event::Remember { note: None }).await.unwrap_err(), &unknown);
    // Its effect is not passed over: nothing is moved.
    assert_conflict(world.desk.fire(id, event::Close).await.unwrap_err(), &unknown);
    assert!(matches!(world.desk.create(ticket::New { id }).await, Ok(Created::Existing(there)) if there.state == unknown));
    assert_eq!(world.load(id).await.version(), 2);
}

fn assert_conflict(error: Error<Ticket>, state: &State) {
    assert!(matches!(&error, Error::Conflict { actual, stale: false, .. } if actual.state == *state), "{error:?}");
}

#[tokio::test]
async fn a_field_that_may_be_missing_is_none_and_one_of_another_type_is_an_error() {
    let world = World::new().await;
    let id = world.open().await;
    let _ = world.desk.fire(id, event::Wait { whom: "ann".into(), note: Some("later".into()) }).await.unwrap();
    world.other_version_says("UPDATE tickets SET note = NULL").await;
    assert_eq!(world.load(id).await.state, State::Waiting(Waiting { whom: "ann".into(), note: None }));

    world.other_version_says("ALTER TABLE tickets ALTER whom TYPE integer USING 7").await;
    // On a connection that has prepared nothing: on another, PostgreSQL itself may refuse the statement that it knows.
    let error = Ticket::load(&world.db.pool().await.unwrap(), id).await.unwrap_err();
    assert!(matches!(error, sqlx::Error::ColumnDecode { .. }), "{error:?}");
}
