//! What a pull request shows of a change.

mod models;

use std::path::Path;
use workflow_diagram::difference;
use workflow_model::Model;

/// The order workflow, with parts of its text replaced.
fn changed(replaced: &[(&str, &str)]) -> Model {
    let mut text = include_str!("../../workflow-migrate/tests/models/order.rs").to_owned();
    for (old, new) in replaced {
        assert!(text.contains(old), "{old}");
        text = text.replace(old, new);
    }
    models::model(&text)
}

#[test]
fn equal_graphs_have_no_difference() {
    for model in [models::small(), models::order(), models::parcel(), models::payment(), models::claim()] {
        assert_eq!(difference(&model, &model), None);
    }
    let docs_only = changed(&[("/// An order,", "/// Our order,")]);
    assert_eq!(difference(&models::order(), &docs_only), None);
}

#[test]
fn what_was_added_removed_and_changed_is_drawn_as_reviewed() {
    let after = changed(&[
        ("Shipped { tracking: String },", "Shipped { tracking: String, parcels: i32 }, final Returned,"),
        ("ship(tracking: String):", "ship(tracking: String, parcels: i32):"),
        (
            "deliver: Shipped -> Delivered,",
            "deliver: Shipped -> Delivered if sql \"NEW.parcels > 0\", give_back: Shipped -> Returned,",
        ),
        ("after 30 minutes", "after 1 hour"),
        (
            "undeliverable: Reserved -> Cancelled { reason: \"no courier\" } after 5 failures of book_courier with return_stock,",
            "",
        ),
    ]);
    let text = difference(&models::order(), &after).unwrap();
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/difference.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert_eq!(text, std::fs::read_to_string(&path).unwrap_or_default(), "UPDATE_GOLDEN=1 accepts it");
}

#[test]
fn a_renamed_state_is_the_same_one() {
    let after = changed(&[
        ("Reserved { warehouse", "#[renamed_from = \"reserved\"] Held { warehouse"),
        ("Placed | Reserved", "Placed | Held"),
        ("Placed -> Reserved", "Placed -> Held"),
        ("Reserved ->", "Held ->"),
    ]);
    let text = difference(&models::order(), &after).unwrap();
    assert!(text.contains("s1(\"Reserved → Held<br>"), "{text}");
    assert!(!text.contains("classDef added") && !text.contains("classDef removed") && !text.contains("linkStyle"), "{text}");
}

#[test]
fn a_condition_that_changed_behind_the_cut_is_a_change() {
    let guarded = |limit: &str| {
        let condition =
            format!("deliver: Shipped -> Delivered if sql \"quantity > 0 AND sku <> 'nothing at all' AND quantity < {limit}\",");
        changed(&[("deliver: Shipped -> Delivered,", &condition)])
    };
    let text = difference(&guarded("5"), &guarded("6")).unwrap();
    assert!(text.contains("another condition"), "{text}");
}
