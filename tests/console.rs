//! Runs the console sessions in README.md, in `docs/` and below `tests/cmd/`, and compares what is printed with what they show.
//!
//! A session is a fenced block marked `console`: a line `$ command` and below it what the command prints on stdout and stderr, then `? 1` where it
//! ends with an exit code other than 0. `...` stands for any lines. Commands run in a shell, in the root of the repository, with 80 columns; `$TMP` is an
//! empty folder. `SNAPSHOTS=overwrite cargo test --test console` writes what is printed into the files.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use snapbox::{Assert, Data};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

#[test]
fn readme() {
    check(&Path::new(ROOT).join("README.md"));
}

#[test]
fn docs() {
    for file in markdown_files(&Path::new(ROOT).join("docs")) {
        check(&file);
    }
}

#[test]
fn cases() {
    let files = markdown_files(&Path::new(ROOT).join("tests/cmd"));
    assert!(files.len() > 10, "the cases were not found");
    for file in files {
        check(&file);
    }
}

fn markdown_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is part of the repository");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("readable").path())
        .collect();
    paths.sort();
    let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    let mut found: Vec<PathBuf> = files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "md"))
        .collect();
    found.extend(folders.iter().flat_map(|folder| markdown_files(folder)));
    found
}

/// Compares the file with itself, the sessions run anew.
fn check(file: &Path) {
    let expected = fs::read_to_string(file).expect("the file is part of the repository");
    let temporary = tempfile::tempdir().expect("a temporary folder");
    let mut actual = String::new();
    let mut lines = expected.lines().peekable();
    let mut sessions = 0;
    while let Some(line) = lines.next() {
        writeln!(actual, "{line}").expect("a String takes every write");
        if line != "```console" {
            continue;
        }
        sessions += 1;
        while let Some(line) = lines.next_if(|line| *line != "```") {
            let Some(command) = line.strip_prefix("$ ") else {
                panic!(
                    "{}: a session begins with `$ `, not with {line:?}",
                    file.display()
                );
            };
            writeln!(actual, "{line}").expect("a String takes every write");
            actual.push_str(&run(command, temporary.path()));
            while lines
                .next_if(|line| *line != "```" && !line.starts_with("$ "))
                .is_some()
            {}
        }
    }
    assert!(sessions > 0, "{}: no session in it", file.display());
    Assert::new()
        .action_env("SNAPSHOTS")
        .normalize_paths(false)
        .eq(Data::text(actual), Data::read_from(file, None));
}

/// What a command prints, and its exit code if that is not 0.
fn run(command: &str, temporary: &Path) -> String {
    let program = Path::new(env!("CARGO_BIN_EXE_postcall"));
    let programs = program.parent().expect("it lies in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(ROOT)
        .env("PATH", format!("{}:{path}", programs.display()))
        .env("COLUMNS", "80")
        .env("TZ", "UTC")
        .env("TMP", temporary)
        .env_remove("CLICOLOR_FORCE")
        .output()
        .expect("a shell");
    let printed = String::from_utf8(output.stdout).expect("postcall prints UTF-8");
    let mut text = printed
        .replace("\r\n", "\n")
        .replace(&temporary.display().to_string(), "$TMP");
    if !text.is_empty() && !text.ends_with('\n') {
        text.push('\n');
    }
    match output.status.code() {
        Some(0) => {}
        Some(code) => writeln!(text, "? {code}").expect("a String takes every write"),
        None => text.push_str("? killed\n"),
    }
    text
}
