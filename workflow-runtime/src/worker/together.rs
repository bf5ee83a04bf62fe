//! What ends at the same time is written together: one writes for all that wait in its line, and meanwhile the next ones gather.
//! Where nothing else waits, nobody waits.

use super::lane::Later;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::{Mutex as Turn, oneshot};

/// Items a statement.
const MOST: usize = 64;

/// Lines of items, by name.
pub(super) struct Together<T> {
    lines: Mutex<BTreeMap<String, Arc<Line<T>>>>,
}

struct Line<T> {
    turn: Turn<()>,
    waiting: Mutex<Vec<Waiting<T>>>,
}

/// It is told whether it was written.
struct Waiting<T>(T, oneshot::Sender<bool>);

impl<T> Default for Together<T> {
    fn default() -> Self {
        Together { lines: Mutex::default() }
    }
}

impl<T> Together<T> {
    /// Whether it was written; if not, it has to be looked at by itself. `write` says it of each item, in order. A writer that is cut
    /// off leaves its items unwritten, as far as they know.
    pub(super) async fn write<'w>(&self, line: String, item: T, write: impl Fn(Vec<T>) -> Later<'w, Vec<bool>>) -> bool {
        let line = locked(&self.lines).entry(line).or_default().clone();
        let (tell, mut told) = oneshot::channel();
        locked(&line.waiting).push(Waiting(item, tell));
        // What has ended at the same time may come along.
        tokio::task::yield_now().await;
        loop {
            let _turn = tokio::select! {
                biased;
                written = &mut told => return written.unwrap_or(false),
                turn = line.turn.lock() => turn,
            };
            let (items, tell): (Vec<_>, Vec<_>) = line.next().into_iter().map(|Waiting(item, tell)| (item, tell)).unzip();
            for (tell, written) in tell.into_iter().zip(write(items).await) {
                // Who does not wait any more was cut off.
                let _ = tell.send(written);
            }
        }
    }
}

impl<T> Default for Line<T> {
    fn default() -> Self {
        Line { turn: Turn::default(), waiting: Mutex::default() }
    }
}

impl<T> Line<T> {
    fn next(&self) -> Vec<Waiting<T>> {
        let mut waiting = locked(&self.waiting);
        let batch = waiting.len().min(MOST);
        waiting.drain(..batch).collect()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Mutex;
    use tokio::sync::Semaphore;
    use tokio::task::JoinSet;

    /// Writes when it is let, even numbers only, and keeps what it was given.
    fn slow<'w>(gate: &'w Semaphore, batches: &'w Mutex<Vec<Vec<u32>>>) -> impl Fn(Vec<u32>) -> Later<'w, Vec<bool>> {
        move |items| {
            Box::pin(async move {
                gate.acquire().await.expect("open").forget();
                let written = items.iter().map(|item| item % 2 == 0).collect();
                locked(batches).push(items);
                written
            })
        }
    }

    #[tokio::test]
    async fn what_comes_while_one_is_written_is_written_together() {
        let (together, gate, batches) = (Arc::new(Together::default()), Arc::new(Semaphore::new(0)), Arc::new(Mutex::default()));
        let mut all = JoinSet::new();
        for item in 0..100 {
            let (together, gate, batches) = (together.clone(), gate.clone(), batches.clone());
            all.spawn(async move { (item, together.write("line".into(), item, slow(&gate, &batches)).await) });
            tokio::task::yield_now().await;
        }
        gate.add_permits(100);
        for (item, written) in all.join_all().await {
            assert_eq!(written, item % 2 == 0, "{item}");
        }
        let sizes: Vec<usize> = locked(&batches).iter().map(Vec::len).collect();
        assert_eq!(sizes, [1, 64, 35]);
    }

    #[tokio::test]
    async fn who_waits_for_a_writer_that_is_cut_off_is_not_left_waiting() {
        let (together, shut, open) = (Arc::new(Together::default()), Arc::new(Semaphore::new(0)), Arc::new(Semaphore::new(9)));
        let batches = Arc::new(Mutex::default());
        let write = |item: u32, gate: &Arc<Semaphore>| {
            let (together, gate, batches) = (together.clone(), gate.clone(), batches.clone());
            tokio::spawn(async move { together.write("line".into(), item, slow(&gate, &batches)).await })
        };
        let first = write(0, &shut);
        tokio::task::yield_now().await;
        let (second, third) = (write(2, &open), write(4, &open));
        tokio::task::yield_now().await;
        first.abort();
        assert!(second.await.expect("told") && third.await.expect("told"));
    }
}
