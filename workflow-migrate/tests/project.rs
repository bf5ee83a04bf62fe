//! From sources on disk to a migrations folder, and back to "up to date".

use std::fs;
use std::path::{Path, PathBuf};
use workflow_migrate::{Errors, Exit, Plan, Project, Snapshot, Step, check, declared, plan};

const ORDER: &str = r#"
workflow! {
    pub workflow Order in orders {
        id: Uuid,
        quantity: i32,
        states { initial Placed, Reserved { warehouse: String }, final Cancelled }
        transitions {
            reserve(warehouse: String): Placed -> Reserved,
            cancel: Placed | Reserved -> Cancelled,
        }
    }
}
"#;

/// A package's folder, new for each test.
struct Package {
    home: PathBuf,
}

impl Package {
    fn new(test: &str, files: &[(&str, &str)]) -> Package {
        let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join(test);
        let _ = fs::remove_dir_all(&home);
        let package = Package { home };
        files.iter().for_each(|(file, text)| package.write(file, text));
        package
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.home.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn read(&self, file: &str) -> String {
        fs::read_to_string(self.home.join(file)).unwrap()
    }

    fn project(&self) -> Project {
        let roots = vec![self.home.join("src/lib.rs")];
        Project { packages: vec!["shop".into()], migrations: self.home.join("migrations"), roots, ..Project::default() }
    }

    fn plan(&self, now: i64) -> Result<Plan, Errors> {
        let project = self.project();
        plan(&project, &declared(&project)?, Step::Expand, now)
    }

    fn generate(&self, now: i64) {
        self.plan(now).unwrap().write().unwrap();
    }

    /// The names of the files that a run would write.
    fn planned(&self, now: i64) -> String {
        let names = self.plan(now).unwrap().files;
        let names = names.iter().map(|f| f.path.strip_prefix(self.home.join("migrations")).unwrap().display().to_string());
        names.collect::<Vec<_>>().join(" ")
    }

    /// What is wrong, as the user reads it.
    fn wrong(&self) -> (Exit, String) {
        let errors = self.plan(1).unwrap_err();
        let text: String = errors.0.iter().map(|e| e.render(false)).collect();
        (errors.exit(), text.replace(&self.home.display().to_string(), ""))
    }
}

#[test]
fn the_first_run_writes_the_shared_part_the_workflow_and_its_snapshot() {
    let package = Package::new("first", &[("src/lib.rs", ORDER)]);
    assert_eq!(check(&package.project()).unwrap().exit(), Exit::Needed);
    assert_eq!(
        package.planned(20260101000000),
        "20260101000000_workflow.up.sql 20260101000000_workflow.down.sql \
         20260101000001_order_create.up.sql 20260101000001_order_create.down.sql .workflow/order.json"
    );
    package.generate(20260101000000);
    assert_eq!(package.planned(20260101000000), "");
    assert_eq!(check(&package.project()).unwrap().exit(), Exit::Fine);
}

#[tokio::test]
async fn sqlx_reads_the_files_and_has_the_checksums_of_the_snapshot() {
    let package = Package::new("sqlx", &[("src/lib.rs", ORDER)]);
    package.generate(20260101000000);
    let snapshot = Snapshot::load(&package.home.join("migrations/.workflow/order.json")).unwrap();
    let migrator = sqlx::migrate::Migrator::new(package.home.join("migrations")).await.unwrap();
    let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<String>();
    let mut checksums: Vec<_> = migrator.iter().map(|m| hex(&m.checksum)).collect();
    let mut recorded: Vec<_> = snapshot.files.iter().map(|f| f.sha384.clone()).collect();
    checksums.sort();
    recorded.sort();
    assert_eq!(checksums, recorded);
    assert_eq!(migrator.iter().map(|m| m.version).max(), Some(snapshot.head));
}

#[test]
fn a_second_workflow_comes_above_every_file_that_is_there() {
    let package = Package::new("second", &[("src/lib.rs", ORDER)]);
    package.generate(20260101000000);
    package.write("migrations/20990101000000_mine.up.sql", "SELECT 1;");
    package.write("src/lib.rs", &(ORDER.to_owned() + &ORDER.replace("Order in orders", "Refund in refunds")));
    assert_eq!(
        package.planned(20260202000000),
        "20990101000001_refund_create.up.sql 20990101000001_refund_create.down.sql .workflow/refund.json"
    );
}

#[test]
fn a_folder_of_simple_migrations_stays_one() {
    let package = Package::new("simple", &[("src/lib.rs", ORDER), ("migrations/5_init.sql", "SELECT 1;")]);
    assert_eq!(package.planned(1), "6_workflow.sql 7_order_create.sql .workflow/order.json");
}

#[test]
fn a_change_is_refused_and_nothing_is_written_for_it() {
    let package = Package::new("change", &[("src/lib.rs", ORDER)]);
    package.generate(1);
    package.write("src/lib.rs", &ORDER.replace("quantity: i32", "quantity: i64"));
    let (exit, text) = package.wrong();
    assert_eq!(exit, Exit::Refused);
    assert!(text.starts_with("error: `quantity` was integer and is bigint: binaries of the version before read"), "{text}");
    assert_eq!(check(&package.project()).unwrap_err().exit(), Exit::Refused);
}

#[test]
fn what_the_database_does_not_know_only_refreshes_the_snapshot() {
    let package = Package::new("docs", &[("src/lib.rs", ORDER)]);
    package.generate(1);
    let before = package.read("migrations/.workflow/order.json");
    package.write(
        "src/lib.rs",
        &ORDER.replace("pub workflow", "/// An order.\n pub workflow").replace("final Cancelled }", "final Cancelled, }"),
    );
    assert_eq!(check(&package.project()).unwrap().stale, ["order"]);
    assert_eq!(package.planned(9), ".workflow/order.json");
    package.generate(9);
    let after = package.read("migrations/.workflow/order.json");
    let hash = before.lines().find(|l| l.contains("\"hash\"")).unwrap().replace("hash", "parent");
    assert!(after.contains(&hash) && after.contains("An order."), "{after}");
    assert_eq!(package.planned(9), "");
}

#[test]
fn how_a_job_is_tried_again_is_nothing_to_the_database() {
    let by = |words: &str| ORDER.replace("-> Reserved,", &format!("-> Reserved by pick{words} then tell,"));
    let package = Package::new("retry", &[("src/lib.rs", &by(""))]);
    package.generate(1);
    // The text of the model is the last but one of a snapshot; before it stand hashes.
    let model = |text: &str| text.split_once("\"model\"").unwrap().1.to_owned();
    let fingerprint = |text: &str| text.lines().find(|line| line.contains("\"fingerprint\"")).unwrap().to_owned();
    let silent = package.read("migrations/.workflow/order.json");
    assert!(!silent.contains("retries"), "{silent}");

    package.write("src/lib.rs", &by(" up to 3 attempts pausing 5 seconds within 1 hour"));
    let checked = check(&package.project()).unwrap();
    assert_eq!((checked.exit(), checked.stale), (Exit::Fine, vec!["order".to_owned()]));
    assert_eq!(package.planned(9), ".workflow/order.json");
    package.generate(9);
    let said = package.read("migrations/.workflow/order.json");
    assert!(said.contains("\"attempts\":3"), "{said}");
    assert_eq!(fingerprint(&said), fingerprint(&silent));
    assert_eq!(package.planned(9), "");

    package.write("src/lib.rs", &by(""));
    package.generate(9);
    assert_eq!(model(&package.read("migrations/.workflow/order.json")), model(&silent));
}

#[test]
fn an_edited_or_missing_file_is_found() {
    let package = Package::new("edited", &[("src/lib.rs", ORDER)]);
    package.generate(1);
    let original = package.read("migrations/2_order_create.up.sql");
    package.write("migrations/2_order_create.up.sql", &(original.clone() + " "));
    assert_eq!(package.wrong().0, Exit::Integrity);
    fs::remove_file(package.home.join("migrations/2_order_create.up.sql")).unwrap();
    let (exit, text) = package.wrong();
    assert_eq!(exit, Exit::Integrity);
    assert!(text.contains("was generated and is not there"), "{text}");
    package.write("migrations/2_order_create.up.sql", &original);
    assert_eq!(package.planned(1), "");
}

#[test]
fn a_snapshot_that_was_merged_wrongly_is_found() {
    let package = Package::new("merged", &[("src/lib.rs", ORDER)]);
    package.generate(1);
    let snapshot = package.read("migrations/.workflow/order.json");
    for (wrong, said) in [
        (snapshot.replace("\"head\": 2", "\"head\": 3"), "does not have the hash"),
        (snapshot.replace("warehouse", "depot"), "does not have the hash"),
        (snapshot.replace("{\n  \"format\"", "<<<<<<< ours\n{\n  \"format\""), "a merge has left its conflict in it"),
    ] {
        package.write("migrations/.workflow/order.json", &wrong);
        let (exit, text) = package.wrong();
        assert_eq!(exit, Exit::Integrity);
        assert!(text.contains(said), "{text}");
    }
}

#[test]
fn a_workflow_that_is_gone_is_refused_and_so_is_a_migration_without_its_snapshot() {
    let package = Package::new("gone", &[("src/lib.rs", ORDER)]);
    package.generate(1);
    package.write("src/lib.rs", "");
    assert_eq!(package.wrong().0, Exit::Refused);
    package.write("src/lib.rs", ORDER);
    fs::remove_file(package.home.join("migrations/.workflow/order.json")).unwrap();
    let (exit, text) = package.wrong();
    assert_eq!(exit, Exit::Integrity);
    assert!(text.contains("` was generated for `order`, but its snapshot"), "{text}");
}

#[test]
fn workflows_are_found_through_modules_of_every_form() {
    let block = |name: &str| ORDER.replace("Order in orders", &format!("{name} in {}s", name.to_lowercase()));
    let package = Package::new(
        "modules",
        &[
            (
                "src/lib.rs",
                "mod a; mod b; #[path = \"odd/place.rs\"] mod c; mod d { mod e; #[path = \"f2.rs\"] mod f; } #[cfg(test)] mod tests; #[cfg(unix)] mod absent;",
            ),
            ("src/a.rs", &("mod under;".to_owned() + &block("A"))),
            ("src/a/under.rs", &block("Under")),
            ("src/b/mod.rs", &("mod next;".to_owned() + &block("B"))),
            ("src/b/next.rs", &block("Next")),
            ("src/odd/place.rs", &("mod beside;".to_owned() + &block("C"))),
            ("src/odd/beside.rs", &block("Beside")),
            ("src/d/e.rs", &block("E")),
            ("src/d/f2.rs", &block("F")),
            ("src/tests.rs", &block("T")),
        ],
    );
    let found = declared(&package.project()).unwrap();
    let names: Vec<_> = found.iter().map(|d| d.model.name.label.as_str()).collect();
    assert_eq!(names, ["a", "b", "beside", "c", "e", "f", "next", "under"]);
}

#[test]
fn faults_are_shown_where_they_stand() {
    let package = Package::new(
        "faults",
        &[("src/lib.rs", &("mod nowhere;\n// ä\n".to_owned() + &ORDER.replace("Placed -> Reserved", "Plased -> Reserved")))],
    );
    let (exit, text) = package.wrong();
    assert_eq!(exit, Exit::Error);
    assert!(text.contains("error[W010]"), "{text}");
    assert!(text.contains("reserve(warehouse: String): Plased -> Reserved,"), "{text}");
    assert!(text.contains("^^^^^^"), "{text}");
    assert!(text.contains("help: "), "{text}");
    assert!(text.contains("there is no file for the module `nowhere`"), "{text}");
}

#[test]
fn two_workflows_of_one_name_are_an_error_that_shows_both() {
    let package = Package::new("twice", &[("src/lib.rs", &(ORDER.to_owned() + "mod other;")), ("src/other.rs", ORDER)]);
    let (exit, text) = package.wrong();
    assert_eq!(exit, Exit::Error);
    assert!(text.contains("two workflows of this project are called `order`"), "{text}");
    assert!(text.contains("src/lib.rs:2") || text.contains("src/other.rs:2"), "{text}");
}

#[test]
fn a_block_that_only_the_compiler_could_see_is_an_error() {
    let package = Package::new("unseen", &[("src/lib.rs", &format!("wrap! {{ {ORDER} }}"))]);
    let (exit, text) = package.wrong();
    assert_eq!(exit, Exit::Error);
    assert!(text.contains("a workflow inside another macro cannot be migrated"), "{text}");
}
