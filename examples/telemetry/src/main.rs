//! Plays the gallery, and prints its spans and numbers as OpenTelemetry's exporters to standard output do.

use telemetry::telemetry::Telemetry;
use telemetry::{Failure, play};

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let telemetry =
        Telemetry::install(opentelemetry_stdout::SpanExporter::default(), opentelemetry_stdout::MetricExporter::default())?;
    play().await?;
    telemetry.finish()
}
