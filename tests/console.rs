//! Runs the console sessions in README.md, `docs/`, `skills/` and `tests/cmd/`, and compares their
//! output with the files.
//!
//! A session is a fenced block marked `console`. It has a line `$ command`, then the output of the
//! command (stdout and stderr), then `? CODE` if the exit code is not 0. `...` matches any lines.
//! Commands run in a shell, 80 columns wide, in a folder with links to everything in the
//! repository, so that they can write files; `$TMP` is an empty folder.
//! `SNAPSHOTS=overwrite cargo test --test integration console::` updates the files.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::common::{compare_with_file, in_parallel, program, repository, temporary_folder};
use snapbox::Data;
use tempfile::TempDir;

#[test]
fn sessions_of_the_readme_are_current() {
    check_file(&repository().join("README.md"));
}

#[test]
fn sessions_of_the_skill_are_current() {
    check_file(&repository().join("skills/postcall/SKILL.md"));
}

#[test]
fn sessions_of_the_docs_are_current() {
    in_parallel(markdown_files(&repository().join("docs")), |file| {
        check_file(&file);
    });
}

#[test]
fn sessions_of_the_command_tests_are_current() {
    let files = markdown_files(&repository().join("tests/cmd"));
    assert!(files.len() > 10, "the command tests were not found");
    in_parallel(files, |file| check_file(&file));
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

/// Runs the sessions of the file and compares the result with the file.
fn check_file(file: &Path) {
    let expected = fs::read_to_string(file).expect("the file is part of the repository");
    let (root, temporary) = (linked_repository(), temporary_folder());
    let mut actual = String::new();
    let mut lines = expected.lines().peekable();
    let mut sessions = 0;
    while let Some(line) = lines.next() {
        writeln!(actual, "{line}").expect("writing to a String cannot fail");
        if line != "```console" {
            continue;
        }
        sessions += 1;
        while let Some(line) = lines.next_if(|line| *line != "```") {
            let Some(command) = line.strip_prefix("$ ") else {
                panic!(
                    "{}: a session must start with `$ `, not with {line:?}",
                    file.display()
                );
            };
            writeln!(actual, "{line}").expect("writing to a String cannot fail");
            actual.push_str(&run_command(command, root.path(), temporary.path()));
            while lines
                .next_if(|line| *line != "```" && !line.starts_with("$ "))
                .is_some()
            {}
        }
    }
    let may_have_none = file.starts_with(repository().join("docs"));
    assert!(
        sessions > 0 || may_have_none,
        "{}: no console session",
        file.display()
    );
    compare_with_file(Data::text(actual), file);
}

/// Creates a folder with a link to each file and folder in the root of the repository.
fn linked_repository() -> TempDir {
    let folder = temporary_folder();
    let status = Command::new("sh")
        .args(["-c", "ln -s \"$1\"/* .", "sh"])
        .arg(repository())
        .current_dir(folder.path())
        .status()
        .expect("a shell");
    assert!(status.success(), "the repository cannot be linked");
    folder
}

/// Runs a command in `root` and returns its output, followed by its exit code if that is not 0.
fn run_command(command: &str, root: &Path, temporary: &Path) -> String {
    // Cargo would build the program and its dependencies a second time, because features that only
    // tests need are off in `cargo run`.
    let command = command.replace("cargo run --release -- ", "postcall ");
    let program = program::<&str>(&[]);
    let programs = Path::new(program.get_program()).parent();
    let programs = programs.expect("the program is in a folder");
    let path = std::env::var("PATH").unwrap_or_default();
    let output = Command::new("sh")
        .args(["-c", &format!("exec 2>&1\n{command}")])
        .current_dir(root)
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
        Some(code) => writeln!(text, "? {code}").expect("writing to a String cannot fail"),
        None => text.push_str("? killed\n"),
    }
    text
}
