//! The documentation of a crate that has drawn its workflow shows the drawing.

use std::fs;
use workflow_tests::outside::{Outside, target};

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
    let outside = Outside::new("drawn", &[], "src/lib.rs", TICKET);
    let before = documentation(&outside);
    assert!(before.contains("from the first complaint") && !before.contains("<svg"), "nothing is drawn yet: {before}");
    fs::create_dir_all(outside.home().join("docs")).unwrap();
    outside.write("docs/ticket.svg", &drawing(&outside));
    let after = documentation(&outside);
    let drawn = after.split("<div class=\"wf-diagram\" style=\"overflow-x:auto\">").nth(1).expect("the drawing's place");
    let drawn = drawn.split("</svg>").next().unwrap();
    assert!(drawn.trim_start().starts_with("<svg ") && drawn.contains(">Closed</text>"), "{drawn}");
    assert!(!drawn.contains("<p>") && !drawn.contains("&lt;svg"), "Markdown has not touched it: {drawn}");
}

/// What `cargo workflow diagram` would write.
fn drawing(outside: &Outside) -> String {
    let package = workflow_migrate::packages(Some(&outside.home().join("Cargo.toml")), None).unwrap().remove(0);
    workflow_diagram::svg(&package.declared().unwrap()[0].model)
}

/// The page of the workflow's module.
fn documentation(outside: &Outside) -> String {
    let output = outside.cargo(&["doc", "--quiet", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings").output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    fs::read_to_string(target().join("doc/stranger/ticket/index.html")).unwrap()
}
