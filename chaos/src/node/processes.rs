//! What the kernel tells of processes.

use rustix::process::Pid;

/// Those that it has started, and that have not ended.
pub(super) fn children(of: Pid) -> Vec<Pid> {
    let all = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let pids = all.filter_map(|entry| Pid::from_raw(entry.file_name().to_str()?.parse().ok()?));
    pids.filter(|pid| stat(*pid).is_some_and(|(_, parent)| parent == of.as_raw_nonzero().get())).collect()
}

/// One that nobody has waited for is dead.
pub(super) fn lives(pid: Pid) -> bool {
    stat(pid).is_some_and(|(state, _)| state != "Z")
}

/// State and parent.
pub(super) fn stat(pid: Pid) -> Option<(String, i32)> {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).ok()?;
    let mut words = text.rsplit_once(')')?.1.split_whitespace();
    Some((words.next()?.to_owned(), words.next()?.parse().ok()?))
}
