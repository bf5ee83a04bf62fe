//! Reads all files that the roots lead to, by several threads.

use super::page::{Next, Page};
use std::collections::BTreeMap;
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The parser recurses with the nesting of the text, up to a depth beyond which it refuses it. Only what is used of it costs anything.
const STACK: usize = 64 << 20;

/// More threads than this wait for the disk and for each other.
const THREADS: usize = 8;

/// Every file once. Wave by wave, so that which module leads to a file does not depend on which thread was faster.
pub(super) fn read(roots: &[PathBuf]) -> BTreeMap<PathBuf, Page> {
    let mut pages = BTreeMap::new();
    let mut wave: Vec<Next> = roots.iter().map(|root| Next::root(root)).collect();
    while !wave.is_empty() {
        let mut next = Vec::new();
        // A file that is declared twice is read for the first declaration.
        wave.retain(|file| !pages.contains_key(&file.file) && pages.insert(file.file.clone(), Page::default()).is_none());
        for (file, page) in wave.iter().zip(together(&wave)) {
            next.extend(page.next.iter().cloned());
            pages.insert(file.file.clone(), page);
        }
        wave = next;
    }
    pages
}

fn together(wave: &[Next]) -> Vec<Page> {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get).min(THREADS).min(wave.len());
    let (turn, pages) = (AtomicUsize::new(0), Mutex::new(Vec::new()));
    let work = || {
        while let Some(file) = wave.get(turn.fetch_add(1, Ordering::Relaxed)) {
            let page = Page::read(&file.file, &file.folder);
            pages.lock().unwrap_or_else(|poisoned| poisoned.into_inner()).push((&file.file, page));
        }
    };
    std::thread::scope(|scope| {
        let started = (0..threads).filter(|_| std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work).is_ok());
        // Without a single thread, this one does it.
        if started.count() == 0 {
            work();
        }
    });
    in_order(wave, pages.into_inner().unwrap_or_else(|poisoned| poisoned.into_inner()))
}

fn in_order(wave: &[Next], pages: Vec<(&PathBuf, Page)>) -> Vec<Page> {
    let mut pages: BTreeMap<&Path, Page> = pages.into_iter().map(|(file, page)| (file.as_path(), page)).collect();
    wave.iter().map(|file| pages.remove(file.file.as_path()).unwrap_or_default()).collect()
}
