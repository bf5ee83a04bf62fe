//! How spans and numbers get to OpenTelemetry, and a trace into jobs and out of them.

use crate::Failure;
use metrics_opentelemetry::{OpenTelemetryMetrics, OpenTelemetryRecorder};
use opentelemetry::metrics::MeterProvider;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::metrics::SdkMeterProvider;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::propagation::TraceContextPropagator;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanExporter};
use std::collections::HashMap;
use tracing::Span;
use tracing::level_filters::LevelFilter;
use tracing_opentelemetry::OpenTelemetrySpanExt;
use tracing_subscriber::layer::SubscriberExt;
use workflow_runtime::TraceContext;

/// For [`Settings::trace`](workflow_runtime::Settings::trace).
pub const TRACES: TraceContext = TraceContext { current, adopt };

fn current() -> Option<String> {
    let mut carrier = HashMap::new();
    TraceContextPropagator::new().inject_context(&Span::current().context(), &mut carrier);
    carrier.remove("traceparent")
}

fn adopt(span: &Span, traceparent: &str) {
    let carrier = HashMap::from([("traceparent".to_owned(), traceparent.to_owned())]);
    // It is refused for a span that nobody records, which needs no parent.
    let _ = span.set_parent(TraceContextPropagator::new().extract(&carrier));
}

/// What has to be told before the program ends.
#[derive(Debug)]
pub struct Telemetry {
    spans: SdkTracerProvider,
    numbers: SdkMeterProvider,
}

impl Telemetry {
    /// For the whole program, before its runtime is made: that describes its numbers to the recorder that is there.
    ///
    /// # Errors
    ///
    /// When there is another subscriber or recorder already.
    pub fn install(spans: impl SpanExporter + 'static, numbers: impl PushMetricExporter) -> Result<Telemetry, Failure> {
        let spans = SdkTracerProvider::builder().with_simple_exporter(spans).build();
        let layer = tracing_opentelemetry::layer().with_tracer(spans.tracer("telemetry"));
        tracing::subscriber::set_global_default(tracing_subscriber::registry().with(LevelFilter::INFO).with(layer))?;

        let numbers = SdkMeterProvider::builder().with_periodic_exporter(numbers).build();
        let recorder = OpenTelemetryRecorder::new(OpenTelemetryMetrics::new(numbers.meter("telemetry")));
        metrics::set_global_recorder(recorder).map_err(|error| error.to_string())?;
        Ok(Telemetry { spans, numbers })
    }

    /// Tells what was not told yet.
    ///
    /// # Errors
    ///
    /// When an exporter cannot take it.
    pub fn finish(self) -> Result<(), Failure> {
        self.spans.force_flush()?;
        self.numbers.force_flush()?;
        Ok(())
    }
}
