//! Every mistake is named where it stands, and what is right around it stays.

use workflow_syntax::{CODES, ParseError, Parsed, lower, parse};

/// The faults as `line:column code message / help`, from the first line of the text.
fn faults(parsed: &Parsed) -> Vec<String> {
    parsed.errors.iter().map(written).collect()
}

fn written(error: &ParseError) -> String {
    let at = error.span.start();
    let help = error.help.as_ref().map(|help| format!(" / {help}")).unwrap_or_default();
    format!("{}:{} {} {}{help}", at.line, at.column + 1, error.code, error.message)
}

/// The only fault of a block without its place.
fn only(text: &str) -> String {
    let parsed = parse(text.parse().unwrap());
    assert_eq!(parsed.errors.len(), 1, "{text}: {:#?}", faults(&parsed));
    let fault = written(&parsed.errors[0]);
    fault.split_once(' ').unwrap().1.to_owned()
}

fn with_fields(fields: &str) -> String {
    only(&format!("workflow A in a {{ {fields} states {{ initial S }} transitions {{}} }}"))
}

fn with_states(states: &str) -> String {
    only(&format!("workflow A in a {{ states {{ {states} }} transitions {{}} }}"))
}

fn with_transitions(transitions: &str) -> String {
    only(&format!("workflow A in a {{ states {{ initial S }} transitions {{ {transitions} }} }}"))
}

#[test]
fn five_mistakes_are_five_faults_and_the_rest_is_still_there() {
    let text = r#"pub workflow Order in orders {
    id: Uuid,
    sku,
    quantity: i32,
    states {
        initial Placed,
        Reserved { warehouse },
        #[lable = "sent"] Shipped { tracking: String },
        final Done,
    }
    transitions {
        reserve: Placed => Reserved with take_stock,
        ship(tracking: String): Reserved -> Shipped by,
        deliver: Shipped -> Done,
    }
}"#;
    let parsed = parse(text.parse().unwrap());
    assert_eq!(
        faults(&parsed),
        [
            "3:5 W001 `sku` has no type / write `sku: String`",
            "7:20 W001 `warehouse` has no type / write `warehouse: String`",
            "8:11 W002 unknown attribute `lable` / did you mean `label`?",
            "12:25 W001 expected `->`, found `=>` / write `->`",
            "13:55 W001 expected an activity, found `,`",
        ]
    );
    let model = lower(&parsed.workflow.unwrap());
    let names: Vec<_> = model.states.iter().map(|s| s.name.rust.as_str()).collect();
    assert_eq!(names, ["Placed", "Reserved", "Shipped", "Done"]);
    let lines: Vec<_> = model.transitions.iter().map(|t| (t.event.rust.as_str(), t.target.is_some())).collect();
    assert_eq!(lines, [("reserve", true), ("ship", true), ("deliver", true)]);
    assert_eq!(model.fields.iter().map(|f| f.name.rust.as_str()).collect::<Vec<_>>(), ["id", "quantity"]);
}

#[test]
fn a_near_miss_in_the_header_is_told_apart() {
    let body = "{ states { initial S } transitions {} }";
    let begin = " / begin with `workflow Order in orders { … }`";
    assert_eq!(only(&format!("pub enum A in a {body}")), format!("W001 expected `workflow`, found `enum`{begin}"));
    assert_eq!(only(&format!("A in a {body}")), format!("W001 expected `workflow`, found `A`{begin}"));
    assert_eq!(
        only(&format!("workflow BigOrder {body}")),
        "W001 expected `in` and the table, found `{` / write `BigOrder in big_orders`"
    );
    assert_eq!(only(&format!("workflow A in \"a\" {body}")), "W001 expected the table's name, found `\"a\"` / write `A in as`");
    assert_eq!(only(&format!("workflow A in x::a {body}")), "W001 expected `.` or `{`, found `::` / write `x.as`");
    assert_eq!(
        only(&format!("workflow A in a {body} workflow B in b {body}")),
        "W001 expected the end of the block, found `workflow` / put every workflow into a `workflow!` of its own"
    );
    assert_eq!(only("workflow A in a"), "W001 expected `{`, found the end of the block");
}

#[test]
fn only_a_block_without_a_name_is_lost() {
    for text in ["", "workflow", "pub workflow in orders { }", "42"] {
        let parsed = parse(text.parse().unwrap());
        assert!(parsed.workflow.is_none() && parsed.errors.len() == 1, "{text}: {:?}", faults(&parsed));
    }
    assert!(parse("workflow Order".parse().unwrap()).workflow.is_some());
}

#[test]
fn a_section_is_there_once_and_by_its_name() {
    let missing = "W005 `A` has no `states` / add `states { initial Draft, final Done }`";
    assert_eq!(only("workflow A in a { transitions {} }"), missing);
    assert_eq!(
        only("workflow A in a { state { initial S } transitions {} }"),
        "W001 unknown section `state` / did you mean `states`?"
    );
    assert_eq!(
        only("workflow A in a { states {} fields {} transitions {} }"),
        "W001 unknown section `fields` / the sections are `states`, `groups` and `transitions`"
    );
    let twice = parse("workflow A in a { states { A } transitions {} states { B } }".parse().unwrap());
    assert_eq!(faults(&twice), ["1:47 W005 `states` stands twice / put everything into the first one"]);
    assert_eq!(twice.workflow.unwrap().states.len(), 2);
    let late = parse("workflow A in a { states {} transitions {} id: Uuid }".parse().unwrap());
    assert_eq!(faults(&late), ["1:44 W001 the field `id` stands behind a section / fields stand before `states`"]);
    assert_eq!(late.workflow.unwrap().fields.len(), 1);
}

#[test]
fn a_near_miss_in_a_field_is_told_apart() {
    assert_eq!(with_fields("id: Uuid; sku: String; n: i32,"), "W001 expected `,`, found `;` / separate by `,`");
    assert_eq!(with_fields("id: Uuid sku: String,"), "W001 expected `,`, found `sku` / put a `,` before `sku`");
    assert_eq!(with_fields("id: Uuid"), "W001 expected `,`, found `states` / put a `,` before `states`");
    assert_eq!(with_fields("id Uuid, sku: String,"), "W001 expected `:` and the type of `id`, found `Uuid`");
    assert_eq!(with_fields("pub id: Uuid,"), "W001 a field has no `pub` / leave it out: a field is as visible as its workflow");
    assert_eq!(with_fields("id: ,"), "W001 expected the type of `id`, found `,` / write `id: String`");
    assert_eq!(with_fields("a: Option<String, b: i32,"), "W001 `Option < String` is not a type");
    assert_eq!(with_fields("type: i32,"), "W004 `type` is a Rust keyword and cannot be a name / write `kind`");
    assert_eq!(with_fields("r#loop: i32,"), "W004 a raw identifier cannot be a name: `r#loop` / write `loop_`");
    assert_eq!(with_fields("r#id: i32,"), "W004 a raw identifier cannot be a name: `r#id` / write `id`");
}

#[test]
fn a_near_miss_in_a_state_is_told_apart() {
    assert_eq!(
        with_states("Reserved(String)"),
        "W001 expected `,` or the fields of `Reserved`, found `(` / fields have names: `Reserved { name: String }`"
    );
    assert_eq!(with_states("Placed Reserved"), "W001 expected `,`, found `Reserved` / put a `,` before `Reserved`");
    assert_eq!(with_states("intial Placed"), "W001 unknown word `intial` before `Placed` / did you mean `initial Placed`?");
    assert_eq!(
        with_states("state Placed"),
        "W001 unknown word `state` before `Placed` / only `initial` or `final` may stand before a state"
    );
    assert_eq!(with_states("initial final Placed"), "W001 `Placed` is called `initial` or `final` more than once");
    assert_eq!(with_states("Placed, final"), "W004 `final` is a Rust keyword and cannot be a name / write `final_`");
    assert_eq!(with_states("Placed = 1, Done"), "W001 expected `,`, found `=`");
    assert_eq!(with_states("Placed, /// Nothing.\n"), "W001 expected a state, found `}`");
    assert_eq!(
        only("workflow A in a { states {} groups { Open: A | B } transitions {} }"),
        "W001 expected `=`, found `:` / write `Open = First | Second`"
    );
    assert_eq!(
        only("workflow A in a { states {} groups { Open = A || B } transitions {} }"),
        "W001 expected `|`, found `||` / join the names with `|`"
    );
}

#[test]
fn a_state_after_a_broken_one_is_kept() {
    let parsed = parse("workflow A in a { states { 3 + 4, Good, { x }, Best { n: i32 } } transitions {} }".parse().unwrap());
    assert_eq!(parsed.errors.len(), 2);
    let names: Vec<_> = parsed.workflow.unwrap().states.iter().map(|s| s.name.to_string()).collect();
    assert_eq!(names, ["Good", "Best"]);
}

#[test]
fn a_near_miss_in_a_line_is_told_apart() {
    assert_eq!(with_transitions("go: A => B"), "W001 expected `->`, found `=>` / write `->`");
    assert_eq!(with_transitions("go: A B"), "W001 expected `->`, `,` or a clause, found `B` / write `-> B`");
    assert_eq!(with_transitions("go A -> B"), "W001 expected `:`, found `A` / write `go: A`");
    assert_eq!(with_transitions("go -> B"), "W001 expected `:`, found `->` / write `go: Source -> Target`");
    assert_eq!(with_transitions("go: A -> B stop: B -> C"), "W001 expected `,`, found `stop` / put a `,` before `stop`");
    assert_eq!(with_transitions("go: A, B -> C"), "W001 expected `:`, found `->` / join several sources with `|`: `… | B -> …`");
    assert_eq!(
        with_transitions("go: A -> B | C"),
        "W001 expected `,`, `{` or a clause, found `|` / a transition has one target: write one line for each"
    );
    assert_eq!(
        with_transitions("go { n: i32 }: A"),
        "W001 expected `(` or `:`, found `{` / parameters stand in parentheses: `go(n: i32)`"
    );
    assert_eq!(with_transitions("go(#[unique] n: i32): A"), "W003 `unique` cannot stand on a parameter / it stands on a field");
    assert_eq!(
        with_transitions("go: A -> B { n: Some(1) }"),
        "W001 expected a literal or `None`, found `Some` / write the value without `Some`"
    );
    assert_eq!(
        with_transitions("go: A -> B { n: other }"),
        "W001 expected a literal or `None`, found `other` / a value that is not fixed comes from a parameter: `(n: …)` behind the event"
    );
    assert_eq!(with_transitions("go: A -> B { n: -\"x\" }"), "W001 expected a number, found `\"x\"`");
    assert_eq!(with_transitions("go: A -> "), "W001 expected a state, found `}`");
    assert_eq!(with_transitions("create: A -> B"), "W001 `create` has no source / write `create: -> Placed`");
}

#[test]
fn a_near_miss_in_a_clause_is_told_apart() {
    assert_eq!(with_transitions("go: A -> B wiht x"), "W001 expected `,` or a clause, found `wiht` / did you mean `with`?");
    assert_eq!(with_transitions("go: A wiht x"), "W001 expected `->`, `,` or a clause, found `wiht` / did you mean `with`?");
    assert_eq!(with_transitions("go: A -> B with x with y"), "W006 `with` stands twice / a line has one effect: join the two");
    assert_eq!(
        with_transitions("go: A if sql \"x\" if sql \"y\""),
        "W006 `if` stands twice / a line has one guard: join the two"
    );
    assert_eq!(with_transitions("go: A with \"UPDATE\""), "W001 expected an effect, found `\"UPDATE\"` / write `with sql \"…\"`");
    assert_eq!(with_transitions("go: A if \"x\""), "W001 expected `sql`, found `\"x\"` / write `if sql \"quantity > 0\"`");
    assert_eq!(
        with_transitions("go: A with shop::take_stock"),
        "W001 expected `,` or a clause, found `::` / write the bare name: it becomes a method that you implement"
    );
    assert_eq!(with_transitions("go: A by then tell"), "W001 expected an activity, found `then`");
}

#[test]
fn a_count_is_one_and_a_duration_ends() {
    assert_eq!(with_transitions("go: A after 30 min"), "W007 unknown unit `min` / did you mean `minutes`?");
    assert_eq!(with_transitions("go: A after 30m"), "W007 no space in `30m` / write `30 minutes`");
    assert_eq!(with_transitions("go: A after 2 weeks"), "W007 unknown unit `weeks` / write days: `14 days`");
    assert_eq!(
        with_transitions("go: A after 2 months"),
        "W007 unknown unit `months` / write days: months and years differ in length"
    );
    assert_eq!(with_transitions("go: A after 0 days"), "W007 `0 days` is no time / a duration is at least 1 second");
    assert_eq!(
        with_transitions("go: A after 99999999999999999999999999 days"),
        "W007 `99999999999999999999999999 days` is too long / a duration is at most 10,000 years"
    );
    assert_eq!(
        with_transitions("go: A after 0 failures of x"),
        "W007 `0` failures is no number of failures / write a number from 1 to 1000000"
    );
    assert_eq!(
        with_transitions("go: A after 1.5 hours"),
        "W001 expected a whole number, found `1.5` / write whole numbers: `90 minutes` for one and a half hours"
    );
    let fits = "workflow A in a { states {} transitions { go: A after 3652425 days } }";
    assert!(parse(fits.parse().unwrap()).errors.is_empty());
}

#[test]
fn an_attribute_stands_where_it_means_something() {
    assert_eq!(with_fields("#[adopt] id: Uuid,"), "W003 `adopt` cannot stand on a field / it stands on the workflow");
    assert_eq!(with_states("#[sql = \"x\"] A"), "W003 `sql` cannot stand on a state / it stands on a field");
    assert_eq!(with_states("#[label(x)] A"), "W003 `label` is malformed / write `#[label = \"paid\"]`");
    assert_eq!(with_states("#[label = \"a\"] #[label = \"b\"] A"), "W003 `label` stands twice");
    assert_eq!(with_fields("#[unique(x)] id: Uuid,"), "W003 `unique` is malformed / write `#[unique]`");
    assert_eq!(
        with_states("#[cfg(unix)] A"),
        "W002 unknown attribute `cfg` / a workflow is the same in every build; `#[cfg]` may stand before `workflow!`"
    );
    assert_eq!(
        only("#[removed(A, B)] workflow A in a { states {} transitions {} }"),
        "W003 `removed` is malformed / write `#[removed(Hold -> Placed)]` or `#[removed(Hold -> Cancelled { reason: \"…\" })]`"
    );
    assert_eq!(with_fields("/// All of them.\n"), "W003 a section has no doc comment / write `//`, or put the docs on an item");
}

#[test]
fn what_is_said_of_changes_has_one_form_and_its_place() {
    let default = "W003 `default` is malformed / write `#[default = 1]`";
    for written in ["default", "default = today", "default(1)", "default = 1 + 1"] {
        assert_eq!(with_fields(&format!("#[{written}] n: i32,")), default, "{written}");
    }
    let was = "W003 `was` is malformed / write `#[was(i32)]` or `#[was(i32, \"amount * 100\", \"cents / 100\")]`";
    for written in ["was", "was()", "was(i32, \"a\")", "was(i32, a, b)", "was(i32, \"a\", \"b\", \"c\")", "was = \"i32\""] {
        assert_eq!(with_fields(&format!("#[{written}] n: i64,")), was, "{written}");
    }
    let on_the_workflow = |written: &str| only(&format!("#[{written}] workflow A in a {{ states {{}} transitions {{}} }}"));
    let dropped = "W003 `dropped` is malformed / write `#[dropped(sku)]` or `#[dropped(Reserved.carrier = \"none\")]`";
    for written in ["dropped", "dropped()", "dropped(a.b.c)", "dropped(a, b)", "dropped(a = b)", "dropped = \"a\""] {
        assert_eq!(on_the_workflow(written), dropped, "{written}");
    }
    let moved = "W003 `moved_from` is malformed / write `#[moved_from(orders)]` or `#[moved_from(sales.orders)]`";
    for written in ["moved_from", "moved_from(\"orders\")", "moved_from(a.b.c)", "moved_from = \"orders\""] {
        assert_eq!(on_the_workflow(written), moved, "{written}");
    }
    assert_eq!(on_the_workflow("moved_from(a)] #[moved_from(b)"), "W003 `moved_from` stands twice");
    assert_eq!(
        on_the_workflow("removed(Hold -> Gone { why: because })"),
        "W001 expected a literal or `None`, found `because` / without a literal, `why` keeps what the removed state had in its field of that name"
    );
    assert_eq!(with_transitions("#[retime(now)] go: A"), "W003 `retime` is malformed / write `#[retime]`");
    assert_eq!(with_transitions("#[retime] create: -> S"), "W003 `retime` cannot stand on `create` / it stands on an event");
    assert_eq!(with_states("#[default = 1] A"), "W003 `default` cannot stand on a state / it stands on a field");
    assert_eq!(
        with_transitions("go(#[default = 1] n: i32): S"),
        "W003 `default` cannot stand on a parameter / it stands on a field"
    );
    assert_eq!(with_fields("#[dropped(a)] n: i32,"), "W003 `dropped` cannot stand on a field / it stands on the workflow");
    assert_eq!(with_fields("#[defalt = 1] n: i32,"), "W002 unknown attribute `defalt` / did you mean `default`?");
}

#[test]
fn several_triggers_are_left_to_a_rule() {
    let text = "workflow A in a { states {} transitions { go: A after 1 day by x at due } }";
    let parsed = parse(text.parse().unwrap());
    assert!(parsed.errors.is_empty());
    assert_eq!(lower(&parsed.workflow.unwrap()).transitions[0].triggers.len(), 3);
}

#[test]
fn the_parsers_codes_are_in_their_order_and_below_the_rules() {
    let codes: Vec<_> = CODES.iter().map(|(code, _)| code.0).collect();
    assert_eq!(codes, [1, 2, 3, 4, 5, 6, 7]);
}

#[test]
fn how_a_job_is_tried_again_has_an_order_and_a_place() {
    let order =
        "behind `by …` or `then …`, and once in this order: `up to 10 attempts pausing 5 seconds to 1 hour within 2 minutes`";
    let stray = |word: &str| format!("W001 expected `,` or a clause, found `{word}` / {order}");
    assert_eq!(with_transitions("a: S after 3 days up to 3 attempts"), stray("up"));
    assert_eq!(with_transitions("a: S with take_stock within 2 minutes"), stray("within"));
    assert_eq!(with_transitions("a: S by b pausing 5 seconds up to 3 attempts"), stray("up"));
    assert_eq!(with_transitions("a: S then b within 5 seconds within 5 seconds"), stray("within"));
    assert_eq!(with_transitions("a: S by up to 3 attempts"), "W001 expected an activity, found `up`");
    assert_eq!(with_transitions("a: S then within 3 hours"), "W001 expected a task, found `within`");
}

#[test]
fn attempts_and_pauses_are_counted_in_whole_numbers_from_one() {
    assert_eq!(with_transitions("a: S by b up 3 attempts"), "W001 expected `to`, found `3` / write `up to 10 attempts`");
    assert_eq!(with_transitions("a: S by b up to 3 times"), "W001 expected `attempts`, found `times` / write `up to 3 attempts`");
    assert_eq!(
        with_transitions("a: S by b up to many"),
        "W001 expected a whole number, found `many` / write `up to 10 attempts`"
    );
    assert_eq!(with_transitions("a: S by b up to 3x"), "W007 no space in `3x` / write `up to 3 attempts`");
    assert_eq!(
        with_transitions("a: S by b up to 0 attempts"),
        "W007 `0` attempts is no number of attempts / write a number from 1 to 1000000"
    );
    assert_eq!(
        with_transitions("a: S then b pausing 0 seconds"),
        "W007 `0 seconds` is no time / a duration is at least 1 second"
    );
    assert_eq!(with_transitions("a: S then b within 5 min"), "W007 unknown unit `min` / did you mean `minutes`?");
    assert_eq!(
        with_transitions("a: S then b pausing 5 to 10 minutes"),
        "W001 expected `minutes` or another unit, found `to` / write `pausing 5 minutes`"
    );
    // A failure is counted, not waited for.
    assert_eq!(
        with_transitions("a: S then b within 5 failures"),
        "W007 unknown unit `failures` / the units are `seconds`, `minutes`, `hours` and `days`"
    );
}
