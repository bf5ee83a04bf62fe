//! How long `cargo workflow check` takes for 50 workflows in 2,000 files; it is to be less than 300 ms.
//!
//! `cargo bench -p cargo-workflow` prints medians. `WORKFLOW_COMMAND` names another build of the command to compare with.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use workflow_migrate::{declared, projects};

const PACKAGES: usize = 10;
const AREAS: usize = 10;
const FILES: usize = 18;
const RUNS: usize = 15;

fn main() {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).join("check-bench");
    let (files, bytes) = workspace(&home);
    let command = std::env::var("WORKFLOW_COMMAND").unwrap_or(env!("CARGO_BIN_EXE_cargo-workflow").to_owned());
    run(Command::new(&command).args(["workflow", "generate"]).current_dir(&home));
    println!("{} workflows in {} files, {} KiB; medians of {RUNS} runs", PACKAGES * 5, files.len(), bytes / 1024);

    let manifest = home.join("Cargo.toml");
    let projects = projects(Some(&manifest), None).unwrap();
    let texts: Vec<_> = files.iter().map(|file| std::fs::read_to_string(file).unwrap()).collect();
    median("every file parsed whole", || texts.iter().for_each(|text| drop(workflow_syntax::find(text).unwrap())));
    median("every file scanned", || {
        let parsed = texts.iter().filter(|text| workflow_syntax::worth_parsing(text)).count();
        assert!(parsed < texts.len() / 5, "{parsed}");
    });
    median("declared()", || {
        let found: usize = projects.iter().map(|project| declared(project).unwrap().len()).sum();
        assert_eq!(found, PACKAGES * 5);
    });
    let cargo = std::env::var("CARGO").unwrap_or("cargo".to_owned());
    median("cargo metadata --no-deps", || {
        run(Command::new(&cargo).args(["metadata", "--no-deps", "--format-version=1"]).current_dir(&home));
    });
    median("cargo workflow check", || run(Command::new(&command).args(["workflow", "check"]).current_dir(&home)));
}

fn run(command: &mut Command) {
    let output = command.stdin(Stdio::null()).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn median(name: &str, mut measured: impl FnMut()) {
    let mut times: Vec<Duration> = (0..RUNS)
        .map(|_| {
            let start = Instant::now();
            measured();
            start.elapsed()
        })
        .collect();
    times.sort();
    println!("{:>8.1} ms  {name}", times[RUNS / 2].as_secs_f64() * 1e3);
}

/// The files, and their size altogether.
fn workspace(home: &Path) -> (Vec<PathBuf>, usize) {
    let _ = std::fs::remove_dir_all(home);
    let (mut files, mut bytes) = (Vec::new(), 0);
    let mut write = |path: PathBuf, text: String| {
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, &text).unwrap();
        if path.extension().is_some_and(|extension| extension == "rs") {
            bytes += text.len();
            files.push(path);
        }
    };
    write(home.join("Cargo.toml"), "[workspace]\nmembers = [\"p*\"]\nresolver = \"3\"\n".to_owned());
    for package in 0..PACKAGES {
        let home = home.join(format!("p{package}"));
        write(home.join("Cargo.toml"), format!("[package]\nname = \"p{package}\"\nedition = \"2024\"\n"));
        let areas: String = (0..AREAS).map(|area| format!("/// An area.\npub mod area{area};\n")).collect();
        write(home.join("src/lib.rs"), areas + &(0..5).map(|w| format!("mod w{package}_{w};\n")).collect::<String>());
        for w in 0..5 {
            write(home.join(format!("src/w{package}_{w}.rs")), block(&format!("W{package}x{w}")));
        }
        for area in 0..AREAS {
            let folder = home.join(format!("src/area{area}"));
            let modules: String = (0..FILES).map(|file| format!("mod file{file};\n")).collect();
            write(folder.join("mod.rs"), modules + &code(3));
            (0..FILES).for_each(|file| write(folder.join(format!("file{file}.rs")), code(4 + file)));
        }
    }
    (files, bytes)
}

fn block(name: &str) -> String {
    let table = name.to_lowercase();
    format!(
        "use workflow_runtime::workflow;\n\nworkflow! {{\n    /// One.\n    pub workflow {name} in {table} {{\n        id: Uuid,\n        \
         quantity: i32,\n        states {{ initial Placed, Reserved {{ warehouse: String }}, Shipped {{ carrier: String }}, final \
         Done, final Cancelled }}\n        transitions {{\n            reserve(warehouse: String): Placed -> Reserved,\n            \
         ship(carrier: String): Reserved -> Shipped,\n            arrive: Shipped -> Done,\n            cancel: Placed | Reserved -> \
         Cancelled,\n        }}\n    }}\n}}\n\n{}",
        code(3)
    )
}

/// Code as applications have it: some 20 lines a function.
fn code(functions: usize) -> String {
    (0..functions)
        .map(|n| {
            format!(
                r##"
/// Looks a customer up; see `mod customers` for what a model is, and the workflow of an order.
#[derive(Debug, Clone)]
pub struct Customer{n}<'a> {{ name: &'a str, orders: Vec<u32>, mode: Option<char> }}

impl<'a> Customer{n}<'a> {{
    /// # Errors
    pub fn find(&self, name: &str) -> Result<Option<&'a str>, Box<dyn std::error::Error>> {{
        let sql = r#"SELECT name FROM customers WHERE name = $1"#;
        if name.len() > 10 && self.mode != Some('"') {{
            // Long names are cut, as they always were.
            return Ok(self.orders.iter().map(|order| order * 2).max().map(|_| self.name));
        }}
        match self.orders.as_slice() {{
            [] => Err(format!("no orders of {{name}} in {{sql}}: {{:?}}", self.mode).into()),
            [first, .., last] if first < last => Ok(Some(self.name)),
            _ => Ok(None),
        }}
    }}
}}
"##
            )
        })
        .collect()
}
