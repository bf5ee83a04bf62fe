//! `cargo run -p planted --features planted [bug]`: plants each bug, and says whether it was found.

use planted::{ROWS, Row, Site};
use std::collections::BTreeSet;
use std::process::{ExitCode, Stdio};
use std::time::{Duration, Instant};
use tokio::process::Command;
use workflow_runtime::planted::{Bug, struck};
use workflow_testing::Server;

/// Of one run; it takes a second or two.
const TIME_OUT: Duration = Duration::from_secs(120);

/// Before each anomaly, among whatever else a run says.
const MARK: &str = "anomaly: ";

#[tokio::main]
async fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words[..] {
        [] => all(&ROWS.iter().collect::<Vec<_>>()).await,
        // Not for people: a process of its own.
        ["run", bug, how] => run(row(bug), how == "planted").await,
        [bug] if ROWS.iter().any(|row| row.bug == bug) => all(&[row(bug)]).await,
        _ => {
            let bugs: Vec<_> = ROWS.iter().map(|row| row.bug).collect();
            eprintln!("help: one of {}, or nothing for all of them", bugs.join(", "));
            ExitCode::FAILURE
        }
    }
}

fn row(bug: &str) -> &'static Row {
    ROWS.iter().find(|row| row.bug == bug).expect("a bug of the table")
}

async fn all(rows: &[&Row]) -> ExitCode {
    let begun = Instant::now();
    println!("{:<22} {:<34} {:<40} seconds", "bug", "in", "found as");
    let mut wrong: Vec<String> =
        Bug::ALL.iter().filter(|bug| !has_row(**bug)).map(|bug| format!("{}: no row", bug.name())).collect();
    for row in rows {
        let (sound, planted) = (outcome(row, false).await, Instant::now());
        let found = outcome(row, true).await;
        println!("{:<22} {:<34} {:<40} {:.1}", row.bug, place(row), said(&found), planted.elapsed().as_secs_f64());
        wrong.extend(judged(row, sound, found));
    }
    println!("{} bugs in {:.0} s", rows.len(), begun.elapsed().as_secs_f64());
    wrong.iter().for_each(|wrong| eprintln!("{wrong}"));
    if wrong.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn has_row(bug: Bug) -> bool {
    ROWS.iter().any(|row| row.bug == bug.name() && row.is_in_the_runtime())
}

fn place(row: &Row) -> &'static str {
    let bug = Bug::ALL.into_iter().find(|bug| row.is_in_the_runtime() && bug.name() == row.bug);
    bug.map_or("the database", Bug::place)
}

/// The anomalies that a run saw, or what else it said.
type Outcome = Result<Vec<String>, String>;

fn said(outcome: &Outcome) -> String {
    match outcome {
        Ok(anomalies) if anomalies.is_empty() => "nothing".to_owned(),
        Ok(anomalies) => each_once(anomalies),
        Err(_) => "it failed".to_owned(),
    }
}

fn each_once(anomalies: &[String]) -> String {
    anomalies.iter().collect::<BTreeSet<_>>().into_iter().map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// What is wrong: the sound one has an anomaly, or the planted one has not the one that it must have.
fn judged(row: &Row, sound: Outcome, found: Outcome) -> Option<String> {
    let (bug, anomaly) = (row.bug, row.anomaly.to_string());
    match (sound, found) {
        (Err(error), _) => Some(format!("{bug}, not planted: {error}")),
        (Ok(seen), _) if !seen.is_empty() => Some(format!("{bug}: without it, too, there is {}", each_once(&seen))),
        (_, Err(error)) => Some(format!("{bug}: {error}")),
        (_, Ok(seen)) => {
            let ways = seen.iter().filter(|seen| **seen == anomaly).count();
            (ways < row.ways).then(|| format!("{bug}: {anomaly}: found in {ways} ways, of {}", row.ways))
        }
    }
}

/// In a process of its own.
async fn outcome(row: &Row, is_planted: bool) -> Outcome {
    let mut run = Command::new(std::env::current_exe().map_err(|e| e.to_string())?);
    run.args(["run", row.bug, if is_planted { "planted" } else { "sound" }]).env_remove("WORKFLOW_PLANTED");
    if is_planted && row.is_in_the_runtime() {
        run.env("WORKFLOW_PLANTED", row.bug);
    }
    let run = run.stdin(Stdio::null()).kill_on_drop(true).output();
    let output = tokio::time::timeout(TIME_OUT, run).await.map_err(|_| format!("not ready within {TIME_OUT:?}"))?;
    let output = output.map_err(|e| e.to_string())?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned());
    }
    Ok(String::from_utf8_lossy(&output.stdout).lines().filter_map(|line| line.strip_prefix(MARK)).map(str::to_owned).collect())
}

async fn run(row: &Row, is_planted: bool) -> ExitCode {
    let server = Server::shared().await.expect("a server");
    let site = Site::on(server).await;
    if is_planted {
        row.plant(&site).await;
    }
    for anomaly in (row.check)(&site).await {
        println!("{MARK}{anomaly}");
    }
    if is_planted && row.is_in_the_runtime() && struck() == 0 {
        eprintln!("it was planted, and never came to do its harm");
        return ExitCode::FAILURE;
    }
    ExitCode::SUCCESS
}
