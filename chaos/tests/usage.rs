//! What is typed wrongly is told, and nothing is started.

use std::process::{Command, Output};

fn chaos(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_chaos")).args(arguments).output().unwrap()
}

#[test]
fn what_is_typed_wrongly_ends_with_2_and_says_what() {
    for (arguments, said) in [(["--minutes", "soon"], "soon"), (["--seed", "-1"], "-1")] {
        let output = chaos(&arguments);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{text}");
        assert!(text.contains(said), "{text}");
    }
}
