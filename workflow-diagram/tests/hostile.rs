//! Whatever stands in a model, a diagram is what it should be. The macro refuses most such names, but docs, conditions and labels
//! are free text, and a diagram can be asked of any model.

mod models;

use proptest::prelude::*;
use workflow_diagram::{difference, dot, mermaid, svg};
use workflow_model::{Model, StateKind, Target, Transition, Trigger};

const HOSTILE: [&str; 12] = [
    "</text></svg><script>alert(1)</script>",
    "\"]; evil [label=\"",
    "\\",
    "\\\" ; evil -> evil ; //",
    "a --> b : c\nEvil --> Evil",
    "x\n\n## heading\n```\n",
    "#quot;#59; %%{init: {}}%% ; end",
    "]]> --> <!-- <![CDATA[",
    "\u{0}\u{1}\u{b}\u{7f}\u{85}\u{2028}\u{fffe}\u{202e}",
    "click s0 href \"javascript:alert(1)\"",
    "classDef style:#fff; ::: [*]",
    "état 状態 🦀 &amp; &#x3c;",
];

/// The order workflow with a text in every place that a diagram shows.
fn with(text: &str) -> Model {
    let mut model = models::order();
    model.name.rust = text.into();
    model.docs = text.into();
    for (i, state) in model.states.iter_mut().enumerate() {
        let new = format!("{text}{i}");
        let old = std::mem::replace(&mut state.name.rust, new.clone());
        state.docs = text.into();
        for field in &mut state.fields {
            field.name.rust = text.into();
            field.ty.rust = text.into();
        }
        for transition in &mut model.transitions {
            transition.sources.iter_mut().filter(|source| **source == old).for_each(|source| *source = new.clone());
            transition.target.iter_mut().filter(|target| target.state == old).for_each(|target| target.state = new.clone());
        }
        model.groups.iter_mut().flat_map(|group| &mut group.members).filter(|m| **m == old).for_each(|m| *m = new.clone());
    }
    for transition in &mut model.transitions {
        transition.event.rust = text.into();
        transition.docs = text.into();
        transition.guard = Some(text.into());
        transition.triggers = vec![Trigger::By(text.into()), Trigger::At(text.into())];
    }
    model
}

/// Elements, by name, and all text.
fn elements(svg: &str) -> (Vec<String>, String) {
    let document = roxmltree::Document::parse(svg).unwrap_or_else(|error| panic!("{error}\n{svg}"));
    let names = document.descendants().filter(|node| node.is_element()).map(|node| node.tag_name().name().to_owned());
    let text = document.descendants().filter(|node| node.is_text()).filter_map(|node| node.text()).collect();
    (names.collect(), text)
}

fn assert_inline(svg: &str) {
    assert!(svg.lines().all(|line| !line.trim().is_empty()), "a blank line would end the HTML in Markdown");
    assert!(!svg.contains(" id=") && !svg.contains("url("), "ids are of the whole page");
    let document = roxmltree::Document::parse(svg).unwrap();
    let classes = document.descendants().filter_map(|node| node.attribute("class"));
    assert!(classes.flat_map(str::split_whitespace).all(|class| class.starts_with("wf-")));
    let known = ["svg", "title", "style", "rect", "path", "circle", "g", "text", "tspan"];
    assert!(elements(svg).0.iter().all(|name| known.contains(&name.as_str())));
}

#[test]
fn an_svg_is_xml_accessible_and_fit_to_stand_inline() {
    for model in [models::small(), models::order(), models::parcel(), models::payment(), models::claim()] {
        let svg = svg(&model);
        assert_inline(&svg);
        let document = roxmltree::Document::parse(&svg).unwrap();
        let root = document.root_element();
        assert_eq!(root.attribute("role"), Some("img"));
        assert_eq!(root.first_element_child().map(|title| title.tag_name().name()), Some("title"));
        let (_, text) = elements(&svg);
        for state in &model.states {
            assert!(text.contains(&state.name.rust), "{}", state.name.rust);
        }
        for line in &model.transitions {
            assert!(text.contains(&line.event.rust), "{}", line.event.rust);
        }
    }
}

#[test]
fn no_text_gets_out_of_an_svg() {
    let (harmless, _) = elements(&svg(&with("x")));
    for hostile in HOSTILE {
        let svg = svg(&with(hostile));
        assert_inline(&svg);
        let count = |names: &[String], name: &str| names.iter().filter(|n| *n == name).count();
        let (names, _) = elements(&svg);
        for name in ["svg", "g", "path", "circle", "style"] {
            assert_eq!(count(&names, name), count(&harmless, name), "{name}: {hostile:?}\n{svg}");
        }
    }
}

#[test]
fn no_text_gets_out_of_a_string_of_dot() {
    let shape = |text: &str| {
        let mut rest = dot(&with(text));
        // A string ends at the first quote that no backslash precedes.
        let mut outside = String::new();
        while let Some((before, after)) = rest.split_once('"') {
            outside.push_str(before);
            let mut escaped = false;
            let end = after.find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            rest = after[end.expect("a string ends") + 1..].to_owned();
        }
        outside + &rest
    };
    for hostile in HOSTILE {
        assert_eq!(shape(hostile), shape("x"), "{hostile:?}");
    }
}

#[test]
fn no_text_gets_out_of_its_place_in_mermaid() {
    for hostile in HOSTILE {
        let text = mermaid(&with(hostile));
        let harmless = mermaid(&with("x"));
        assert_eq!(text.lines().count(), harmless.lines().count(), "{text}");
        for line in text.lines().skip(1).map(str::trim) {
            let (head, label) = match line.split_once(" : ") {
                Some((head, label)) => (head, label),
                None if line.starts_with("state \"") => {
                    ("", line.strip_prefix("state \"").unwrap().rsplit_once("\" as s").unwrap().0)
                }
                None => (line, ""),
            };
            assert!(head.chars().all(|c| c.is_ascii_alphanumeric() || "[*]-> ".contains(c)), "{line}");
            assert!(!label.replace("<br>", "").contains(['<', '>', '"', '#', ';', ':', '%', '{', '}', '`', '&', '\n']), "{line}");
        }
    }
}

#[test]
fn no_text_gets_out_of_a_difference() {
    for hostile in HOSTILE {
        let text = difference(&models::order(), &with(hostile)).unwrap();
        assert_eq!(text.matches("```").count(), 2, "{text}");
        for line in text.lines().filter(|line| line.contains('"')) {
            assert_eq!(line.matches('"').count(), 2, "{line}");
            let label = line.split('"').nth(1).unwrap().replace("<br>", "");
            assert!(!label.contains(['<', '>', '`', '%', '{', ':']), "{line}");
        }
    }
}

#[test]
fn a_model_of_nothing_has_diagrams_too() {
    let mut model = models::small();
    model.states.clear();
    assert_inline(&svg(&model));
    assert_eq!(mermaid(&model), "stateDiagram-v2\n");
    assert!(difference(&model, &models::small()).is_some());
}

/// Any graph of up to forty states, connected or not, with loops, and with several initial states or none.
fn any_model() -> impl Strategy<Value = Model> {
    let kinds = [StateKind::Initial, StateKind::Normal, StateKind::Normal, StateKind::Final];
    let edges = prop::collection::vec((0..40_usize, 0..40_usize, any::<bool>()), 0..120);
    (prop::collection::vec(prop::sample::select(kinds.to_vec()), 1..40), edges).prop_map(|(kinds, edges)| {
        let mut model = models::small();
        let (state, line) = (model.states[0].clone(), model.transitions[0].clone());
        let name = |i: usize| format!("State{}", i % kinds.len());
        model.states.clear();
        for (i, kind) in kinds.iter().enumerate() {
            let mut state = state.clone();
            state.kind = *kind;
            state.name.rust = name(i);
            model.states.push(state);
        }
        model.transitions.clear();
        for (n, (from, to, internal)) in edges.into_iter().enumerate() {
            let target = (!internal).then(|| Target { state: name(to), literals: Vec::new() });
            let mut line = Transition { sources: vec![name(from)], target, ..line.clone() };
            line.event.rust = format!("event_{n}");
            model.transitions.push(line);
        }
        model
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_graph_is_drawn_the_same_twice_and_within_its_paper(model in any_model(), other in any_model()) {
        let drawn = svg(&model);
        prop_assert_eq!(&drawn, &svg(&model));
        let document = roxmltree::Document::parse(&drawn).unwrap();
        let paper = document.descendants().find(|node| node.attribute("class") == Some("wf-paper")).unwrap();
        let number = |node: roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
        let (left, right) = (number(paper, "x"), number(paper, "x") + number(paper, "width"));
        for rect in document.descendants().filter(|node| node.tag_name().name() == "rect") {
            prop_assert!(number(rect, "x") >= left && number(rect, "x") + number(rect, "width") <= right);
        }
        prop_assert!(!drawn.contains("NaN") && !drawn.contains("inf"));
        let _ = (mermaid(&model), dot(&model), difference(&model, &other));
        prop_assert_eq!(difference(&model, &model), None);
    }

    #[test]
    fn any_text_leaves_an_svg_whole(text in any::<String>()) {
        assert_inline(&svg(&with(&text)));
    }
}
