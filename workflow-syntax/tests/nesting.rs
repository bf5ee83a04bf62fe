//! What is nested is read or refused: nothing overflows the stack, which would end the process without a word.

use workflow_syntax::{find, parse};

/// What somebody waits with who reads files, as `workflow-migrate` does.
const STACK: usize = 64 << 20;

/// The forms in which Rust nests, in an expression or a type.
fn nested(n: usize) -> Vec<(&'static str, String)> {
    let around = |open: &str, inside: &str, close: &str| format!("{}{inside}{}", open.repeat(n), close.repeat(n));
    vec![
        ("parentheses", around("(", "1", ")")),
        ("blocks", around("{", "1", "}")),
        ("a macro's tokens", format!("m!({})", around("[", "", "]"))),
        ("negations", around("!", "1", "")),
        ("borrows", around("&mut ", "1", "")),
        ("assignments", around("a = ", "1", "")),
        ("closures", around("move || ", "1", "")),
        ("arguments", format!("V::<{}>::new()", around("V<", "u8", ">"))),
        ("lifetimes", format!("f as {}", around("&'a ", "u8", ""))),
        ("pointers", format!("f as {}", around("*const ", "u8", ""))),
        ("functions", format!("f as {}", around("fn() -> ", "u8", ""))),
        ("patterns", format!("if let {} = 1 {{}}", around("a @ ", "b", ""))),
    ]
}

fn with_stack(of: usize, test: impl FnOnce() + Send + 'static) {
    std::thread::Builder::new().stack_size(of).spawn(test).unwrap().join().unwrap();
}

#[test]
fn a_file_that_is_nested_too_deeply_is_refused_at_a_place() {
    with_stack(STACK, || {
        for (form, expression) in nested(20_000) {
            let error = find(&format!("mod a;\nfn f() {{ {expression} }}")).unwrap_err();
            assert_eq!(
                (error.to_string().as_str(), error.span().start().line),
                ("this is nested too deeply to be read", 2),
                "{form}"
            );
        }
    });
}

#[test]
fn a_file_is_read_that_is_nested_as_deep_as_it_may_be() {
    with_stack(STACK, || {
        // A level of some forms is three tokens, and counts as three; of others it is one, and needs the most of the stack.
        nested(480).iter().for_each(|(_, expression)| drop(find(&format!("mod a;\nfn f() {{ {expression} }}"))));
        for (form, expression) in nested(160) {
            let found = find(&format!("mod a;\nfn f() {{ {expression} }}")).map(|file| file.modules.len());
            assert_eq!(found.map_err(|error| error.to_string()), Ok(1), "{form}");
        }
    });
}

/// What is long is not deep.
#[test]
fn a_long_file_is_read() {
    let comparisons = "a < b, -c, &d, *e == f, g && h || i, ".repeat(120);
    let statements = "a = b; let c: Vec<Option<u8>> = &d; match e { f => g = h, _ => -1 }; ".repeat(1_000);
    let sum = "1 + a.b(c) - ".repeat(1_000);
    let text = format!("#!/usr/bin/env run\nmod a;\nfn f() {{ [{comparisons}]; {statements} {sum} 1 }}");
    let file = find(&text).unwrap();
    assert_eq!(file.modules[0].span.start().line, 2);
}

/// The compiler's stack is not ours to choose; a test's is smaller than that.
#[test]
fn a_block_that_is_nested_too_deeply_is_refused_with_a_fault() {
    let block = |ty: &str| format!("workflow Order in orders {{ id: {ty}, states {{ initial Placed, }} transitions {{ }} }}");
    for (open, close) in [("Vec<", ">"), ("(", ")"), ("&", ""), ("& 'a ", ""), ("fn() -> ", ""), ("[", "]"), ("*const ", "")] {
        for (n, refused) in [(9, false), (20_000, true)] {
            let text = block(&format!("{}u8{}", open.repeat(n), close.repeat(n)));
            let parsed = parse(text.parse().unwrap());
            let said = parsed.errors.iter().any(|fault| fault.message == "this is nested too deeply");
            assert_eq!(said, refused, "{n} times {open}: {:?}", parsed.errors.first());
        }
    }
}
