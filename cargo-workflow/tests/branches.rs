//! Two branches of a real repository, merged by git.

mod repository;

use repository::Repository;

const HURRY: (&str, &str) = ("go: Placed -> Gone,", "go: Placed -> Gone, hurry: Placed,");
const LEAVE: (&str, &str) = ("go: Placed -> Gone,", "leave: Placed -> Gone,");
const LOSE: (&str, &str) = ("go: Placed -> Gone,", "go: Placed -> Gone, touch: Placed then tell,");

#[test]
fn two_branches_that_change_one_workflow_conflict_in_git_and_rebase_mends_it() {
    let shop = Repository::with_two_workflows("same");
    shop.branch("mine");
    shop.change("order", HURRY);
    shop.workflow(&["generate"]).ends(0);
    shop.commit("mine");
    shop.checkout("main");
    shop.change("order", LOSE);
    shop.workflow(&["generate"]).ends(0);
    shop.commit("theirs");
    shop.checkout("mine");

    assert!(!shop.git(&["merge", "main"]), "git sees that both have changed the snapshot");
    shop.write(
        "order",
        &shop.declaration("order").replace(HURRY.0, "go: Placed -> Gone, touch: Placed then tell, hurry: Placed,"),
    );
    let damaged = shop.workflow(&["check"]).ends(4);
    assert!(damaged.contains("a merge has left its conflict in it") && damaged.contains("cargo workflow rebase"), "{damaged}");
    let rebased = shop.workflow(&["rebase", "--base", "main"]).ends(0);
    assert!(rebased.contains("removed migrations/") && rebased.contains("order: `hurry` from `placed`"), "{rebased}");
    shop.workflow(&["check", "--base", "main"]).ends(0);
    shop.commit("merged");
}

#[test]
fn a_merge_that_takes_one_sides_snapshot_and_both_sides_files_is_found() {
    let shop = Repository::with_two_workflows("heads");
    shop.branch("mine");
    shop.change("order", HURRY);
    shop.workflow(&["generate"]).ends(0);
    shop.commit("mine");
    shop.checkout("main");
    shop.change("order", LOSE);
    shop.workflow(&["generate"]).ends(0);
    shop.commit("theirs");
    shop.checkout("mine");

    assert!(shop.git(&["merge", "-X", "ours", "main"]), "git has nothing to complain of");
    shop.workflow(&["check"]).ends(4);
    assert!(shop.git(&["checkout", "HEAD^1", "migrations/.workflow/order.json"]));
    let heads = shop.workflow(&["check"]).ends(4);
    assert!(heads.contains("two branches have changed the workflow"), "{heads}");
    let heads = shop.workflow(&["check", "--format", "github"]).ends(4);
    assert!(heads.contains("::error file=migrations/2") && heads.contains("_order_expand.up.sql::"), "{heads}");
    shop.workflow(&["rebase", "--base", "main"]).ends(0);
    shop.workflow(&["check", "--base", "main"]).ends(0);
}

#[test]
fn two_branches_that_change_different_workflows_do_not_conflict() {
    let shop = Repository::with_two_workflows("different");
    shop.branch("mine");
    shop.change("order", HURRY);
    shop.workflow(&["generate"]).ends(0);
    shop.commit("mine");
    shop.checkout("main");
    shop.change("bill", LOSE);
    shop.workflow(&["generate"]).ends(0);
    shop.commit("theirs");
    shop.checkout("mine");

    assert!(shop.git(&["merge", "main"]), "there is nothing to conflict");
    shop.workflow(&["check"]).ends(0);
    let below = shop.workflow(&["check", "--base", "main"]).ends(4);
    assert!(below.contains("comes before") && below.contains("run `cargo workflow rebase --base main`"), "{below}");
    let below = shop.workflow(&["check", "--base", "main", "--format", "github"]).ends(4);
    assert!(below.starts_with("::error file=migrations/2"), "{below}");
    shop.workflow(&["rebase", "--base", "main"]).ends(0);
    shop.workflow(&["check", "--base", "main"]).ends(0);
}

#[test]
fn a_file_of_the_other_branch_that_is_missing_or_another_one_here_is_found() {
    let shop = Repository::with_two_workflows("altered");
    shop.put("migrations/20300101000000_mine.up.sql", "SELECT 1;\n");
    shop.put("migrations/20300101000000_mine.down.sql", "SELECT 1;\n");
    shop.commit("by hand");
    shop.branch("mine");
    shop.workflow(&["check", "--base", "main"]).ends(0);
    shop.put("migrations/20300101000000_mine.up.sql", "SELECT 2;\n");
    let altered = shop.workflow(&["check", "--base", "main"]).ends(4);
    assert!(altered.contains("`migrations/20300101000000_mine.up.sql` is not the file of that name in main"), "{altered}");
    shop.git(&["rm", "-qf", "migrations/20300101000000_mine.up.sql", "migrations/20300101000000_mine.down.sql"]);
    let missing = shop.workflow(&["check", "--base", "main"]).ends(4);
    assert!(missing.contains("20300101000000_mine.up.sql") && missing.contains("merge main"), "{missing}");
}

#[test]
fn a_snapshot_merged_by_hand_is_found() {
    let shop = Repository::with_two_workflows("hand");
    let snapshot = "migrations/.workflow/order.json";
    shop.replace(snapshot, "\"label\":\"gone\"", "\"label\":\"went\"");
    let damaged = shop.workflow(&["check"]).ends(4);
    assert!(damaged.contains("its content does not have the hash that it states"), "{damaged}");
}

#[test]
fn a_rebase_that_cannot_be_made_leaves_everything_as_it_was() {
    let shop = Repository::with_two_workflows("refused");
    shop.branch("mine");
    shop.change("order", HURRY);
    shop.workflow(&["generate"]).ends(0);
    shop.commit("mine");
    shop.change("order", ("hurry: Placed,", "hurry: Placed -> Gone, state_gone: Placed,"));
    shop.change("order", ("id: Uuid", "id: i64"));
    shop.workflow(&["rebase", "--base", "main"]).ends(3);
    shop.git(&["checkout", "order/src"]);
    assert!(shop.git(&["diff", "--quiet"]), "nothing has changed");
    assert!(shop.untracked().is_empty());
}

#[test]
fn a_rebase_finishes_what_this_branch_has_finished_and_nothing_else() {
    let shop = Repository::with_two_workflows("finished");
    shop.change("order", LEAVE);
    shop.workflow(&["generate"]).ends(0);
    shop.commit("begun");
    shop.branch("mine");
    shop.second();
    shop.workflow(&["generate", "--phase", "contract"]).ends(0);
    shop.commit("finished");
    shop.checkout("main");
    shop.change("bill", LEAVE);
    shop.workflow(&["generate"]).ends(0);
    shop.commit("theirs");
    shop.checkout("mine");

    assert!(shop.git(&["merge", "main"]), "there is nothing to conflict");
    let rebased = shop.workflow(&["rebase", "--base", "main"]).ends(0);
    assert!(rebased.contains("_order_contract.up.sql") && !rebased.contains("_bill_contract"), "{rebased}");
    let waits = shop.workflow(&["check", "--base", "main"]).ends(0);
    assert!(waits.contains("the contract phase of `bill` waits") && !waits.contains("of `order` waits"), "{waits}");
}

#[test]
fn a_rebase_does_not_finish_the_change_of_somebody_else_to_the_same_workflow() {
    let shop = Repository::with_two_workflows("other");
    shop.branch("mine");
    shop.change("order", LEAVE);
    shop.workflow(&["generate"]).ends(0);
    shop.commit("begun");
    shop.second();
    shop.workflow(&["generate", "--phase", "contract"]).ends(0);
    shop.commit("finished");
    shop.checkout("main");
    shop.change("order", ("go: Placed -> Gone,", "depart: Placed -> Gone,"));
    shop.workflow(&["generate"]).ends(0);
    shop.commit("theirs");
    shop.checkout("mine");

    assert!(!shop.git(&["merge", "main"]), "both have changed the workflow");
    shop.write("order", &shop.declaration("order").replace("leave:", "depart: Placed -> Gone, leave:"));
    let refused = shop.workflow(&["rebase", "--base", "main"]).ends(4);
    assert!(refused.contains("does not finish the change of `order` that waits in main"), "{refused}");
    assert!(shop.untracked().is_empty(), "{}", shop.untracked());
}

#[test]
fn a_removed_workflow_is_dropped_only_after_the_removal_is_committed() {
    let shop = Repository::with_two_workflows("dropped");
    shop.write("bill", "");
    shop.replace("bill/Cargo.toml", "[package.metadata.workflow]\n", "[package.metadata.workflow]\nremoved = [\"bill\"]\n");
    shop.workflow(&["generate"]).ends(0);
    let refused = shop.workflow(&["generate", "--phase", "contract"]).ends(3);
    assert!(refused.contains("the removal of `bill` is not committed yet"), "{refused}");
    shop.commit("removed");
    let dropped = shop.workflow(&["generate", "--phase", "contract"]).ends(0);
    assert!(dropped.contains("_bill_drop.up.sql"), "{dropped}");
}

#[test]
fn the_contract_phase_waits_until_the_expand_phase_is_committed() {
    let shop = Repository::with_two_workflows("released");
    shop.change("order", (" hurry: Placed,", ""));
    shop.change("order", ("go: Placed -> Gone,", "leave: Placed -> Gone,"));
    shop.workflow(&["generate"]).ends(0);
    let refused = shop.workflow(&["generate", "--phase", "contract"]).ends(3);
    assert!(refused.contains("the expand phase of `order` is not committed yet"), "{refused}");
    shop.commit("expand");
    let waits = shop.workflow(&["check"]).ends(0);
    assert!(waits.contains("the contract phase of `order` waits for a later release"), "{waits}");
    shop.workflow(&["generate", "--phase", "contract"]).ends(0);
    shop.workflow(&["check"]).ends(0);
}

#[test]
fn the_contract_phase_of_one_workflow_does_not_wait_for_another() {
    let shop = Repository::with_two_workflows("one-of-two");
    shop.change("order", ("go: Placed -> Gone,", "leave: Placed -> Gone,"));
    shop.workflow(&["generate"]).ends(0);
    shop.commit("expand");
    shop.change("bill", ("go: Placed -> Gone,", "leave: Placed -> Gone,"));
    shop.workflow(&["generate"]).ends(0);
    shop.workflow(&["generate", "--phase", "contract"]).ends(3);
    shop.workflow(&["generate", "--workflow", "order"]).ends(64);
    let unknown = shop.workflow(&["generate", "--phase", "contract", "--workflow", "oder"]).ends(1);
    assert!(unknown.contains("there is no workflow `oder` here"), "{unknown}");
    let one = shop.workflow(&["generate", "--phase", "contract", "--workflow", "order"]).ends(0);
    assert!(one.contains("_order_contract.up.sql") && !one.contains("bill"), "{one}");
    let other = shop.workflow(&["generate", "--phase", "contract", "--workflow", "bill"]).ends(3);
    assert!(other.contains("the expand phase of `bill` is not committed yet"), "{other}");
}

#[test]
fn what_is_said_of_a_change_stays_as_it_is_until_its_contract_phase_is_generated() {
    let shop = Repository::with_two_workflows("reworded");
    shop.change("order", ("initial Placed,", "#[renamed_from = \"placed\"] initial Ready,"));
    shop.write("order", &shop.declaration("order").replace("Placed", "Ready"));
    shop.workflow(&["generate"]).ends(0);
    shop.commit("expand");
    shop.write("order", &shop.declaration("order").replace("#[renamed_from = \"placed\"] ", ""));
    for command in ["generate", "check"] {
        let refused = shop.workflow(&[command]).ends(3);
        assert!(
            refused.contains("`order` says something else of its last change than its files were generated from"),
            "{refused}"
        );
    }
}

#[test]
fn a_declaration_that_is_taken_back_leads_to_its_files_and_not_to_the_contract_phase() {
    let shop = Repository::with_two_workflows("taken-back");
    let before = shop.declaration("order");
    shop.change("order", ("go: Placed -> Gone,", "leave: Placed -> Gone,"));
    shop.workflow(&["generate"]).ends(0);
    shop.commit("expand");
    shop.write("order", &before);
    let refused = shop.workflow(&["check"]).ends(3);
    assert!(refused.contains("`order` is declared as it was before its last change"), "{refused}");
    assert!(refused.contains("sqlx migrate revert") && !refused.contains("--phase contract"), "{refused}");
}

#[test]
fn the_binary_before_can_run_beside_the_expand_phase_and_not_beside_the_contract_phase() {
    let shop = Repository::with_two_workflows("compat");
    shop.git(&["tag", "before"]);
    shop.change("order", ("go: Placed -> Gone,", "leave: Placed -> Gone,"));
    shop.workflow(&["generate"]).ends(0);
    shop.commit("expand");
    let can = shop.workflow(&["compat", "--base", "before"]).ends(0);
    assert!(can.contains("`order` of before can run beside this one: all 6 things that it needs are there"), "{can}");
    shop.workflow(&["generate", "--phase", "contract"]).ends(0);
    let cannot = shop.workflow(&["compat", "--base", "before"]).ends(3);
    assert!(cannot.contains("it needs, and will not find: edge placed>go>gone"), "{cannot}");
    shop.workflow(&["compat", "--base", "HEAD"]).ends(0);
    let unknown = shop.workflow(&["compat", "--base", "none"]).ends(1);
    assert!(unknown.contains("none"), "{unknown}");
}

#[test]
fn what_two_binaries_do_differently_is_a_note_and_no_hindrance() {
    let shop = Repository::with_two_workflows("notes");
    let with = |lines: &str, sku: &str| {
        format!(
            "workflow! {{ pub workflow Order in orders {{ id: Uuid, {sku} sku: String, states {{ initial Placed, Held, final Gone }}\n\
             transitions {{ go: Placed | Held -> Gone, hold: Placed -> Held, {lines} }} }} }}\n"
        )
    };
    let lines = |texts: [&str; 7]| {
        let [a, b, c, d, e, f, g] = texts;
        format!(
            "method_gone: Placed | Held {a}, method_new: Placed {b}, method_other: Placed {c}, sql_new: Placed {d}, sql_gone: Held {e}, \
             sql_other: Placed {f}, rule: Placed {g},"
        )
    };
    let [one, two] = ["with sql \"PERFORM 1\"", "with sql \"PERFORM 2\""];
    shop.write("order", &with(&lines(["with tell", "", "with tell", "", one, one, ""]), "#[default = \"\"]"));
    shop.workflow(&["generate"]).ends(0);
    shop.commit("before");
    shop.second();
    shop.workflow(&["generate", "--phase", "contract"]).ends(0);
    shop.commit("before");
    shop.git(&["tag", "before"]);
    shop.second();
    let same = shop.workflow(&["compat", "--base", "before"]).ends(0);
    assert!(!same.contains("note"), "{same}");
    shop.write("order", &with(&lines(["", "with tell", "with sing", one, "", two, "if sql \"true\""]), "#[unique]"));
    shop.workflow(&["generate"]).ends(0);
    let noted = shop.workflow(&["compat", "--base", "before"]).ends(0);
    for said in [
        "at `method_gone` from `placed`, `held` it goes on running `tell`, its own effect, and this one runs none",
        "at `method_new` from `placed` it runs no effect, and does not know `tell`, which this one runs",
        "at `method_other` from `placed` it goes on running `tell`, its own effect, and this one `sing`",
        "at `sql_new` from `placed` the database runs a new `with sql`, for both at once",
        "at `sql_gone` from `held` the database runs no `with sql` any more, for both at once",
        "at `sql_other` from `placed` the database runs another `with sql`, for both at once",
        "at `rule` from `placed` it may be refused (WF004) by an `if sql` that it does not know",
        "`sku` is unique already in the expand phase: what it writes there is refused (23505) when another row has the value",
    ] {
        assert!(noted.contains(&format!("note: `order` of before beside this one: {said}\n")), "{said}: {noted}");
    }
    assert_eq!(noted.matches("note: ").count(), 8, "{noted}");
    assert!(noted.contains("`order` of before can run beside this one"), "{noted}");
    let json = shop.workflow(&["compat", "--base", "before", "--format", "json"]).ends(0);
    assert_eq!(json.matches("{\"level\":\"note\",\"message\":").count(), 8, "{json}");
}

#[test]
fn an_effect_that_moved_in_two_releases_hinders_the_binary_from_before_both() {
    let shop = Repository::with_two_workflows("moved");
    shop.change("order", ("go: Placed -> Gone,", "go: Placed -> Gone, note: Placed with tell,"));
    shop.workflow(&["generate"]).ends(0);
    shop.commit("application");
    shop.git(&["tag", "before"]);
    let release = |from: &str, to: &str| {
        shop.second();
        shop.change("order", (from, to));
        shop.workflow(&["generate"]).ends(0);
        shop.commit(to);
    };
    release("Placed with tell", "Placed");
    release("note: Placed", "note: Placed with sql \"PERFORM 1\"");
    let cannot = shop.workflow(&["compat", "--base", "before"]).ends(3);
    let said = "the effect of `note` has moved into the database: with an older binary, both would happen";
    assert!(cannot.contains(said) && !cannot.contains("note: "), "{cannot}");
}

#[test]
fn a_binary_that_does_not_know_what_rows_must_have_cannot_run() {
    let shop = Repository::with_two_workflows("required");
    shop.git(&["tag", "before"]);
    shop.change("order", ("id: Uuid,", "id: Uuid, #[default = \"EUR\"] currency: String,"));
    shop.change("bill", ("final Gone", "final Gone { #[default = \"lost\"] why: String }"));
    shop.change("bill", ("go: Placed", "go(why: String): Placed"));
    shop.workflow(&["generate"]).ends(0);
    shop.commit("expand");
    shop.workflow(&["compat", "--base", "before"]).ends(0);
    shop.workflow(&["generate", "--phase", "contract"]).ends(0);
    let cannot = shop.workflow(&["compat", "--base", "before"]).ends(3);
    assert!(cannot.contains("it does not know `currency`, which its rows must have"), "{cannot}");
    assert!(cannot.contains("it does not know `why`, which its rows must have"), "{cannot}");
    shop.workflow(&["compat", "--base", "HEAD"]).ends(0);
}
