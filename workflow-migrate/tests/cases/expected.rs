//! The files of a case, byte for byte.

use crate::folder::Case;
use std::fs;

/// Compares what a phase has written with what was reviewed.
pub(crate) fn compare(case: &Case, phase: &str, files: &[(String, String)]) {
    let folder = case.home.join(phase);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        let _ = fs::remove_dir_all(&folder);
        for (name, content) in files {
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(name), content).unwrap();
        }
    }
    let mut reviewed: Vec<String> =
        fs::read_dir(&folder).into_iter().flatten().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    reviewed.sort();
    let mut written: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
    written.sort();
    assert_eq!(written, reviewed, "{} {phase}: other files; UPDATE_GOLDEN=1 accepts them", case.name);
    for (name, content) in files {
        assert_eq!(*content, fs::read_to_string(folder.join(name)).unwrap(), "{} {phase} {name} differs", case.name);
    }
}

/// Compares what is refused with what was reviewed.
pub(crate) fn compare_refusal(case: &Case, text: &str) {
    let path = case.home.join("refused.txt");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&path, text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(path).unwrap_or_default(), "{}: another refusal", case.name);
}
