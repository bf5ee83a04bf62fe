//! What the example shows is so.

use opentelemetry_sdk::metrics::InMemoryMetricExporter;
use opentelemetry_sdk::trace::{InMemorySpanExporter, SpanData};
use std::collections::BTreeMap;
use telemetry::telemetry::Telemetry;

/// The span with these attributes.
fn span<'s>(spans: &'s [SpanData], name: &str, attributes: &[(&str, &str)]) -> &'s SpanData {
    let has = |span: &SpanData, (key, value): &(&str, &str)| {
        span.attributes.iter().any(|attribute| attribute.key.as_str() == *key && attribute.value.as_str() == *value)
    };
    let found = spans.iter().find(|span| span.name == name && attributes.iter().all(|attribute| has(span, attribute)));
    found.unwrap_or_else(|| panic!("no {name} with {attributes:?} in {spans:#?}"))
}

#[tokio::test(flavor = "multi_thread")]
async fn one_trace_leads_from_the_request_through_the_job_to_what_the_job_fires() {
    let (spans, numbers) = (InMemorySpanExporter::default(), InMemoryMetricExporter::default());
    let telemetry = Telemetry::install(spans.clone(), numbers.clone()).unwrap();
    telemetry::play().await.unwrap();
    telemetry.finish().unwrap();

    let spans = spans.get_finished_spans().unwrap();
    let line = [
        span(&spans, "POST /pictures", &[]),
        span(&spans, "workflow.fire", &[("event", "accept"), ("outcome", "fired")]),
        span(&spans, "workflow.job", &[("job", "draw"), ("outcome", "done")]),
        span(&spans, "workflow.fire", &[("event", "show"), ("outcome", "fired")]),
    ];
    for pair in line.windows(2) {
        assert_eq!(pair[1].span_context.trace_id(), pair[0].span_context.trace_id());
        assert_eq!(pair[1].parent_span_id, pair[0].span_context.span_id());
    }

    let numbers = numbers.get_finished_metrics().unwrap();
    let all = numbers.iter().flat_map(|all| all.scope_metrics()).flat_map(|scope| scope.metrics());
    let units: BTreeMap<_, _> = all.map(|metric| (metric.name(), metric.unit())).collect();
    assert_eq!(units.get("workflow_transition_seconds"), Some(&"s"));
    assert!(units.contains_key("workflow_transitions_total") && units.contains_key("workflow_job_attempts_total"), "{units:?}");
}
