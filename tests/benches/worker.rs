//! What a worker costs and how quick it is: `cargo bench -p workflow-tests --bench worker`, on a server that waits for the disk.
//!
//! A name behind `--` takes one of them: `idle`, `start`, `timers`, `jobs`.

#[path = "worker/idle.rs"]
mod idle;
#[path = "worker/jobs.rs"]
mod jobs;
/// Where it is measured.
#[path = "worker/site.rs"]
pub mod site;
#[path = "worker/start.rs"]
mod start;
#[path = "worker/timers.rs"]
mod timers;

#[tokio::main]
async fn main() {
    let asked: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let is_asked = |name: &str| asked.is_empty() || asked.iter().any(|other| other == name);
    if is_asked("idle") {
        idle::measure().await;
    }
    if is_asked("start") {
        start::measure().await;
    }
    if is_asked("timers") {
        timers::measure().await;
    }
    if is_asked("jobs") {
        jobs::measure().await;
    }
}
