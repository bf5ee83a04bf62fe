//! The migrations of three workflows, byte for byte. `UPDATE_GOLDEN=1` writes them anew; the difference is then reviewed in git.

mod models;

use std::path::Path;
use workflow_migrate::first_migration;
use workflow_model::Model;

fn compare(name: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, text).unwrap();
    }
    let golden = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(text, golden, "{name} differs; UPDATE_GOLDEN=1 accepts it");
}

fn compare_model(name: &str, model: &Model) {
    let migration = first_migration(model);
    compare(&format!("{name}.up.sql"), &migration.up);
    compare(&format!("{name}.down.sql"), &migration.down);
}

#[test]
fn what_all_workflows_share_is_rendered_as_reviewed() {
    let migration = first_migration(&models::order());
    compare("shared.up.sql", &migration.shared);
    compare("shared.down.sql", &migration.shared_down);
}

#[test]
fn the_order_workflow_is_rendered_as_reviewed() {
    compare_model("order", &models::order());
}

#[test]
fn a_workflow_with_every_feature_is_rendered_as_reviewed() {
    compare_model("parcel", &models::parcel());
}

#[test]
fn an_adopted_table_is_rendered_as_reviewed() {
    compare_model("account", &models::account());
}

#[test]
fn nothing_is_left_of_a_template_and_nothing_depends_on_the_run() {
    for model in [models::order(), models::parcel(), models::account()] {
        let migration = first_migration(&model);
        assert_eq!(migration, first_migration(&model));
        for text in [&migration.shared, &migration.shared_down, &migration.up, &migration.down] {
            assert!(!text.contains('\r') && text.ends_with('\n') && !text.ends_with("\n\n"));
            let hole = text.split('{').skip(1).find(|t| {
                t.split_once('}')
                    .is_some_and(|(n, _)| !n.is_empty() && n.bytes().all(|b| b.is_ascii_lowercase() || b == b'.' || b == b'_'))
            });
            assert_eq!(hole, None);
        }
    }
}
