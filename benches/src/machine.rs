//! Where and with what it was measured: a figure without this says nothing.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::fs;
use std::process::Command;

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Machine {
    processor: String,
    cores: usize,
    memory_gib: u64,
    system: String,
    postgres: String,
    rust: String,
    date: String,
}

impl Machine {
    pub(crate) fn here() -> Machine {
        Machine {
            processor: after(&read("/proc/cpuinfo"), "model name"),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            memory_gib: after(&read("/proc/meminfo"), "MemTotal").trim_end_matches(" kB").parse().unwrap_or(0u64) / 1024 / 1024,
            system: format!("{} {}", std::env::consts::OS, read("/proc/sys/kernel/osrelease").trim()),
            postgres: said("pg_config", &["--version"]).trim_start_matches("PostgreSQL ").into(),
            rust: said("rustc", &["--version"]),
            date: said("date", &["-u", "+%Y-%m-%d"]),
        }
    }
}

impl fmt::Display for Machine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Machine { processor, cores, memory_gib, system, postgres, rust, date } = self;
        write!(f, "{date}; {cores} cores of {processor}, {memory_gib} GiB, {system}; PostgreSQL {postgres}, {rust}")
    }
}

fn read(path: &str) -> String {
    fs::read_to_string(path).unwrap_or_default()
}

/// `model name : …`
fn after(text: &str, key: &str) -> String {
    let line = text.lines().find_map(|line| line.strip_prefix(key));
    line.and_then(|line| line.split_once(':')).map_or_else(|| "unknown".into(), |(_, value)| value.trim().into())
}

fn said(program: &str, arguments: &[&str]) -> String {
    let output = Command::new(program).args(arguments).output().ok().filter(|output| output.status.success());
    output.map_or_else(|| "unknown".into(), |output| String::from_utf8_lossy(&output.stdout).trim().into())
}
