//! A process that fires one transition, and is killed in it: the test itself, run again for itself alone.
//!
//! ```text
//! the test    starts     current_exe --exact <the test> --nocapture, with WORKFLOW_PROOF=<which call>
//! the child   runs the test up to that call, and reads from its input what to fire, over which address
//!             connects, says that it is ready, waits for a line, and fires
//! ```

use crate::postgres::url;
use crate::step::{Made, Step};
use crate::subject::{Provable, Subject};
use crate::unproved::Unproved;
use serde_json::{Value, json};
use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use std::cell::Cell;
use std::collections::VecDeque;
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, Lines};
use tokio::process::{Child as Process, ChildStdin, ChildStdout, Command};

const VARIABLE: &str = "WORKFLOW_PROOF";
const READY: &str = "workflow proof: ready";
const MADE: &str = "workflow proof: made";

/// So many are started before they are needed: they run the test's own beginning meanwhile.
const AHEAD: usize = 2;

thread_local! {
    static CALLS: Cell<usize> = const { Cell::new(0) };
}

/// Which call of this test it is, so that the child knows its own.
pub(super) fn next_call() -> usize {
    CALLS.with(|calls| calls.replace(calls.get() + 1))
}

/// This process was started to be killed. Other proofs have nothing to do in it.
pub(crate) fn is_one() -> bool {
    std::env::var_os(VARIABLE).is_some()
}

/// Processes of one test, for one call.
pub(super) struct Children {
    test: String,
    call: usize,
    server: String,
    ahead: VecDeque<Child>,
}

/// One of them.
pub(super) struct Child {
    test: String,
    process: Process,
    input: ChildStdin,
    output: Lines<BufReader<ChildStdout>>,
}

impl Children {
    pub(super) fn of<W: Provable<A>, A: Send + Sync + 'static>(subject: &Subject<W, A>, call: usize) -> Result<Self, Unproved> {
        let test = subject.test.clone().or_else(name_of_test).ok_or(Unproved::Unnamed)?;
        let server = server_of(subject.database.url());
        Ok(Children { test, call, server, ahead: VecDeque::new() })
    }

    pub(super) fn take(&mut self) -> Result<Child, Unproved> {
        while self.ahead.len() <= AHEAD {
            let child = self.start()?;
            self.ahead.push_back(child);
        }
        self.ahead.pop_front().ok_or_else(|| lost(&self.test, "is gone"))
    }

    fn start(&self) -> Result<Child, Unproved> {
        let mut process = Command::new(std::env::current_exe()?)
            .args(["--exact", &self.test, "--nocapture", "--include-ignored"])
            .env(VARIABLE, self.call.to_string())
            .env("DATABASE_URL", &self.server)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let (input, output) = (process.stdin.take(), process.stdout.take());
        let input = input.ok_or_else(|| lost(&self.test, "has no input"))?;
        let output = output.ok_or_else(|| lost(&self.test, "has no output"))?;
        Ok(Child { test: self.test.clone(), process, input, output: BufReader::new(output).lines() })
    }
}

/// libtest gives each test a thread of its name; with one thread for all, or under another harness, it does not.
fn name_of_test() -> Option<String> {
    let exact = std::env::args().skip_while(|argument| argument != "--exact").nth(1);
    let thread = std::thread::current();
    thread.name().filter(|name| *name != "main").map(str::to_owned).or(exact)
}

fn lost(test: &str, how: &str) -> Unproved {
    Unproved::Process { test: test.to_owned(), how: how.to_owned() }
}

impl Child {
    /// Says what to fire, and waits until it is ready to.
    pub(super) async fn give(&mut self, url: &str, creation: &Value, step: &Step) -> Result<(), Unproved> {
        let order = json!({ "url": url, "creation": creation, "event": step.event, "payload": step.payload });
        self.say(&order.to_string()).await?;
        match self.hears(READY).await? {
            true => Ok(()),
            false => Err(self.failed().await),
        }
    }

    pub(super) async fn go(&mut self) -> Result<(), Unproved> {
        self.say("go").await
    }

    /// Waits until it has fired; whether it did, or broke off.
    pub(super) async fn ended(&mut self) -> Result<bool, Unproved> {
        self.hears(MADE).await
    }

    pub(super) async fn kill(mut self) -> Result<(), Unproved> {
        Ok(self.process.kill().await?)
    }

    /// What it said before it broke off.
    pub(super) async fn failed(&mut self) -> Unproved {
        let mut said = String::new();
        if let Some(mut errors) = self.process.stderr.take() {
            let _ = errors.read_to_string(&mut said).await;
        }
        lost(&self.test, &format!("ended before it came to that:\n{said}"))
    }

    async fn say(&mut self, line: &str) -> Result<(), Unproved> {
        // One that has broken off is found out when it is listened to.
        let _ = self.input.write_all(format!("{line}\n").as_bytes()).await;
        Ok(())
    }

    /// The test's own output is passed over.
    async fn hears(&mut self, mark: &str) -> Result<bool, Unproved> {
        while let Some(line) = self.output.next_line().await? {
            if line.ends_with(mark) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

/// In the child. It does not come back from the call that it was started for; from others it does at once.
pub(super) async fn serve<W: Provable<A>, A: Send + Sync + 'static>(
    subject: &Subject<W, A>,
    call: usize,
) -> Result<(), Unproved> {
    if std::env::var(VARIABLE).ok() != Some(call.to_string()) {
        return Ok(());
    }
    discard(subject.database.url()).await?;
    let Some(order) = line()? else { std::process::exit(1) };
    let order: Value = serde_json::from_str(&order).map_err(std::io::Error::other)?;
    let text = |name: &str| order.get(name).and_then(Value::as_str);
    let event = text("event").and_then(|label| W::MODEL.events.iter().find(|event| event.label == label));
    let step = Step { event: event.map(|event| event.label), payload: order["payload"].clone() };
    let made = Made::<W>::of::<A>(order["creation"].clone())?;
    let runtime = subject.connect(text("url").unwrap_or_default()).await?;
    super::scene::warm(&runtime, &made).await?;
    println!("\n{READY}");
    line()?;
    let told = made.take(&runtime, &step).await;
    println!("\n{MADE}");
    std::process::exit(i32::from(told.is_err()));
}

fn line() -> Result<Option<String>, Unproved> {
    let mut line = String::new();
    let read = std::io::stdin().read_line(&mut line)?;
    Ok((read > 0).then_some(line))
}

/// Where databases are made: the one that is named, or that of a server of ours.
fn server_of(address: &str) -> String {
    let named = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
    named.unwrap_or_else(|| url::with_database(address, "postgres"))
}

/// The child's own database, of which nobody has any use.
async fn discard(address: &str) -> Result<(), Unproved> {
    let options: PgConnectOptions = address.parse()?;
    let Some(name) = options.get_database().filter(|name| name.starts_with("workflow_test_")) else { return Ok(()) };
    let mut connection = PgConnection::connect(&server_of(address)).await?;
    sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).execute(&mut connection).await?;
    Ok(connection.close().await?)
}
