//! Somebody who looks: a subscriber that keeps spans, with a small tracing system of its own, and a recorder of numbers.

use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use std::collections::BTreeMap;
use std::fmt::Debug;
use std::sync::{Arc, LazyLock, Mutex};
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Dispatch, Event, Level, Span, Subscriber};
use tracing_subscriber::layer::{Context, SubscriberExt};
use tracing_subscriber::registry::{LookupSpan, Registry, SpanRef};
use tracing_subscriber::{Layer, registry};
use workflow_runtime::TraceContext;

/// A span that has ended.
#[derive(Debug, Clone)]
pub struct Seen {
    /// `workflow.fire`
    pub name: &'static str,
    /// How much it matters.
    pub level: Level,
    /// What was recorded, as text.
    pub fields: BTreeMap<String, String>,
    /// The span around it.
    pub parent: Option<&'static str>,
    /// Its own context.
    pub context: String,
    /// The context that it adopted.
    pub adopted: Option<String>,
}

impl Seen {
    /// Some of its fields, those that are there.
    pub fn told(&self, fields: &[&str]) -> Vec<&str> {
        fields.iter().filter_map(|&field| self.fields.get(field)).map(String::as_str).collect()
    }
}

/// Texts, each with the spans around it.
type Heard = Arc<Mutex<Vec<(String, Vec<&'static str>)>>>;

/// Looks as long as it lives, on this thread.
pub struct Watch {
    kept: Keeper,
    numbers: Snapshotter,
    _subscriber: tracing::subscriber::DefaultGuard,
    _recorder: metrics::LocalRecorderGuard<'static>,
}

/// As long as there is one subscriber alone, `tracing` asks the one of the thread that comes to a place first, which may have none, and keeps
/// the answer for all threads.
static OTHERS: LazyLock<[Dispatch; 2]> = LazyLock::new(|| [registry().into(), registry().into()]);

impl Watch {
    /// From here on.
    pub fn begin() -> Watch {
        LazyLock::force(&OTHERS);
        let kept = Keeper::default();
        // A recorder of its own for each test; it is never taken down, since the guard borrows it.
        let recorder: &'static DebuggingRecorder = Box::leak(Box::default());
        Watch {
            kept: kept.clone(),
            numbers: recorder.snapshotter(),
            _subscriber: tracing::subscriber::set_default(registry().with(kept)),
            _recorder: metrics::set_default_local_recorder(recorder),
        }
    }

    /// The spans of this name that have ended, without those for who looks closely.
    pub fn spans(&self, name: &str) -> Vec<Seen> {
        self.spans_at(Level::INFO, name)
    }

    /// Those at one level.
    pub fn spans_at(&self, level: Level, name: &str) -> Vec<Seen> {
        self.kept.spans.lock().unwrap().iter().filter(|seen| (seen.name, seen.level) == (name, level)).cloned().collect()
    }

    /// The only one of this name.
    pub fn span(&self, name: &str) -> Seen {
        let spans = self.spans(name);
        assert_eq!(spans.len(), 1, "{spans:#?}");
        spans[0].clone()
    }

    /// What was sent, each with the spans around it, the innermost first.
    pub fn statements(&self) -> Vec<(String, Vec<&'static str>)> {
        self.kept.statements.lock().unwrap().clone()
    }

    /// What the server has to say besides, with the spans in which it was heard.
    pub fn notices(&self) -> Vec<(String, Vec<&'static str>)> {
        self.kept.notices.lock().unwrap().clone()
    }

    /// All numbers since the last look, with their labels: `workflow_transitions_total{workflow=parcel,…}`. Of a histogram, how many
    /// values there are.
    pub fn numbers(&self) -> BTreeMap<String, f64> {
        let number = |value: DebugValue| match value {
            DebugValue::Counter(count) => count as f64,
            DebugValue::Gauge(value) => value.into_inner(),
            DebugValue::Histogram(values) => values.len() as f64,
        };
        let named = |key: &metrics::Key| {
            let labels: Vec<_> = key.labels().map(|label| format!("{}={}", label.key(), label.value())).collect();
            format!("{}{{{}}}", key.name(), labels.join(","))
        };
        self.numbers.snapshot().into_vec().into_iter().map(|(key, _, _, value)| (named(key.key()), number(value))).collect()
    }

    /// The numbers of one name, by their labels.
    pub fn of(&self, name: &str) -> Vec<(String, f64)> {
        let numbers = self.numbers();
        let named =
            |(key, value): (String, f64)| Some((key.strip_prefix(name)?.strip_prefix('{')?.strip_suffix('}')?.to_owned(), value));
        numbers.into_iter().filter_map(named).collect()
    }

    /// Each name with its unit.
    pub fn units(&self) -> BTreeMap<String, Option<metrics::Unit>> {
        self.numbers.snapshot().into_vec().into_iter().map(|(key, unit, ..)| (key.key().name().to_owned(), unit)).collect()
    }
}

/// A trace is known by the span that began it; each span has its number.
pub const TRACES: TraceContext = TraceContext { current, adopt };

fn current() -> Option<String> {
    let context = Span::current().with_subscriber(|(id, dispatch)| {
        let registry = dispatch.downcast_ref::<Registry>()?;
        Some(context(&registry.span(id)?))
    });
    context.flatten()
}

fn adopt(span: &Span, parent: &str) {
    span.with_subscriber(|(id, dispatch)| {
        let span = dispatch.downcast_ref::<Registry>().and_then(|registry| registry.span(id)).expect("a span");
        span.extensions_mut().insert(Adopted(parent.to_owned()));
    });
}

struct Adopted(String);

fn context<'s, S: LookupSpan<'s>>(span: &SpanRef<'s, S>) -> String {
    let adopted = span.scope().find_map(|span| span.extensions().get::<Adopted>().map(|adopted| adopted.0[3..35].to_owned()));
    let root = || format!("{:032x}", span.scope().last().map_or(0, |root| root.id().into_u64()));
    format!("00-{}-{:016x}-01", adopted.unwrap_or_else(root), span.id().into_u64())
}

#[derive(Clone, Default)]
struct Keeper {
    spans: Arc<Mutex<Vec<Seen>>>,
    statements: Heard,
    notices: Heard,
}

#[derive(Default)]
struct Fields(BTreeMap<String, String>);

impl Visit for Fields {
    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.0.insert(field.name().to_owned(), format!("{value:?}"));
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.0.insert(field.name().to_owned(), value.to_owned());
    }
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Keeper {
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, registry: Context<'_, S>) {
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        registry.span(id).expect("a new span").extensions_mut().insert(fields);
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, registry: Context<'_, S>) {
        let span = registry.span(id).expect("a span");
        let mut extensions = span.extensions_mut();
        values.record(extensions.get_mut::<Fields>().expect("its fields"));
    }

    fn on_event(&self, event: &Event<'_>, registry: Context<'_, S>) {
        let kept = match event.metadata().target() {
            "sqlx::query" => &self.statements,
            "sqlx::postgres::notice" => &self.notices,
            _ => return,
        };
        let mut fields = Fields::default();
        event.record(&mut fields);
        let around = registry.event_scope(event).into_iter().flatten().map(|span| span.name()).collect();
        let text =
            ["db.statement", "summary", "message"].iter().filter_map(|&field| fields.0.get(field)).find(|text| !text.is_empty());
        kept.lock().unwrap().push((text.map_or("", |text| text.trim()).to_owned(), around));
    }

    fn on_close(&self, id: Id, registry: Context<'_, S>) {
        let span = registry.span(&id).expect("a span");
        let context = context(&span);
        let parent = span.parent().map(|parent| parent.name());
        let mut extensions = span.extensions_mut();
        let fields = extensions.remove::<Fields>().unwrap_or_default().0;
        let adopted = extensions.remove::<Adopted>().map(|adopted| adopted.0);
        let (name, level) = (span.name(), *span.metadata().level());
        self.spans.lock().unwrap().push(Seen { name, level, fields, parent, context, adopted });
    }
}
