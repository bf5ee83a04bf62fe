//! The order workflow, and its parts, without a parser.

use workflow_model::names::label;
use workflow_model::*;

/// The workflow of the book, which has no fault.
pub(crate) fn order() -> Model {
    Model {
        name: name("Order"),
        table: Table { schema: None, name: "orders".into() },
        parent: None,
        docs: String::new(),
        adopt: None,
        fields: vec![field("id", "Uuid"), field("customer_id", "Uuid"), field("sku", "String"), field("quantity", "i32")],
        states: vec![
            state(StateKind::Initial, "Placed", &[]),
            state(StateKind::Normal, "Reserved", &[("warehouse", "String")]),
            state(StateKind::Normal, "Shipped", &[("tracking", "String")]),
            state(StateKind::Final, "Delivered", &[]),
            state(StateKind::Final, "Cancelled", &[("reason", "String")]),
        ],
        groups: vec![group("Open", &["Placed", "Reserved"])],
        create: None,
        transitions: vec![
            line("reserve", &["Placed"], "Reserved").taking("warehouse", "String").with("take_stock"),
            line("ship", &["Reserved"], "Shipped").taking("tracking", "String").fired(by("book_courier")).then("send_tracking"),
            line("undeliverable", &["Reserved"], "Cancelled")
                .setting("reason", text("no courier"))
                .fired(Trigger::Exhausted { failures: 5, activity: "book_courier".into() })
                .with("return_stock"),
            line("deliver", &["Shipped"], "Delivered"),
            line("cancel", &["Open"], "Cancelled").taking("reason", "String").with("return_stock"),
            line("expire", &["Placed"], "Cancelled").setting("reason", text("not reserved in time")).fired(after(1800)),
            internal("change_quantity", &["Placed"]).taking("quantity", "i32"),
        ],
        removed: Vec::new(),
        dropped: Vec::new(),
        moved_from: None,
    }
}

pub(crate) fn name(rust: &str) -> Name {
    Name { rust: rust.into(), label: label(rust), explicit: false, renamed_from: None }
}

pub(crate) fn field(rust: &str, ty: &str) -> Field {
    Field { name: name(rust), ty: self::ty(ty), unique: false, default: None, was: None, docs: String::new() }
}

pub(crate) fn state(kind: StateKind, rust: &str, fields: &[(&str, &str)]) -> State {
    State { name: name(rust), kind, fields: fields.iter().map(|(name, ty)| field(name, ty)).collect(), docs: String::new() }
}

pub(crate) fn group(name: &str, members: &[&str]) -> Group {
    Group { name: name.into(), members: strings(members) }
}

pub(crate) fn create(target: &str) -> Create {
    Create {
        target: target.into(),
        effect: None,
        tasks: Vec::new(),
        retries: Vec::new(),
        later: Vec::new(),
        triggers: Vec::new(),
        guard: None,
        docs: String::new(),
    }
}

pub(crate) fn internal(event: &str, sources: &[&str]) -> Transition {
    Transition {
        event: name(event),
        parameters: Vec::new(),
        sources: strings(sources),
        target: None,
        triggers: Vec::new(),
        effect: None,
        tasks: Vec::new(),
        retries: Vec::new(),
        later: Vec::new(),
        guard: None,
        retime: false,
        docs: String::new(),
    }
}

/// `#[removed(Hold -> Placed)]`
pub(crate) fn removed(state: &str, target: &str) -> Removed {
    Removed { state: state.into(), target: Target { state: target.into(), literals: Vec::new() } }
}

pub(crate) fn line(event: &str, sources: &[&str], target: &str) -> Transition {
    Transition { target: Some(Target { state: target.into(), literals: Vec::new() }), ..internal(event, sources) }
}

/// What may stand in a line, in its order.
pub(crate) trait Clauses: Sized {
    fn taking(self, name: &str, ty: &str) -> Self;
    fn setting(self, field: &str, literal: Literal) -> Self;
    fn fired(self, trigger: Trigger) -> Self;
    fn with(self, effect: &str) -> Self;
    fn with_sql(self, text: &str) -> Self;
    fn then(self, task: &str) -> Self;
    fn given(self, guard: &str) -> Self;
}

impl Clauses for Transition {
    fn taking(mut self, name: &str, ty: &str) -> Self {
        self.parameters.push(Parameter { name: name.into(), ty: self::ty(ty) });
        self
    }

    fn setting(mut self, field: &str, literal: Literal) -> Self {
        self.target.as_mut().expect("only a target has literals").literals.push((field.into(), literal));
        self
    }

    fn fired(mut self, trigger: Trigger) -> Self {
        self.triggers.push(trigger);
        self
    }

    fn with(mut self, effect: &str) -> Self {
        self.effect = Some(Effect::App(effect.into()));
        self
    }

    fn with_sql(mut self, text: &str) -> Self {
        self.effect = Some(Effect::Sql { text: text.into(), maybe: false });
        self
    }

    fn then(mut self, task: &str) -> Self {
        self.tasks.push(task.into());
        self
    }

    fn given(mut self, guard: &str) -> Self {
        self.guard = Some(guard.into());
        self
    }
}

pub(crate) fn after(seconds: u64) -> Trigger {
    Trigger::After(Duration { seconds })
}

pub(crate) fn by(activity: &str) -> Trigger {
    Trigger::By(activity.into())
}

pub(crate) fn text(text: &str) -> Literal {
    Literal::Text(text.into())
}

fn strings(names: &[&str]) -> Vec<String> {
    names.iter().map(|n| (*n).to_owned()).collect()
}

fn ty(rust: &str) -> Type {
    let inner = rust.strip_prefix("Option<").and_then(|t| t.strip_suffix('>'));
    let kind = match inner.unwrap_or(rust) {
        "bool" => Kind::Bool,
        "i16" => Kind::I16,
        "i32" => Kind::I32,
        "i64" => Kind::I64,
        "f32" => Kind::F32,
        "String" => Kind::Text,
        "Uuid" => Kind::Uuid,
        "DateTime<Utc>" => Kind::Timestamp,
        "Decimal" => Kind::Decimal,
        _ => Kind::Other,
    };
    Type { rust: rust.into(), optional: inner.is_some(), kind, sql: None }
}
