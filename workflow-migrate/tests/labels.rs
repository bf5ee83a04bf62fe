//! Labels of states that others had: history and rows know a state by nothing else.

use workflow_migrate::{Refusal, diff};
use workflow_model::Model;

/// Between the first state and the last one; a state's name is its last word.
fn model(states: &[&str], attributes: &str) -> Model {
    let name = |state: &str| state.rsplit(' ').next().unwrap_or_default().to_owned();
    let lines = states.iter().enumerate().map(|(i, state)| format!("go_{i}: Placed -> {0}, end_{i}: {0} -> Gone,", name(state)));
    let text = format!(
        "workflow! {{ {attributes} pub workflow Order in orders {{ id: Uuid, states {{ initial Placed, {} final Gone }} \
         transitions {{ {} }} }} }}",
        states.iter().map(|state| format!("{state}, ")).collect::<String>(),
        lines.collect::<String>()
    );
    let found = workflow_syntax::find(&text).unwrap().found.remove(0);
    let parsed = workflow_syntax::parse(found.tokens);
    assert!(parsed.errors.is_empty(), "{text} {:?}", parsed.errors);
    let model = workflow_syntax::lower(&parsed.workflow.unwrap());
    assert_eq!(workflow_model::check(&model), []);
    model
}

fn refusals(before: &Model, after: &Model, retired: &[&str]) -> Vec<Refusal> {
    let retired: Vec<String> = retired.iter().map(|&label| label.to_owned()).collect();
    diff(before, after, &retired).refusals
}

#[test]
fn the_label_of_a_removed_state_is_not_given_to_a_new_one_nor_to_a_renamed_one() {
    let before = model(&["Waits"], "");
    for after in [model(&["Waits", "Held"], ""), model(&["#[renamed_from = \"waits\"] Held"], "")] {
        assert_eq!(refusals(&before, &after, &[]), []);
        let refused = refusals(&before, &after, &["held"]);
        assert_eq!(refused.len(), 1);
        assert_eq!(refused[0].message, "the label `held` belonged to a state that was removed: history still has it");
    }
    let held = model(&["Held"], "");
    assert_eq!(refusals(&held, &held, &["held"]), [], "it is its own");
}

#[test]
fn two_states_do_not_become_one_by_way_of_a_rename() {
    let before = model(&["Held", "OnHold"], "");
    let refused = refusals(&before, &model(&["#[renamed_from = \"on_hold\"] Held"], ""), &[]);
    assert_eq!(refused.len(), 1, "{refused:?}");
    assert_eq!(refused[0].message, "the label `held` was that of `Held`, whose rows would be taken for those of `OnHold`");
    assert!(refused[0].help.contains("`#[label = \"on_hold\"]` on `Held`") && refused[0].help.contains("`#[removed(held -> "));
    // As the help says.
    let mended = model(&["#[label = \"on_hold\"] Held"], "#[removed(held -> Placed)]");
    assert_eq!(refusals(&before, &mended, &[]), []);
}
