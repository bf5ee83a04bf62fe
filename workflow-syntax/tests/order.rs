//! The order workflow, as the language's own page writes it: what it parses to, and where its tokens stand.

use proc_macro2::LineColumn;
use workflow_model::diagnostic::Part;
use workflow_model::{
    Create, Duration, Effect, Kind, Later, Literal, Model, Place, Retried, Retry, StateKind, Table, Time, Transition, Trigger,
};
use workflow_syntax::{ast, find, lower, parse};

const ORDER: &str = include_str!("fixtures/order.rs");

fn order() -> ast::Workflow {
    let file = find(ORDER).unwrap();
    let parsed = parse(file.found[0].tokens.clone());
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    parsed.workflow.unwrap()
}

fn block(text: &str) -> Model {
    let parsed = parse(text.parse().unwrap());
    assert!(parsed.errors.is_empty(), "{:?}", parsed.errors);
    lower(&parsed.workflow.unwrap())
}

fn line<'m>(model: &'m Model, event: &str) -> &'m Transition {
    model.transitions.iter().find(|t| t.event.rust == event).unwrap()
}

#[test]
fn the_header_and_the_fields_are_read() {
    let model = lower(&order());
    assert_eq!((model.name.rust.as_str(), model.name.label.as_str()), ("Order", "order"));
    assert_eq!(model.table, Table { schema: None, name: "orders".into() });
    assert_eq!(model.docs, "An order, from checkout to the customer's door.");
    let fields: Vec<_> = model.fields.iter().map(|f| (f.name.label.as_str(), &f.ty.kind)).collect();
    let expected = [("id", &Kind::Uuid), ("customer_id", &Kind::Uuid), ("sku", &Kind::Text), ("quantity", &Kind::I32)];
    assert_eq!(fields, expected);
}

#[test]
fn the_states_and_groups_are_read() {
    let model = lower(&order());
    let states: Vec<_> = model.states.iter().map(|s| (s.name.label.as_str(), s.kind, s.fields.len())).collect();
    let expected = [
        ("placed", StateKind::Initial, 0),
        ("reserved", StateKind::Normal, 1),
        ("shipped", StateKind::Normal, 1),
        ("delivered", StateKind::Final, 0),
        ("cancelled", StateKind::Final, 1),
    ];
    assert_eq!(states, expected);
    assert_eq!(model.states[0].docs, "Paid for, waiting for a warehouse.");
    assert_eq!((model.groups[0].name.as_str(), model.groups[0].members.join(" ")), ("Open", "Placed Reserved".into()));
}

#[test]
fn every_clause_is_read() {
    let model = lower(&order());
    assert_eq!(model.transitions.len(), 7);
    let reserve = line(&model, "reserve");
    assert_eq!(reserve.effect, Some(Effect::App("take_stock".into())));
    assert_eq!((reserve.sources.join(" "), reserve.docs.as_str()), ("Placed".into(), "Takes the stock in the same transaction."));
    let ship = line(&model, "ship");
    assert_eq!((&ship.triggers[..], &ship.tasks[..]), (&[Trigger::By("book_courier".into())][..], &["send_tracking".into()][..]));
    assert_eq!((ship.parameters[0].name.as_str(), ship.parameters[0].ty.rust.as_str()), ("tracking", "String"));
    let undeliverable = line(&model, "undeliverable");
    assert_eq!(undeliverable.triggers, [Trigger::Exhausted { failures: 5, activity: "book_courier".into() }]);
    let target = undeliverable.target.as_ref().unwrap();
    assert_eq!(
        (target.state.as_str(), &target.literals[0]),
        ("Cancelled", &("reason".into(), Literal::Text("no courier".into())))
    );
    assert_eq!(line(&model, "expire").triggers, [Trigger::After(Duration { seconds: 1800 })]);
    assert!(line(&model, "change_quantity").is_internal());
}

#[test]
fn what_the_order_does_not_use_is_read_too() {
    let model = block(
        r#"
        #[label = "bill"] #[renamed_from = "invoice"] #[adopt(status)] #[removed(Hold -> Open)] #[removed(Old -> Open)]
        pub(crate) workflow Invoice in sales.invoices {
            id: i64,
            /// What is owed.
            ///
            ///  Indented.
            #[sql = "numeric(12,2)"] #[label = "sum"] amount: money::Amount,
            #[unique] number: Option < String >,
            states: i32,
            states { initial Open { due : chrono :: DateTime<chrono::Utc> }, initial, final Closed }
            transitions {
                create: -> Open with greet then announce then count_it,
                #[label = "settled"] pay(by: Option<Json<Vec<u8,>>>,): Open | initial -> Closed { a: None, b: -0x1F, c: -1_000.5, d: true } if sql "states > 0",
                touch: Open at due with sql maybe r"UPDATE x" then nothing,
            }
        }"#,
    );
    assert_eq!(
        (model.name.label.as_str(), model.name.explicit, model.name.renamed_from.as_deref()),
        ("bill", true, Some("invoice"))
    );
    assert_eq!(model.table, Table { schema: Some("sales".into()), name: "invoices".into() });
    assert_eq!(model.adopt.as_ref().unwrap().status.as_deref(), Some("status"));
    let removed: Vec<_> = model.removed.iter().map(|r| (r.state.as_str(), r.target.state.as_str())).collect();
    assert_eq!(removed, [("Hold", "Open"), ("Old", "Open")]);
    let amount = &model.fields[1];
    assert_eq!(
        (amount.ty.sql.as_deref(), amount.ty.kind.clone(), amount.name.label.as_str()),
        (Some("numeric(12,2)"), Kind::Other, "sum")
    );
    assert_eq!(amount.docs, "What is owed.\n\n Indented.");
    let number = &model.fields[2];
    assert_eq!((number.ty.rust.as_str(), number.ty.optional, number.unique), ("Option<String>", true, true));
    assert_eq!(model.fields[3].name.rust, "states");
    assert_eq!(model.states[0].fields[0].ty.kind, Kind::Timestamp);
    assert_eq!((model.states[1].name.rust.as_str(), model.states[1].kind), ("initial", StateKind::Normal));
    let Create { target, effect, tasks, .. } = model.create.as_ref().unwrap();
    assert_eq!((target.as_str(), effect.clone(), tasks.len()), ("Open", Some(Effect::App("greet".into())), 2));
    let pay = line(&model, "pay");
    assert_eq!((pay.event.label.as_str(), pay.guard.as_deref()), ("settled", Some("states > 0")));
    assert_eq!((pay.parameters[0].ty.rust.as_str(), pay.parameters[0].ty.kind.clone()), ("Option<Json<Vec<u8>>>", Kind::Json));
    let literals: Vec<_> = pay.target.as_ref().unwrap().literals.iter().map(|(_, literal)| literal.clone()).collect();
    let expected = [Literal::None, Literal::Integer("-31".into()), Literal::Float("-1000.5".into()), Literal::Bool(true)];
    assert_eq!(literals, expected);
    let touch = line(&model, "touch");
    assert_eq!(touch.triggers, [Trigger::At("due".into())]);
    assert_eq!(touch.effect, Some(Effect::Sql { text: "UPDATE x".into(), maybe: true }));
}

#[test]
fn what_is_said_of_changes_is_read() {
    let model = block(
        r#"
        #[removed(Hold -> Closed { by: "clerk", code: -3 })] #[dropped(sku)] #[dropped(note = "none")]
        #[dropped(Hold.until)] #[dropped(Hold.level = 0)] #[moved_from(sales.bills)]
        workflow Invoice in invoices {
            id: i64,
            #[default = -1] floor: i32,
            #[label = "cents"] #[renamed_from = "amount"] #[was(Option<i32>, "amount * 100", "cents / 100",)] amount: i64,
            #[renamed_from = "rate"] #[was(std::vec::Vec<i16>)] rates: Vec<i32>,
            states { initial Open, final Closed { #[default = "nobody"] by: String, code: i32 } }
            transitions {
                #[retime] close: Open -> Closed { by: "timer", code: 0 } after 2 days,
                reopen: Open,
            }
        }"#,
    );
    let texts = |literals: &[(String, Literal)]| literals.to_vec();
    assert_eq!(
        texts(&model.removed[0].target.literals),
        [("by".into(), Literal::Text("clerk".into())), ("code".into(), Literal::Integer("-3".into()))]
    );
    let dropped: Vec<_> = model.dropped.iter().map(|gone| (gone.path(), gone.value.clone())).collect();
    let expected = [
        ("sku".to_owned(), None),
        ("note".to_owned(), Some(Literal::Text("none".into()))),
        ("Hold.until".to_owned(), None),
        ("Hold.level".to_owned(), Some(Literal::Integer("0".into()))),
    ];
    assert_eq!(dropped, expected);
    assert_eq!(model.moved_from, Some(Table { schema: Some("sales".into()), name: "bills".into() }));
    assert_eq!(model.fields[1].default, Some(Literal::Integer("-1".into())));
    let was = model.fields[2].was.as_ref().unwrap();
    assert_eq!((was.ty.rust.as_str(), was.ty.optional), ("Option<i32>", true));
    assert_eq!((was.forward.as_deref(), was.back.as_deref()), (Some("amount * 100"), Some("cents / 100")));
    let was = model.fields[3].was.as_ref().unwrap();
    assert_eq!((was.ty.kind.clone(), &was.forward, &was.back), (Kind::Array(Box::new(Kind::I16)), &None, &None));
    assert_eq!(model.states[1].fields[0].default, Some(Literal::Text("nobody".into())));
    assert_eq!(model.transitions.iter().map(|line| line.retime).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_type_is_known_by_its_last_segment_and_spelled_in_one_way() {
    let cases = [
        ("bool", "bool", Kind::Bool),
        ("Vec < u8 >", "Vec<u8>", Kind::Bytes),
        ("Vec<String>", "Vec<String>", Kind::Array(Box::new(Kind::Text))),
        ("Vec<Vec<i32>>", "Vec<Vec<i32>>", Kind::Array(Box::new(Kind::Other))),
        ("chrono::NaiveDate", "chrono::NaiveDate", Kind::Date),
        ("DateTime<Local>", "DateTime<Local>", Kind::Other),
        ("Option<Option<i32>>", "Option<Option<i32>>", Kind::Other),
        ("Map< String,Vec<u8> , >", "Map<String, Vec<u8>>", Kind::Other),
        ("(i64)", "i64", Kind::I64),
        ("[u8 ; 4]", "[u8;4]", Kind::Other),
        ("&'static mut dyn Any", "&'static mut dyn Any", Kind::Other),
        ("(i32,)", "(i32,)", Kind::Other),
        ("u64", "u64", Kind::Other),
    ];
    for (written, rust, kind) in cases {
        let model = block(&format!("workflow A in a {{ x: {written}, states {{}} transitions {{}} }}"));
        assert_eq!((model.fields[0].ty.rust.as_str(), &model.fields[0].ty.kind), (rust, &kind), "{written}");
    }
}

#[test]
fn a_number_that_fits_nowhere_is_kept_as_written() {
    let digits = "9".repeat(60);
    let text = format!(
        "workflow A in a {{ states {{}} transitions {{ go: A -> B {{ a: -{digits}, b: 'c', c: 170141183460469231731687303715884105727 }} }} }}"
    );
    let model = block(&text);
    let literals = &line(&model, "go").target.as_ref().unwrap().literals;
    assert_eq!(literals[0].1, Literal::Other(format!("-{digits}")));
    assert_eq!(literals[1].1, Literal::Other("'c'".into()));
    assert_eq!(literals[2].1, Literal::Integer(i128::MAX.to_string()));
}

#[test]
fn a_place_is_found_in_the_text() {
    let workflow = order();
    let undeliverable = |part| Place::Transition(2, part);
    let cases = [
        (Place::Workflow, "Order"),
        (Place::Table, "orders"),
        (Place::Field(3), "quantity: i32"),
        (Place::FieldType(3), "i32"),
        (Place::State(4), "Cancelled"),
        (Place::StateField(1, 0), "warehouse"),
        (Place::StateFieldType(1, 0), "String }"),
        (Place::Group(0), "Open ="),
        (Place::GroupMember(0, 1), "Reserved,"),
        (Place::Transition(1, Part::Parameter(0)), "tracking"),
        (Place::Transition(1, Part::ParameterType(0)), "String):"),
        (Place::Transition(1, Part::Trigger(0)), "book_courier then"),
        (Place::Transition(1, Part::Task(0)), "send_tracking"),
        (undeliverable(Part::Event), "undeliverable"),
        (undeliverable(Part::Source(0)), "Reserved ->"),
        (undeliverable(Part::Target), "Cancelled {"),
        (undeliverable(Part::LiteralName(0)), "reason"),
        (undeliverable(Part::Literal(0)), "\"no courier\""),
        (undeliverable(Part::Trigger(0)), "book_courier with"),
        (undeliverable(Part::Effect), "return_stock"),
        (Place::Transition(5, Part::Trigger(0)), "30"),
    ];
    for (place, text) in cases {
        let found = rest(workflow.span(place).start());
        assert!(found.starts_with(text), "{place:?}: {found}");
    }
}

#[test]
fn a_place_that_is_not_there_gives_what_is_around_it() {
    let workflow = order();
    let cases = [
        (Place::Field(99), "Order"),
        (Place::StateField(1, 9), "Reserved {"),
        (Place::GroupMember(0, 9), "Open"),
        (Place::Create(Part::Target), "Order"),
        (Place::Attribute("adopt"), "Order"),
        (Place::Transition(1, Part::Guard), "ship"),
        (Place::Transition(2, Part::Literal(9)), "Cancelled {"),
        (Place::Transition(99, Part::Event), "Order"),
    ];
    for (place, text) in cases {
        assert!(rest(workflow.span(place).start()).starts_with(text), "{place:?}");
    }
}

/// The fixture from a position on.
fn rest(at: LineColumn) -> &'static str {
    ORDER.lines().nth(at.line - 1).unwrap().get(at.column..).unwrap()
}

#[test]
fn how_jobs_are_tried_again_is_read_behind_their_names() {
    let model = block(
        "workflow A in a { id: Uuid, states { initial S } transitions {
            create: -> S then greet up to 1 attempt,
            go: S by walk up to 10 attempts pausing 5 seconds to 1 hour within 2 minutes then tell pausing 1 day if sql \"true\",
            up: S by within then pausing,
        } }",
    );
    let length = |seconds| Some(Duration { seconds });
    let silent = |job| Retry { job, attempts: None, pause: None, longest: None, within: None };
    let greet = Retry { attempts: Some(1), ..silent(Retried::Task("greet".into())) };
    let walk = Retry {
        attempts: Some(10),
        pause: length(5),
        longest: length(3_600),
        within: length(120),
        ..silent(Retried::Activity("walk".into()))
    };
    let tell = Retry { pause: length(86_400), ..silent(Retried::Task("tell".into())) };
    assert_eq!(model.retries().cloned().collect::<Vec<_>>(), [greet, walk, tell]);
    let go = line(&model, "go");
    assert_eq!((&go.triggers[..], &go.tasks[..]), (&[Trigger::By("walk".into())][..], &["tell".to_owned()][..]));
    // The words are names where a name stands.
    let up = line(&model, "up");
    assert_eq!((&up.triggers[..], &up.tasks[..]), (&[Trigger::By("within".into())][..], &["pausing".to_owned()][..]));
}

#[test]
fn when_a_task_is_due_is_read_behind_its_name() {
    let model = block(
        "workflow A in a { id: Uuid, due: DateTime<Utc>, states { initial S } transitions {
            create: -> S then greet on due then wave,
            go: S then tell in 1 hour,
            up: S then on in 14 days up to 3 attempts then tell on due within 1 hour,
            then_on: S then on,
        } }",
    );
    let on = |task: &str| Later { task: task.into(), time: Time::On("due".into()) };
    let after = |task: &str, seconds| Later { task: task.into(), time: Time::In(Duration { seconds }) };
    let create = model.create.as_ref().unwrap();
    assert_eq!((&create.tasks[..], &create.later[..]), (&["greet".to_owned(), "wave".into()][..], &[on("greet")][..]));
    assert_eq!(line(&model, "go").later, [after("tell", 3_600)]);
    // `on` is a name where a name stands.
    assert_eq!(line(&model, "up").later, [after("on", 14 * 86_400), on("tell")]);
    assert_eq!(model.retries().map(|retry| retry.attempts).collect::<Vec<_>>(), [Some(3), None]);
    assert_eq!((line(&model, "then_on").tasks.len(), line(&model, "then_on").later.len()), (1, 0));
}
