//! Texts that try to leave the place where the declaration puts them: refused by a rule, or kept to the letter.

use crate::door::{door, house, read, run, text};
use crate::rounds;
use proptest::collection::vec;
use proptest::sample::select;
use proptest::strategy::Strategy;
use proptest::test_runner::{Config, RngAlgorithm, TestCaseError, TestRng, TestRunner};
use sqlx::PgConnection;
use workflow_migrate::first_migration;
use workflow_model::names::constant;

const TEXTS: [&str; 20] = [
    "'; DROP TABLE witness; --",
    "\"; DROP TABLE witness; --",
    "$$; DROP TABLE witness; --",
    "$body$; DROP TABLE witness; --",
    "$body$ $body1$ $$ $body2$",
    "$",
    "x$body",
    "\\",
    "\\'; DROP TABLE witness; --",
    "E'\\''",
    "*/ DROP TABLE witness; /*",
    "-- \r DROP TABLE witness;",
    "END IF; DELETE FROM witness; IF true THEN",
    "{table} {body} {guards}",
    "%s %I %L %1$s %",
    ":a :'a' \\g",
    "\u{202e}\u{0}\u{1}",
    "\u{feff}\u{2028}é$$",
    "placed>open>gone",
    "",
];

/// A literal's text and a default's are data, in the function, in the column, in history and in the texts of errors.
#[tokio::test]
async fn a_text_is_kept_to_the_letter_or_refused() {
    let (_db, mut connection) = house().await;
    for hostile in TEXTS {
        let rust = format!("{hostile:?}");
        let field = format!("#[default = {rust}] sku: String,");
        let declared = read(&door(&[("REASON", &rust), ("FIELD", &field), ("A door.", hostile)]));
        let Ok(model) = declared else {
            let faults = declared.unwrap_err();
            assert!(hostile.contains('\0') && faults.iter().all(|fault| fault.contains("NUL")), "{hostile:?}: {faults:?}");
            continue;
        };
        run(&mut connection, "BEGIN").await.unwrap();
        run(&mut connection, &first_migration(&model).up).await.unwrap_or_else(|error| panic!("{hostile:?}: {error}"));
        let made = format!("INSERT INTO doors (id, sku, note) VALUES (1, {0}, {0}); SELECT doors_open(1)", constant(hostile));
        run(&mut connection, &made).await.unwrap_or_else(|error| panic!("{hostile:?}: {error}"));
        for asked in [
            "SELECT reason FROM doors",
            "SELECT sku FROM doors",
            "SELECT data ->> 'reason' FROM doors_history WHERE version = 2",
            "SELECT data ->> 'sku' FROM doors_history WHERE version = 1",
        ] {
            assert_eq!(text(&mut connection, asked).await, hostile, "{asked}");
        }
        assert_eq!(text(&mut connection, "SELECT what FROM witness").await, "here", "{hostile:?}");
        run(&mut connection, "ROLLBACK").await.unwrap();
    }
}

/// A label, a former one and a type stand in names and definitions: what is no plain word is refused, with a code.
#[test]
fn what_is_no_name_is_refused_where_a_name_stands() {
    for hostile in TEXTS.into_iter().chain(["text, evil integer", "text NOT NULL", "text DEFAULT now()", "text)", "integer; x"]) {
        for (attribute, code) in [("label", "W014"), ("renamed_from", "W014"), ("sql", "W028")] {
            let declared = read(&door(&[("FIELD", &format!("#[{attribute} = {hostile:?}] sku: String,"))]));
            let faults = declared.expect_err(&format!("#[{attribute} = {hostile:?}]"));
            assert!(faults.iter().any(|fault| fault.starts_with(code)), "#[{attribute} = {hostile:?}]: {faults:?}");
        }
        let named = door(&[]).replace("open: Shut", &format!("#[label = {hostile:?}] open: Shut"));
        assert!(read(&named).is_err(), "{hostile:?}");
    }
}

/// Pieces of statements, of quotes and of comments, as PostgreSQL reads them and as one might think that it does.
const PIECES: [&str; 37] = [
    ";",
    ";",
    "END IF",
    "END",
    "IF true THEN",
    "ELSE",
    "ELSIF true THEN",
    "DELETE FROM witness",
    "DELETE FROM witness",
    "PERFORM 1",
    "PERFORM 1;",
    "'",
    "$$",
    "$é$",
    "E'a\\'",
    "E'a'\n'b\\'",
    "--",
    "\r",
    "\n",
    "/*",
    "*/",
    "(",
    ")",
    "BEGIN",
    "LOOP",
    "NULL",
    "EXCEPTION WHEN OTHERS THEN",
    "CASE WHEN true THEN",
    "RETURN",
    "é$$",
    "$body$",
    "\u{a0}$$",
    "END LOOP",
    "WHILE false LOOP",
    // Whole ways out, which chance alone seldom puts together.
    "PERFORM 1; END IF; DELETE FROM witness; IF true THEN PERFORM 1;",
    "PERFORM 1; ELSE DELETE FROM witness;",
    "PERFORM $é$ ' $é$; END IF; DELETE FROM witness; IF true THEN PERFORM $é$ ' $é$;",
];

/// Pieces of conditions; the word in the middle comes true for those that get out of the parentheses.
const CONDITIONS: [&str; 20] = [
    "true",
    "false",
    "OR",
    "AND",
    "NOT",
    "(",
    ")",
    "'a' = 'a'",
    "'",
    "$$",
    "$é$",
    "E'a\\'",
    "é$$",
    "1$$",
    "id",
    "= 1",
    "/*",
    "*/",
    "--\n",
    ";",
];

/// Random texts made of `pieces`; what `judge` says of each.
fn random<F: Future<Output = Result<bool, String>>>(pieces: &'static [&'static str], judge: impl Fn(String) -> F) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let config = Config { cases: rounds(4) * 250, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let applied = std::cell::Cell::new(0);
    let texts = vec(select(pieces), 1..9).prop_map(|pieces| pieces.join(" "));
    let outcome = runner.run(&texts, |text| {
        let was_applied = runtime.block_on(judge(text)).map_err(TestCaseError::fail)?;
        applied.set(applied.get() + u32::from(was_applied));
        Ok(())
    });
    assert!(outcome.is_ok(), "{}", outcome.unwrap_err());
    println!("{} were applied", applied.get());
    assert!(applied.get() > 0);
}

/// An effect is run by its own event only: whatever passes the rules and PostgreSQL's parser.
#[test]
fn an_effect_does_not_leave_its_event() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_db, connection) = runtime.block_on(house());
    let connection = &tokio::sync::Mutex::new(connection);
    random(&PIECES, |effect| async move {
        let Ok(model) = read(&door(&[("EFFECT", &format!("with sql maybe {effect:?}"))])) else { return Ok(false) };
        let mut connection = connection.lock().await;
        run(&mut connection, "ROLLBACK; BEGIN").await.unwrap();
        if run(&mut connection, &first_migration(&model).up).await.is_err() {
            return Ok(false);
        }
        let made = "INSERT INTO doors (id) VALUES (1), (2); SELECT doors_knock(1); SELECT doors_remove(1)";
        run(&mut connection, made).await.map_err(|error| format!("{effect:?} is run by others: {error}"))?;
        let witness = text(&mut connection, "SELECT count(*) FROM witness").await;
        if witness == "1" { Ok(true) } else { Err(format!("{effect:?} is run by others")) }
    });
}

/// A guard says of its own event what the text says by itself, and of no other event anything.
#[test]
fn a_guard_is_what_it_says() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (_db, connection) = runtime.block_on(house());
    let connection = &tokio::sync::Mutex::new(connection);
    random(&CONDITIONS, |guard| async move {
        let Ok(model) = read(&door(&[("GUARD", &format!("if sql {guard:?}"))])) else { return Ok(false) };
        let mut connection = connection.lock().await;
        run(&mut connection, "ROLLBACK; BEGIN").await.unwrap();
        if run(&mut connection, &first_migration(&model).up).await.is_err() {
            return Ok(false);
        }
        run(&mut connection, "INSERT INTO doors (id) VALUES (1); SELECT doors_knock(1); SAVEPOINT s")
            .await
            .map_err(|e| e.to_string())?;
        let alone = meant(&mut connection, &guard).await;
        run(&mut connection, "ROLLBACK TO s").await.unwrap();
        let opened = run(&mut connection, "SELECT doors_open(1)").await;
        match (alone.as_deref(), opened) {
            (Some("true"), Err(error)) => Err(format!("{guard:?} is true, and {error}")),
            (Some("false" | "NULL") | None, Ok(())) => Err(format!("{guard:?} is {alone:?}, and the door is open")),
            _ => Ok(true),
        }
    });
}

/// The expression as PostgreSQL takes it alone, from a value; nothing when it is none.
async fn meant(connection: &mut PgConnection, guard: &str) -> Option<String> {
    let whole = format!("SELECT (x.said)::text FROM (SELECT ({guard}\n) AS said FROM doors) x");
    let asked = format!("DO $ask$ BEGIN EXECUTE {}; END $ask$", constant(&whole));
    run(connection, &asked).await.ok()?;
    Some(text(connection, &whole).await)
}
