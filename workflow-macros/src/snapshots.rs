//! What each feature of the language becomes: `tests/expand`, one file a feature.
//!
//! `minimal.snap` is a whole expansion. The others leave out what is the same in all: docs, derives, hidden items, and
//! implementations of traits, but for the statements of the events.

use proc_macro2::TokenStream;
use quote::ToTokens;
use syn::visit_mut::{self, VisitMut};
use syn::{Attribute, Block, File, ImplItem, Item};

/// The items of a block, which must be without faults.
fn items(block: &str) -> File {
    let block: TokenStream = block.parse().expect("tokens");
    let file = syn::parse2(crate::compile(block, None)).expect("items");
    assert!(!is_fault(&file), "{}", prettyplease::unparse(&file));
    file
}

fn is_fault(file: &File) -> bool {
    file.items.iter().any(|item| matches!(item, Item::Macro(_)))
}

/// The items that users see, and the statements.
#[derive(Default)]
struct Outline {
    /// Docs and the like stay.
    attributes: bool,
}

impl VisitMut for Outline {
    fn visit_file_mut(&mut self, file: &mut File) {
        file.items.retain(is_shown);
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        if let Some((_, items)) = &mut module.content {
            items.retain(is_shown);
        }
        visit_mut::visit_item_mod_mut(self, module);
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        item.attrs.clear();
        if item.trait_.is_some() {
            item.items.retain(|item| !matches!(item, ImplItem::Fn(f) if f.sig.ident == "bind"));
            Steps.visit_item_impl_mut(item);
        } else {
            visit_mut::visit_item_impl_mut(self, item);
        }
    }

    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        if !self.attributes {
            attributes.clear();
        }
    }

    fn visit_block_mut(&mut self, block: &mut Block) {
        block.stmts.clear();
    }
}

/// The three statements of an event set the same columns: one is enough.
struct Steps;

impl VisitMut for Steps {
    fn visit_expr_struct_mut(&mut self, expr: &mut syn::ExprStruct) {
        let fields = std::mem::take(&mut expr.fields).into_iter();
        expr.fields = fields
            .filter(|f| !matches!(&f.member, syn::Member::Named(n) if n == "alone" || n == "bulk" || n == "fenced"))
            .collect();
    }
}

/// The jobs that a worker is told of, and nothing else.
struct Jobs;

impl VisitMut for Jobs {
    fn visit_file_mut(&mut self, file: &mut File) {
        file.items.retain(|item| matches!(item, Item::Mod(_)));
        visit_mut::visit_file_mut(self, file);
    }

    fn visit_item_mod_mut(&mut self, module: &mut syn::ItemMod) {
        module.attrs.clear();
        if let Some((_, items)) = &mut module.content {
            items.retain(|item| matches!(item, Item::Impl(item) if item.items.iter().any(is_jobs)));
            visit_mut::visit_item_mod_mut(self, module);
        }
    }

    fn visit_item_impl_mut(&mut self, item: &mut syn::ItemImpl) {
        item.items.retain(is_jobs);
    }
}

fn is_jobs(item: &ImplItem) -> bool {
    matches!(item, ImplItem::Const(item) if item.ident == "JOBS")
}

fn is_shown(item: &Item) -> bool {
    match item {
        Item::Impl(item) if item.trait_.is_none() => !is_common(&item.self_ty.to_token_stream().to_string()),
        Item::Impl(item) => is_event(item) || item.generics.to_token_stream().to_string().contains("Effects"),
        Item::Mod(module) => module.ident != "legal",
        Item::Const(item) => item.ident != "MODEL",
        Item::Fn(item) => item.sig.ident == "possible",
        _ => true,
    }
}

/// `impl Label`, `impl State`, `impl Order`: the same whatever is declared.
fn is_common(ty: &str) -> bool {
    ["Label", "State", "Order", "Order < S >"].contains(&ty)
}

/// `impl Event for event::Reserve`, and not `for Event`, which only passes on.
fn is_event(item: &syn::ItemImpl) -> bool {
    let of_event = item.trait_.as_ref().is_some_and(|(path, _)| path.segments.last().is_some_and(|last| last.ident == "Event"));
    of_event && item.self_ty.to_token_stream().to_string().starts_with("event ::")
}

fn snapshot(name: &str, block: &str, file: File) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path("../../tests/expand");
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.set_description(block);
    settings.bind(|| insta::assert_snapshot!(name, prettyplease::unparse(&file)));
}

fn outline(name: &str, block: &str) {
    let mut file = items(block);
    Outline::default().visit_file_mut(&mut file);
    snapshot(name, block, file);
}

/// `Order` with these states and transitions.
fn order(states: &str, transitions: &str) -> String {
    format!("pub workflow Order in orders {{ id: Uuid, states {{ {states} }} transitions {{ {transitions} }} }}")
}

#[test]
fn the_smallest_workflow() {
    let block = order("initial Placed, final Delivered", "deliver: Placed -> Delivered");
    snapshot("minimal", &block, items(&block));
}

#[test]
fn fields_of_states() {
    outline(
        "state_fields",
        &order(
            "initial Placed { note: Option<String> }, final Sent { by: String, note: Option<String> }",
            "send(by: String): Placed -> Sent",
        ),
    );
}

#[test]
fn a_group_as_a_source() {
    let block = "pub workflow Order in orders {
        id: Uuid,
        states { initial Placed, Paid, final Cancelled }
        groups { Open = Placed | Paid }
        transitions { pay: Placed -> Paid, cancel: Open -> Cancelled }
    }";
    outline("group", block);
}

#[test]
fn an_internal_transition_and_an_external_one() {
    outline("internal", &order("initial Placed, final Sent", "rename(note: String): Placed with rename, send: Placed -> Sent"));
    outline("external_self", &order("initial Placed, final Sent", "again: Placed -> Placed, send: Placed -> Sent"));
}

#[test]
fn several_lines_of_one_event() {
    let lines = "pay: Placed -> Paid, leave: Placed -> Lost, leave: Paid -> Kept";
    outline("several_lines", &order("initial Placed, Paid, final Lost, final Kept", lines));
}

#[test]
fn literals_of_a_target() {
    let states = "initial Placed, final Gone { why: String, code: i32, by: Option<String>, paid: bool }";
    let line = "go: Placed -> Gone { why: \"it's \\\\ late\", code: -3, by: None, paid: true }";
    outline("literals", &order(states, line));
}

#[test]
fn fields_that_are_carried_along() {
    let states = "initial Placed { sku: String }, Packed { sku: String }, final Sent { sku: String, by: String }";
    outline("carried", &order(states, "pack: Placed -> Packed, send(by: String): Packed -> Sent"));
}

#[test]
fn a_parameter_that_only_the_effect_sees() {
    outline("effect_parameter", &order("initial Placed, final Sent", "send(weight: i32): Placed -> Sent with weigh"));
}

#[test]
fn effects_of_the_application() {
    outline("effect", &order("initial Placed, final Sent { by: String }", "send(by: String): Placed -> Sent with pack"));
    let lines = "pay: Placed -> Paid, cancel: Placed | Paid -> Gone with refund";
    outline("effect_of_several_sources", &order("initial Placed, Paid, final Gone", lines));
    let lines = "pay: Placed -> Paid, cancel: Placed -> Gone with refund, expire: Paid -> Lost with refund, cancel: Paid -> Gone with refund";
    outline("effect_of_several_events", &order("initial Placed, Paid, final Gone, final Lost", lines));
}

#[test]
fn creation_with_an_effect_and_tasks() {
    let lines = "create: -> Placed with charge then thank then log, send: Placed -> Sent";
    outline("create", &order("initial Placed { price: i64 }, final Sent", lines));
}

#[test]
fn what_fires_by_itself() {
    let states = "initial Placed { due: DateTime<Utc> }, Packed, final Sent, final Gone";
    outline("after", &order("initial Placed, final Gone", "expire: Placed -> Gone after 30 minutes"));
    outline("at", &order(states, "pack: Placed -> Packed, expire: Placed -> Gone at due, send: Packed -> Sent"));
    let lines = "send(by: String): Placed -> Sent by courier, refuse: Placed -> Gone by courier, give_up: Placed -> Gone after 3 failures of courier";
    outline("by", &order("initial Placed, final Sent { by: String }, final Gone", lines));
}

#[test]
fn tasks_after_the_commit() {
    let lines = "pay: Placed -> Paid then thank, send: Paid -> Sent then thank then log";
    outline("then", &order("initial Placed, Paid, final Sent", lines));
}

#[test]
fn how_jobs_are_tried_again() {
    let lines = "create: -> Placed then thank up to 3 attempts, send: Placed -> Sent by courier up to 10 attempts pausing 5 seconds to 1 hour within 2 minutes then thank then log";
    let block = order("initial Placed, final Sent", lines);
    let mut file = items(&block);
    Jobs.visit_file_mut(&mut file);
    snapshot("retry", &block, file);
}

#[test]
fn children_and_who_waits_for_them() {
    let waiting = order("initial Placed, final Sent", "send: Placed -> Sent after all crate::dispatch::Shipment");
    let child = "pub workflow Shipment in shipments of super::Order by order_id { id: Uuid, order_id: Uuid, \
        states { initial Packed, #[renamed_from = \"arrived\"] final Delivered } transitions { deliver: Packed -> Delivered } }";
    for (name, block) in [("joined", waiting.as_str()), ("child", child)] {
        let mut file = items(block);
        Jobs.visit_file_mut(&mut file);
        snapshot(name, block, file);
    }
}

#[test]
fn effects_and_guards_in_sql() {
    let lines = r#"send: Placed -> Sent with sql "INSERT INTO mails VALUES (NEW.id)", drop: Placed -> Gone with sql maybe "DELETE FROM carts WHERE id = OLD.id", hold(days: i32): Placed if sql "days + NEW.days < 9""#;
    let block = format!(
        "pub workflow Order in orders {{ id: Uuid, days: i32, states {{ initial Placed, final Sent, final Gone }} transitions {{ {lines} }} }}"
    );
    outline("sql", &block);
}

#[test]
fn labels_and_former_names() {
    let block = r#"
        /// What somebody bought.
        #[label = "purchase"]
        pub workflow Order in shop.orders {
            #[label = "order_id"]
            id: Uuid,
            #[unique]
            number: i64,
            states {
                /// Not paid.
                #[label = "new"]
                initial Placed,
                #[renamed_from = "settled"]
                final Paid {
                    /// Who paid.
                    #[label = "paid_by"]
                    payer: String,
                },
            }
            transitions {
                /// Somebody pays.
                #[label = "clear_up"]
                pay(payer: String): Placed -> Paid,
            }
        }"#;
    let mut file = items(block);
    Outline { attributes: true }.visit_file_mut(&mut file);
    snapshot("labels", block, file);
}

#[test]
fn what_is_said_of_changes_is_for_the_migration_alone() {
    let block = |workflow: &str, field: &str, own: &str, line: &str| {
        format!(
            "{workflow} pub workflow Order in orders {{
                id: i64, {field} cents: i64,
                states {{ initial Placed, final Gone {{ {own} why: String }} }}
                transitions {{ {line} expire: Placed -> Gone {{ why: \"late\" }} after 2 days }}
            }}"
        )
    };
    let said = block(
        "#[removed(Hold -> Gone { why: \"held\" })] #[dropped(sku)] #[dropped(Hold.by = \"none\")] #[moved_from(sales.orders)] \
         #[renamed_from = \"purchase\"]",
        "#[default = 0] #[renamed_from = \"amount\"] #[was(i32, \"amount * 100\", \"cents / 100\")]",
        "#[default = \"none\"] #[renamed_from = \"reason\"]",
        "#[retime] #[renamed_from = \"lapse\"]",
    );
    let text = |block: &str| prettyplease::unparse(&items(block));
    assert_eq!(text(&said), text(&block("", "", "", "")));
}

#[test]
fn a_renamed_state_is_met_by_both_labels() {
    let states = "initial Placed, #[renamed_from = \"hold\"] OnHold { who: String }, Waiting { who: String }, final Sent";
    let lines = "hold(who: String): Placed -> OnHold, wait: OnHold -> Waiting, send: Placed | OnHold | Waiting -> Sent";
    let text = prettyplease::unparse(&items(&order(states, lines)));
    for part in [
        "\"on_hold\" | \"hold\" => {",
        "\"on_hold\" | \"hold\" => ::core::result::Result::Ok(Label::OnHold)",
        "Some(\n            &[\"on_hold\", \"hold\"],",
        "sources: &[\"placed\", \"on_hold\", \"hold\", \"waiting\"]",
        "SET event = 'hold', version = o.version + 1, actor = $3::text, key = $4::uuid, keyed = o.version + 1, state = 'on_hold'",
        "WHERE o.id = $1 AND o.state IN ('on_hold', 'hold') AND o.who IS NOT NULL AND (",
        "o.state IN ('placed', 'on_hold', 'hold', 'waiting') AND (o.state NOT IN ('on_hold', 'hold') OR o.who IS NOT NULL) \
         AND (o.state NOT IN ('waiting') OR o.who IS NOT NULL) AND (",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn types_of_columns() {
    let block = "pub workflow Order in orders {
        id: i64, tags: Vec<String>, raw: Vec<u8>, extra: Json<Extra>, price: Option<Decimal>, born: NaiveDate,
        #[sql = \"money\"] money: crate::Money, #[sql = \"own\"] own: self::Own, #[sql = \"theirs\"] theirs: super::Theirs,
        #[sql = \"kind\"] kind: legal::Kind,
        states { initial Placed, final Sent }
        transitions { send: Placed -> Sent }
    }";
    outline("types", block);
}

#[test]
fn how_visible_it_is() {
    let block = order("initial Placed, final Sent { by: String }", "send(by: String): Placed -> Sent with pack");
    outline("visible_in_the_crate", &block.replace("pub workflow", "pub(crate) workflow"));
    outline("visible_above", &block.replace("pub workflow", "pub(super) workflow"));
    outline("private", &block.replace("pub workflow", "workflow"));
}

#[test]
fn a_table_that_was_there() {
    outline("adopt", &format!("#[adopt(status)] {}", order("initial Placed, final Sent", "send: Placed -> Sent")));
}

#[test]
fn a_state_with_the_name_of_a_type() {
    let block =
        order("initial Placed, final Refund { #[sql = \"jsonb\"] refund: Refund }", "refund(refund: Refund): Placed -> Refund");
    outline("state_like_a_type", &block);
}

#[test]
fn after_a_fault_every_item_is_still_there() {
    let block = |why: &str| {
        let lines = format!(
            "pay(by: String): Placed -> Paid with charge then thank, drop: Placed | Paid -> Gone {{ why: {why} }} by courier"
        );
        let states = "initial Placed, Paid { by: String }, final Gone { why: String }";
        order(states, &lines)
    };
    let file = |block: String| syn::parse2::<File>(crate::compile(block.parse().expect("tokens"), None)).expect("items");
    let (sound, mut faulty) = (file(block("\"late\"")), file(block("7")));
    let faults = faulty.items.iter().filter(|item| matches!(item, Item::Macro(_))).count();
    faulty.items.retain(|item| !matches!(item, Item::Macro(_)));
    assert_eq!(faults, 1);
    assert_eq!(signatures(sound), signatures(faulty));
}

/// Everything but what functions and constants contain, and attributes.
fn signatures(mut file: File) -> String {
    struct Empty;
    impl VisitMut for Empty {
        fn visit_block_mut(&mut self, block: &mut Block) {
            block.stmts.clear();
        }
        fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
            attributes.clear();
        }
        fn visit_item_const_mut(&mut self, item: &mut syn::ItemConst) {
            *item.expr = syn::parse_quote!(());
        }
        fn visit_impl_item_const_mut(&mut self, item: &mut syn::ImplItemConst) {
            item.expr = syn::parse_quote!(());
        }
    }
    Empty.visit_file_mut(&mut file);
    prettyplease::unparse(&file)
}
