//! The table of formats in `docs/captures.md` that are not read: each file is refused with the
//! message of its row.

use std::fs;

use crate::common::{names_in, program, repository};

#[test]
fn each_format_that_is_not_read_has_its_message() {
    let docs = fs::read_to_string(repository().join("docs/captures.md")).expect("it exists");
    let (_, section) = docs
        .split_once("## Formats that are not JSON")
        .expect("the section");
    let (section, _) = section.split_once("\n## ").unwrap_or((section, ""));
    let mut files = Vec::new();
    for row in section
        .lines()
        .filter(|line| line.starts_with("| "))
        .skip(2)
    {
        let mut cells = row.trim_matches('|').split(" | ").map(str::trim);
        let (Some(_), Some(file), Some(message)) = (cells.next(), cells.next(), cells.next())
        else {
            panic!("a row has three cells: {row}");
        };
        let file = file.trim_matches('`');
        let path = repository().join("tests/cases/formats").join(file);
        let mut command = program(&["list"]);
        let output = command.arg(&path).output().expect("the program was built");
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            errors.contains(message.trim_matches('`')),
            "{file}: {errors}"
        );
        assert_ne!(output.status.code(), Some(0), "{file}");
        files.push(file.to_owned());
    }
    files.sort();
    let saved = names_in(&repository().join("tests/cases/formats"));
    assert_eq!(files, saved);
}
