//! What a revision holds, asked of real repositories.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use workflow_migrate::git::{Error, Repository};

/// A repository with one commit: `a.txt`, `sub/b.txt`, `sub/deep/c.txt`, `odd/[x] ä.txt`.
fn repository(test: &str) -> PathBuf {
    let home = Path::new(env!("CARGO_TARGET_TMPDIR")).canonicalize().unwrap().join("git").join(test);
    let _ = fs::remove_dir_all(&home);
    fs::create_dir_all(&home).unwrap();
    git(&home, &["init", "-q", "-b", "main"]);
    for file in ["a.txt", "sub/b.txt", "sub/deep/c.txt", "odd/[x] ä.txt"] {
        write(&home, file, &format!("{file}, first\n"));
    }
    commit(&home, "first");
    home
}

fn write(home: &Path, file: &str, text: &str) {
    let path = home.join(file);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn commit(home: &Path, message: &str) {
    git(home, &["add", "-A"]);
    git(home, &["commit", "-q", "-m", message]);
}

/// Nothing of the user's own settings is read.
fn git(home: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=Ann", "-c", "user.email=ann@example.com", "-c", "commit.gpgsign=false"])
        .args(arguments)
        .env_remove("GIT_DIR")
        .env_remove("GIT_WORK_TREE")
        .env_remove("GIT_INDEX_FILE")
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .current_dir(home)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn names(files: &[PathBuf]) -> String {
    files.iter().map(|file| file.display().to_string()).collect::<Vec<_>>().join(" ")
}

#[test]
fn a_file_is_shown_as_it_was_and_not_as_it_is() {
    let home = repository("show");
    git(&home, &["tag", "v1"]);
    write(&home, "a.txt", "second\n");
    fs::remove_file(home.join("sub/b.txt")).unwrap();
    commit(&home, "second");
    write(&home, "a.txt", "not committed\n");
    let repository = Repository::of(&home).unwrap();
    let show = |revision: &str, file: &str| repository.show(revision, Path::new(file)).unwrap();
    assert_eq!(show("v1", "a.txt").as_deref(), Some("a.txt, first\n"));
    assert_eq!(show("HEAD", "a.txt").as_deref(), Some("second\n"));
    assert_eq!(show("HEAD", "sub/b.txt"), None, "it is gone");
    assert_eq!(show("HEAD~1", "sub/../sub/./b.txt").as_deref(), Some("sub/b.txt, first\n"));
    assert_eq!(show("main", "sub"), None, "a folder is no file");
    assert_eq!(show("main", "odd/[x] ä.txt").as_deref(), Some("odd/[x] ä.txt, first\n"));
    assert_eq!(show("main", "odd/*"), None, "a path is no pattern");
}

#[test]
fn paths_start_at_the_root_wherever_one_stands() {
    let home = repository("folder");
    let repository = Repository::of(&home.join("sub/deep")).unwrap();
    assert_eq!(repository.root(), home);
    assert_eq!(repository.show("HEAD", Path::new("a.txt")).unwrap().as_deref(), Some("a.txt, first\n"));
    assert!(repository.show("HEAD", &home.join("sub/b.txt")).unwrap().is_some(), "absolute paths are turned");
    fs::remove_dir_all(home.join("odd")).unwrap();
    assert!(repository.show("HEAD", &home.join("odd/[x] ä.txt")).unwrap().is_some(), "also where the folder is gone");
    for outside in ["../x", "/etc/passwd", "sub/../../x"] {
        assert!(matches!(repository.show("HEAD", Path::new(outside)), Err(Error::Outside { .. })), "{outside}");
    }
}

#[test]
fn a_folder_is_listed_with_all_that_is_below() {
    let home = repository("list");
    let repository = Repository::of(&home).unwrap();
    let list = |folder: &str| names(&repository.list("HEAD", Path::new(folder)).unwrap());
    assert_eq!(list("sub"), "sub/b.txt sub/deep/c.txt");
    assert_eq!(list(""), "a.txt odd/[x] ä.txt sub/b.txt sub/deep/c.txt");
    assert_eq!(list("nowhere"), "");
    assert_eq!(list("a.txt"), "", "a file is no folder");
}

#[test]
fn branches_have_the_commit_in_common_at_which_they_parted() {
    let home = repository("base");
    let parted = git(&home, &["rev-parse", "HEAD"]);
    git(&home, &["checkout", "-q", "-b", "mine"]);
    write(&home, "mine.txt", "");
    commit(&home, "mine");
    git(&home, &["checkout", "-q", "main"]);
    write(&home, "theirs.txt", "");
    commit(&home, "theirs");
    let repository = Repository::of(&home).unwrap();
    assert_eq!(repository.merge_base("main", "mine").unwrap(), Some(parted));
    git(&home, &["checkout", "-q", "--orphan", "alone"]);
    commit(&home, "alone");
    assert_eq!(repository.merge_base("main", "alone").unwrap(), None);
}

#[test]
fn a_worktree_has_its_own_root_and_the_same_revisions() {
    let home = repository("worktree");
    let other = home.with_file_name("worktree-other");
    let _ = fs::remove_dir_all(&other);
    git(&home, &["worktree", "add", "-q", "-b", "other", other.to_str().unwrap()]);
    write(&other, "other.txt", "other\n");
    commit(&other, "other");
    let repository = Repository::of(&other.join("sub")).unwrap();
    assert_eq!(repository.root(), other);
    assert!(repository.show("other", &other.join("other.txt")).unwrap().is_some());
    assert!(repository.show("main", &other.join("other.txt")).unwrap().is_none());
}

#[test]
fn a_revision_is_never_an_option_or_a_path() {
    let home = repository("options");
    let repository = Repository::of(&home).unwrap();
    let made = home.join("made");
    let output = format!("--output={}", made.display());
    for revision in ["", "-h", "--all", &output, "--end-of-options", "nothing", "a.txt", "HEAD:a.txt", "HEAD\n", "main..HEAD"] {
        let refused = repository.show(revision, Path::new("a.txt"));
        assert!(matches!(refused, Err(Error::UnknownRevision(ref name)) if name == revision), "{revision}: {refused:?}");
        assert!(repository.list(revision, Path::new("")).is_err() && repository.merge_base("HEAD", revision).is_err());
    }
    assert!(!made.exists());
    let error = repository.show("origin/main", Path::new("a.txt")).unwrap_err();
    assert_eq!(error.to_string(), "there is no revision `origin/main` in this repository");
    assert!(error.help().unwrap().contains("fetch-depth: 0"));
}

#[test]
fn what_is_no_repository_and_no_text_is_said() {
    // The target folder is in a repository: what is none must not be below it.
    let outside = std::env::temp_dir().join(format!("no-repository-{}", std::process::id()));
    fs::create_dir_all(&outside).unwrap();
    let error = Repository::of(&outside).unwrap_err();
    fs::remove_dir_all(&outside).unwrap();
    assert!(matches!(error, Error::NotARepository(_)), "{error}");
    assert!(matches!(Repository::of(&outside), Err(Error::NotARepository(_))), "a folder that is not there");
    let home = repository("bytes");
    fs::write(home.join("a.txt"), [0xff, 0xfe]).unwrap();
    commit(&home, "bytes");
    let error = Repository::of(&home).unwrap().show("HEAD", Path::new("a.txt")).unwrap_err();
    assert_eq!(error.to_string(), "`a.txt` of HEAD is not text");
}
