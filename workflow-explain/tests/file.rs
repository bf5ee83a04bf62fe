//! What is said of a whole file.

use workflow_explain::{Duration, File, Mode, Rule, Verdict, Wait, explain};

fn file(sql: &str) -> File {
    explain(sql).unwrap_or_else(|error| panic!("{sql}\n{error}"))
}

/// The rules that a file breaks, with the lines.
fn broken(sql: &str) -> Vec<(Rule, usize)> {
    file(sql).findings.iter().map(|finding| (finding.rule, finding.line)).collect()
}

const TIMEOUT: &str = "SET LOCAL lock_timeout = '5s';\n";

#[test]
fn a_statement_has_its_line_and_its_first_line() {
    let file = file("-- why\n\nSET LOCAL lock_timeout = '5s';\n\n-- and this\nALTER TABLE orders\n    ADD COLUMN note text;\n");
    let lines: Vec<(usize, &str)> = file.statements.iter().map(|s| (s.line, s.text.as_str())).collect();
    assert_eq!(lines, [(3, "SET LOCAL lock_timeout = '5s'"), (6, "ALTER TABLE orders …")]);
    assert_eq!(file.statements[1].verdict, Verdict::Brief);
    assert!(!file.is_unsafe());
}

#[test]
fn a_semicolon_alone_is_no_statement() {
    assert_eq!(file(";;\nSELECT 1;;").statements.len(), 1);
}

/// A stack that overflows would end the process without a word.
#[test]
fn what_is_nested_too_deeply_is_refused_with_its_line() {
    let forms: [(&str, &str, &str); 8] = [
        ("SELECT ", "(", ")"),
        ("SELECT ", "(SELECT ", ")"),
        ("SELECT ", "CASE WHEN a THEN ", " END"),
        ("SELECT ", "NOT ", ""),
        ("SELECT 1", "+ 1", ""),
        ("SELECT ", "f(1, ", ")"),
        ("SELECT a", "::int", ""),
        ("", "EXPLAIN ", ""),
    ];
    for (start, open, close) in forms {
        let sql = |n| format!("SELECT 1;\n{start}{} 1 {};", open.repeat(n), close.repeat(n));
        let error = explain(&sql(50_000)).unwrap_err();
        assert_eq!((error.line, error.message.as_str()), (2, "this is nested too deeply to be read"), "{open}");
        // Whatever is said of what may stand: it is said.
        [180, 400, 900].into_iter().for_each(|n| drop(explain(&sql(n))));
    }
    let rows = "(1, 'a', (2)), ".repeat(20_000);
    assert_eq!(file(&format!("INSERT INTO a VALUES {rows} (1, 'a', 2);")).statements.len(), 1);
}

#[test]
fn what_a_file_creates_locks_nobody_whatever_is_done_to_it() {
    let file = file(
        "CREATE TABLE public.a (id int); CREATE INDEX i ON a (id); ALTER TABLE a ADD PRIMARY KEY (id); UPDATE a SET id = 1; \
         CREATE TRIGGER t AFTER INSERT ON public.a FOR EACH ROW EXECUTE FUNCTION f(); DROP TABLE a;",
    );
    assert!(
        file.statements.iter().all(|s| s.wait == Wait::Nobody && s.locks.is_empty() && s.verdict == Verdict::Safe),
        "{file:#?}"
    );
    assert_eq!(file.findings, []);
}

#[test]
fn what_may_have_been_there_is_not_taken_for_created() {
    assert!(file("CREATE TABLE IF NOT EXISTS a (id int); CREATE INDEX i ON a (id);").is_unsafe());
    assert!(file("CREATE TABLE x.a (id int); CREATE INDEX i ON y.a (id);").is_unsafe());
    assert!(file("CREATE TABLE a (id int); CREATE INDEX i ON \"A\" (id);").is_unsafe());
}

#[test]
fn a_new_table_still_locks_the_one_it_refers_to() {
    let file = file(&format!("{TIMEOUT}CREATE TABLE a (id int); ALTER TABLE a ADD FOREIGN KEY (id) REFERENCES b;"));
    let locks: Vec<String> = file.statements[2].locks.iter().map(ToString::to_string).collect();
    assert_eq!(locks, ["SHARE ROW EXCLUSIVE on b"]);
    assert_eq!(file.statements[2].verdict, Verdict::Brief);
    assert_eq!(file.findings, []);
}

#[test]
fn a_strong_lock_needs_a_time_out_of_this_transaction_before_it() {
    let alter = "ALTER TABLE a ADD COLUMN x int;";
    assert_eq!(broken(alter), [(Rule::NoLockTimeout, 1)]);
    assert_eq!(broken(&format!("{TIMEOUT}{alter}")), []);
    assert_eq!(broken(&format!("SET lock_timeout = '5s';\n{alter}")), [(Rule::NoLockTimeout, 2)]);
    assert_eq!(broken(&format!("{alter}\n{TIMEOUT}")), [(Rule::NoLockTimeout, 1)]);
    assert_eq!(broken("INSERT INTO a VALUES (1); COMMENT ON TABLE a IS 'x';"), []);
}

#[test]
fn two_strongly_locked_tables_are_two_files() {
    let two = format!("{TIMEOUT}ALTER TABLE a ADD COLUMN x int;\nALTER TABLE b ADD COLUMN x int;");
    assert_eq!(broken(&two), [(Rule::SeveralStrongLocks, 3)]);
    assert_eq!(broken(&format!("{TIMEOUT}ALTER TABLE a ADD COLUMN x int;\nALTER TABLE public.a ADD COLUMN y int;")), []);
    let views = format!("{TIMEOUT}DROP INDEX i;\nDROP INDEX j;\nDROP VIEW v;\nDROP VIEW w;\nDROP VIEW x;");
    assert_eq!(broken(&views), [(Rule::SeveralStrongLocks, 5)], "said once, and not of indexes, whose table is not known");
    let foreign_key = format!("{TIMEOUT}ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b NOT VALID;");
    assert_eq!(broken(&foreign_key), [], "one statement may need two");
}

#[test]
fn a_scan_is_alone_in_its_file() {
    assert_eq!(broken("ALTER TABLE a VALIDATE CONSTRAINT c;"), []);
    assert_eq!(broken("SET LOCAL lock_timeout = '5s'; ALTER TABLE a VALIDATE CONSTRAINT c;"), []);
    let both = format!("{TIMEOUT}ALTER TABLE a ADD CONSTRAINT c CHECK (x > 0) NOT VALID;\nALTER TABLE a VALIDATE CONSTRAINT c;");
    assert_eq!(broken(&both), [(Rule::ScanNotAlone, 3)]);
}

#[test]
fn rows_are_not_written_while_their_table_is_locked() {
    let alter = format!("{TIMEOUT}ALTER TABLE public.a ADD COLUMN x int;\n");
    assert_eq!(broken(&format!("{alter}UPDATE a SET x = 1 WHERE x IS NULL;")), [(Rule::WorkUnderLock, 3)]);
    assert_eq!(broken(&format!("{alter}DELETE FROM b WHERE x = 1;\nINSERT INTO a VALUES (1);")), []);
    assert_eq!(broken(&format!("UPDATE a SET x = 1 WHERE x IS NULL;\n{alter}")), []);
}

#[test]
fn each_unsafe_action_of_a_statement_is_told() {
    let file = file("ALTER TABLE a ALTER x TYPE text, ADD COLUMN y uuid DEFAULT gen_random_uuid(), ALTER z SET NOT NULL");
    assert!(matches!(&file.statements[0].verdict, Verdict::Unsafe { reasons } if reasons.len() == 3), "{file:#?}");
}

#[test]
fn without_a_transaction_there_is_no_time_out_for_a_strong_lock() {
    assert_eq!(broken("-- no-transaction\nALTER TABLE a ADD COLUMN x int;"), [(Rule::NoLockTimeout, 2)]);
}

#[test]
fn no_transaction_is_byte_0_and_one_repeatable_statement() {
    let index = "CREATE INDEX CONCURRENTLY IF NOT EXISTS i ON a (x);\n";
    let good = file(&format!("-- no-transaction\n{index}"));
    assert!(!good.transaction && !good.is_unsafe(), "{good:#?}");
    assert_eq!(
        broken(&format!("-- why\n-- no-transaction\n{index}")),
        [(Rule::MisplacedNoTransaction, 2), (Rule::NotInTransaction, 3)]
    );
    assert_eq!(broken(&format!("-- no-transaction\n{index}SELECT 1;")), [(Rule::SeveralWithoutTransaction, 3)]);
    assert_eq!(broken("-- no-transaction\n"), [(Rule::SeveralWithoutTransaction, 1)]);
    assert_eq!(broken("-- no-transaction\nCREATE INDEX CONCURRENTLY i ON a (x);"), [(Rule::NotRepeatable, 2)]);
    assert_eq!(broken("-- no-transaction\nDROP INDEX CONCURRENTLY i;"), [(Rule::NotRepeatable, 2)]);
    assert_eq!(broken("VACUUM a;"), [(Rule::NotInTransaction, 1)]);
}

#[test]
fn the_transaction_is_sqlxs_own() {
    assert_eq!(broken("BEGIN;\nSELECT 1;\nCOMMIT;"), [(Rule::OwnTransaction, 1), (Rule::OwnTransaction, 3)]);
}

#[test]
fn a_name_that_postgresql_would_cut_is_found() {
    let name = |n: usize| "é".repeat(n / 2) + &"x".repeat(n % 2);
    assert_eq!(broken(&format!("CREATE TABLE {} (id int);", name(63))), []);
    assert_eq!(broken(&format!("CREATE TABLE\n{} (id int);", name(64))), [(Rule::LongName, 2)]);
    assert_eq!(broken(&format!("CREATE TABLE \"{}\" (id int);", name(63))), []);
}

#[test]
fn a_block_that_commits_in_a_loop_works_in_batches() {
    let block = "DO $$ BEGIN LOOP UPDATE a SET x = 1 WHERE id IN (SELECT id FROM a WHERE x IS NULL LIMIT 1000); \
                 EXIT WHEN NOT FOUND; COMMIT; END LOOP; END $$;";
    let good = file(&format!("-- no-transaction\n{block}"));
    assert_eq!((good.statements[0].duration, good.statements[0].wait), (Duration::Batches, Wait::SameRows));
    assert!(!good.is_unsafe());
    assert_eq!(broken(block), [(Rule::NotInTransaction, 1)]);
}

#[test]
fn a_block_is_looked_into_and_what_it_hides_is_said() {
    let shown = file("DO $$ BEGIN EXECUTE format('ALTER TABLE %s DROP COLUMN %I', t, c); END $$");
    assert_eq!(shown.statements[0].locks[0].to_string(), "ACCESS EXCLUSIVE on \"…\"");
    let hidden = file("DO $$ BEGIN EXECUTE x; END $$");
    assert!(hidden.statements[0].notes[0].contains("not looked into"), "{hidden:#?}");
    let called = file("SELECT backfill()");
    assert!(called.statements[0].notes[0].contains("not looked into"), "{called:#?}");
    let other = file("DO LANGUAGE plperl 'x'");
    assert!(other.statements[0].notes[0].contains("not looked into"), "{other:#?}");
    assert!(file("DO $$ BEGIN UPDATE a SET x = 1; END $$").is_unsafe());
}

#[test]
fn unsafe_statements_say_what_to_do_instead() {
    for (sql, instead) in [
        ("CREATE INDEX i ON a (x)", "CREATE INDEX CONCURRENTLY"),
        ("ALTER TABLE a ALTER x SET NOT NULL", "CHECK (x IS NOT NULL) NOT VALID"),
        ("ALTER TABLE a ADD CHECK (x > 0)", "NOT VALID"),
        ("ALTER TABLE a ADD FOREIGN KEY (x) REFERENCES b", "NOT VALID"),
        ("ALTER TABLE a ADD COLUMN x int CHECK (x > 0)", "add the column without it"),
        ("ALTER TABLE a ADD COLUMN x int NOT NULL", "constant default"),
        ("ALTER TABLE a ADD COLUMN x uuid DEFAULT gen_random_uuid()", "fill the rows in batches"),
        ("ALTER TABLE a ADD PRIMARY KEY (x)", "PRIMARY KEY USING INDEX"),
        ("ALTER TABLE a ALTER x TYPE text", "column of the new type"),
        ("ALTER TABLE a RENAME x TO y", "column of the new name"),
        ("ALTER TABLE a DROP COLUMN x CASCADE", "leave CASCADE out"),
        ("UPDATE a SET x = 1", "commits"),
        ("DELETE FROM a", "commits"),
        ("REINDEX TABLE a", "CONCURRENTLY"),
        ("REFRESH MATERIALIZED VIEW a", "CONCURRENTLY"),
        ("DROP SCHEMA a CASCADE", "leave CASCADE out"),
        ("VACUUM FULL a", "plain VACUUM"),
        ("ALTER EXTENSION x UPDATE", "look it up"),
    ] {
        match &file(sql).statements[0].verdict {
            Verdict::Unsafe { reasons } => assert!(reasons[0].instead.contains(instead), "{sql}: {reasons:?}"),
            other => panic!("{sql}: {other:?}"),
        }
    }
}

#[test]
fn the_safe_way_is_called_safe_or_brief() {
    for (sql, verdict) in [
        ("ALTER TABLE a VALIDATE CONSTRAINT c", Verdict::Safe),
        ("CREATE INDEX CONCURRENTLY i ON a (x)", Verdict::Safe),
        ("CREATE OR REPLACE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1'", Verdict::Safe),
        ("GRANT SELECT ON a TO b", Verdict::Safe),
        ("ALTER TABLE a SET (fillfactor = 70)", Verdict::Safe),
        ("REFRESH MATERIALIZED VIEW CONCURRENTLY a", Verdict::Safe),
        ("DELETE FROM a WHERE x = 1", Verdict::Safe),
        ("ALTER TABLE a ADD CHECK (x > 0) NOT VALID", Verdict::Brief),
        ("ALTER TABLE a ADD CONSTRAINT c UNIQUE USING INDEX i", Verdict::Brief),
        ("CREATE OR REPLACE TRIGGER t AFTER INSERT ON a FOR EACH ROW EXECUTE FUNCTION f()", Verdict::Brief),
        ("DROP TRIGGER t ON a", Verdict::Brief),
        ("ALTER TABLE a DROP COLUMN x", Verdict::Brief),
        ("DROP TABLE a", Verdict::Brief),
    ] {
        assert_eq!(file(sql).statements[0].verdict, verdict, "{sql}");
    }
}

#[test]
fn a_strong_lock_that_is_held_while_rows_are_written_is_unsafe() {
    let file = file("DO $$ BEGIN LOCK TABLE a; UPDATE a SET x = 1 WHERE y = 2; END $$");
    assert_eq!(file.statements[0].locks[0].mode, Mode::AccessExclusive);
    assert!(matches!(file.statements[0].verdict, Verdict::Unsafe { .. }), "{file:#?}");
}

#[test]
fn what_is_no_sql_is_refused_with_its_place() {
    let error = explain("SELECT 1;\nALTER TABEL a ADD x int;").unwrap_err();
    assert_eq!((error.line, &"SELECT 1;\nALTER TABEL a ADD x int;"[error.range.start..error.range.start + 5]), (2, "ALTER"));
    assert_eq!(explain("").unwrap().statements, []);
}

/// An adoption is not online, and says so; a table that comes locks nothing that was there before.
#[test]
fn what_is_generated_for_a_new_table_locks_nothing_that_was_there() {
    for text in [
        include_str!("../../workflow-migrate/tests/golden/shared.up.sql"),
        include_str!("../../workflow-migrate/tests/golden/order.up.sql"),
        include_str!("../../workflow-migrate/tests/golden/parcel.up.sql"),
    ] {
        let file = file(text);
        assert!(!file.is_unsafe(), "{file:#?}");
        assert!(file.statements.iter().all(|s| !s.wait.stops_the_application()));
    }
    assert!(file(include_str!("../../workflow-migrate/tests/golden/account.up.sql")).is_unsafe());
}
