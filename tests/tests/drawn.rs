//! The documentation of a crate that has drawn its workflow shows the drawing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

const TICKET: &str = r#"//! A crate of somebody else's.
#![deny(warnings, missing_docs)]

use workflow_runtime::workflow;

workflow! {
    /// A ticket, from the first complaint to the last word.
    pub workflow Ticket in tickets {
        /// Its number.
        id: uuid::Uuid,
        states {
            /// Somebody complained.
            initial Open,
            /// Nobody does any more.
            final Closed,
        }
        transitions {
            /// At last.
            close: Open -> Closed after 14 days,
        }
    }
}
"#;

#[test]
fn rustdoc_shows_the_drawing_once_it_is_there() {
    let home = a_crate();
    let before = documentation(&home);
    assert!(before.contains("from the first complaint") && !before.contains("<svg"), "nothing is drawn yet: {before}");
    fs::create_dir_all(home.join("docs")).unwrap();
    fs::write(home.join("docs/ticket.svg"), drawing(&home)).unwrap();
    let after = documentation(&home);
    let drawn = after.split("<div class=\"wf-diagram\" style=\"overflow-x:auto\">").nth(1).expect("the drawing's place");
    let drawn = drawn.split("</svg>").next().unwrap();
    assert!(drawn.trim_start().starts_with("<svg ") && drawn.contains(">Closed</text>"), "{drawn}");
    assert!(!drawn.contains("<p>") && !drawn.contains("&lt;svg"), "Markdown has not touched it: {drawn}");
    let _ = fs::remove_dir_all(home);
}

/// What `cargo workflow diagram` would write.
fn drawing(home: &Path) -> String {
    let package = workflow_migrate::packages(Some(&home.join("Cargo.toml")), None).unwrap().remove(0);
    workflow_diagram::svg(&package.declared().unwrap()[0].model)
}

/// The versions of its dependencies are ours: they are on this machine already.
fn a_crate() -> PathBuf {
    let home = std::env::temp_dir().join(format!("workflow-drawn-{}", std::process::id()));
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let runtime = ours.join("workflow-runtime");
    let manifest = include_str!("outside/Cargo.toml.txt").replace("{runtime}", &runtime.display().to_string());
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(home.join("src")).unwrap();
    fs::write(home.join("Cargo.toml"), manifest).unwrap();
    fs::write(home.join("src/lib.rs"), TICKET).unwrap();
    fs::copy(ours.join("Cargo.lock"), home.join("Cargo.lock")).unwrap();
    home
}

/// The page of the workflow's module.
fn documentation(home: &Path) -> String {
    // Where ours are: most of its dependencies are the same.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let output = Command::new(env!("CARGO"))
        .args(["doc", "--quiet", "--offline", "--no-deps"])
        .current_dir(home)
        .env("CARGO_TARGET_DIR", target)
        .env("RUSTDOCFLAGS", "-D warnings")
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(target.join("doc/stranger/ticket/index.html")).unwrap()
}
