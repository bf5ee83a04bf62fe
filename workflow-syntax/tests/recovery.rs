//! Whatever is typed, the parser ends, nothing panics, and every fault has a place in the text.

use proc_macro2::{Group, TokenStream, TokenTree};
use workflow_model::diagnostic::Part;
use workflow_model::{Place, check};
use workflow_syntax::{find, lower, parse};

const ORDER: &str = include_str!("fixtures/order.rs");

/// What is done to one token.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Change {
    Delete,
    Double,
    SwapWithNext,
    CutBehind,
}

fn order() -> TokenStream {
    find(ORDER).unwrap().found[0].tokens.clone()
}

/// Changes the token at a position, counted through all groups; says whether there is one.
fn changed(tokens: TokenStream, left: &mut usize, change: Change) -> (TokenStream, bool) {
    let mut trees: Vec<_> = tokens.into_iter().collect();
    for i in 0..trees.len() {
        if *left == 0 {
            apply(&mut trees, i, change);
            return (trees.into_iter().collect(), true);
        }
        *left -= 1;
        if let TokenTree::Group(group) = &trees[i] {
            let (inside, done) = changed(group.stream(), left, change);
            if done {
                trees[i] = TokenTree::Group(Group::new(group.delimiter(), inside));
                return (trees.into_iter().collect(), true);
            }
        }
    }
    (trees.into_iter().collect(), false)
}

fn apply(trees: &mut Vec<TokenTree>, i: usize, change: Change) {
    match change {
        Change::Delete => drop(trees.remove(i)),
        Change::Double => trees.insert(i, trees[i].clone()),
        Change::SwapWithNext if i + 1 < trees.len() => trees.swap(i, i + 1),
        Change::SwapWithNext => {}
        Change::CutBehind => trees.truncate(i),
    }
}

#[test]
fn no_change_of_one_token_makes_anything_panic() {
    for change in [Change::Delete, Change::Double, Change::SwapWithNext, Change::CutBehind] {
        let mut position = 0;
        loop {
            let (tokens, done) = changed(order(), &mut { position }, change);
            if !done {
                break;
            }
            survives(tokens);
            position += 1;
        }
        assert!(position > 150, "only {position} tokens were tried");
    }
}

#[test]
fn no_change_of_two_tokens_makes_anything_panic() {
    for first in (0..200).step_by(3) {
        let (once, _) = changed(order(), &mut { first }, Change::SwapWithNext);
        for second in (0..200).step_by(7) {
            survives(changed(once.clone(), &mut { second }, Change::Delete).0);
        }
    }
}

#[test]
fn a_deleted_token_costs_no_state_but_its_own() {
    let mut position = 0;
    loop {
        let (tokens, done) = changed(order(), &mut { position }, Change::Delete);
        if !done {
            return;
        }
        let text = tokens.to_string();
        let groups_are_whole = text.contains("states {") && text.contains("final Cancelled");
        if let Some(workflow) = parse(tokens).workflow.filter(|_| groups_are_whole) {
            assert!(workflow.states.len() >= 4, "{position}: {text}");
            assert!(!text.contains("transitions {") || workflow.transitions.len() >= 6, "{position}: {text}");
        }
        position += 1;
    }
}

fn survives(tokens: TokenStream) {
    let parsed = parse(tokens);
    let Some(workflow) = parsed.workflow else {
        assert!(!parsed.errors.is_empty());
        return;
    };
    let model = lower(&workflow);
    assert_eq!((model.states.len(), model.transitions.len()), (workflow.states.len(), workflow.transitions.len()));
    for diagnostic in check(&model) {
        workflow.span(diagnostic.place);
    }
    for i in 0..9 {
        for j in 0..3 {
            let parts = [Part::Parameter(j), Part::Source(j), Part::Literal(j), Part::Trigger(j), Part::Task(j), Part::Effect];
            let places = [Place::Field(i), Place::StateFieldType(i, j), Place::GroupMember(i, j), Place::Attribute("label")];
            let lines = parts.iter().flat_map(|part| [Place::Transition(i, *part), Place::Create(*part)]);
            for place in lines.chain(places) {
                let _ = workflow.span(place);
            }
        }
    }
}
