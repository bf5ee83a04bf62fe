//! What programs read of it: each format, byte by byte.

use std::path::PathBuf;
use workflow_migrate::{Format, Level, Place, Report};

/// A fault in the second line, behind a letter of two bytes.
fn fault() -> Report {
    let text = "// first\nlet é = Plased;\nlet b;\n".to_owned();
    let start = text.find("Plased").unwrap();
    let place = Place { file: PathBuf::from("src/a,b:c.rs"), range: start..start + 6, text };
    Report {
        level: Level::Error,
        code: Some("W010".into()),
        message: "100% wrong:\r\nno state `Plased`, ever".into(),
        help: Some("write `Placed`".into()),
        place: Some(place),
    }
}

#[test]
fn json_is_one_object_a_line_with_stable_names() {
    assert_eq!(
        fault().render(Format::Json, true),
        "{\"level\":\"error\",\"code\":\"W010\",\"message\":\"100% wrong:\\r\\nno state `Plased`, ever\",\
         \"help\":\"write `Placed`\",\"file\":\"src/a,b:c.rs\",\"line\":2,\"column\":9,\"end_line\":2,\"end_column\":15}\n"
    );
    assert_eq!(Report::new(Level::Warning, "x").render(Format::Json, false), "{\"level\":\"warning\",\"message\":\"x\"}\n");
    let place = Some(Place::file("migrations/1_a.sql".as_ref()));
    let wrote = Report { code: Some("wrote".into()), place, ..Report::new(Level::Result, "wrote migrations/1_a.sql") };
    assert_eq!(
        wrote.render(Format::Json, false),
        "{\"level\":\"result\",\"code\":\"wrote\",\"message\":\"wrote migrations/1_a.sql\",\"file\":\"migrations/1_a.sql\"}\n"
    );
}

#[test]
fn github_gets_commands_in_which_nothing_can_break_out() {
    assert_eq!(
        fault().render(Format::Github, true),
        "::error file=src/a%2Cb%3Ac.rs,line=2,endLine=2,col=9,endColumn=15,title=W010::\
         100%25 wrong:%0D%0Ano state `Plased`, ever%0Ahelp: write `Placed`\n"
    );
    let mut long = fault();
    long.place.as_mut().unwrap().range.end += 8;
    assert!(long.render(Format::Github, false).starts_with("::error file=src/a%2Cb%3Ac.rs,line=2,endLine=3,title=W010::"));
    let said = |level| Report::new(level, "a\nb").render(Format::Github, false);
    assert_eq!(said(Level::Error), "::error::a%0Ab\n");
    assert_eq!(said(Level::Warning), "::warning::a%0Ab\n");
    assert_eq!(said(Level::Note), "::notice::a%0Ab\n");
    assert_eq!(said(Level::Finding), "::error::a%0Ab\n");
    assert_eq!(said(Level::Result), "a\nb\n");
}

#[test]
fn humans_get_the_compilers_style() {
    let text = fault();
    assert_eq!(
        Report { message: "no state `Plased`".into(), ..text }.render(Format::Human, false),
        "error[W010]: no state `Plased`\n --> src/a,b:c.rs:2:9\n  |\n2 | let é = Plased;\n  |         ^^^^^^\n  |\n  = help: write `Placed`\n"
    );
    let note = Report { help: Some("b".into()), ..Report::new(Level::Note, "a") };
    assert_eq!(note.render(Format::Human, false), "note: a\nhelp: b\n");
    assert!(note.render(Format::Human, true).contains("\u{1b}["));
    assert_eq!(Report::new(Level::Finding, "a").render(Format::Human, true), "a\n");
}
