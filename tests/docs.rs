//! The README is short. Its tables and those in `docs/` match the program's own tables, links point
//! to existing files and headings, and every picture is shown somewhere.
//! `SNAPSHOTS=overwrite cargo test --test integration docs::` updates the tables.

use std::collections::HashSet;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::common::source::rust_files;
use crate::common::{compare_with_file, json_lines, markdown, repository, stdout};
use postcall::contract::{FIELDS, FieldSource};
use postcall::exit::EXIT_CODES;
use snapbox::Data;

const MAX_README_LINES: usize = 230;
const MAX_README_COLUMNS: usize = 160;

#[test]
fn the_readme_is_short() {
    let readme = fs::read_to_string(repository().join("README.md")).expect("the README");
    let lines = readme.lines().count();
    assert!(lines <= MAX_README_LINES, "{lines} lines");
    for (index, line) in readme.lines().enumerate() {
        let columns = line.chars().count();
        assert!(
            columns <= MAX_README_COLUMNS,
            "README.md:{}: {columns} columns",
            index + 1
        );
    }
}

#[test]
fn tables_are_current() {
    check_table("docs/guide.md", "exit codes", &exit_codes());
    check_table("docs/rules.md", "rules", &rules());
    check_table("docs/fields.md", "fields", &fields());
}

/// Compares the text between the comments `<!-- name -->` and `<!-- end -->` with `table`.
fn check_table(file: &str, name: &str, table: &str) {
    let path = repository().join(file);
    let page = fs::read_to_string(&path).expect("the page is part of the repository");
    let marker = format!("<!-- {name} -->\n");
    let (before, rest) = page.split_once(&marker).expect("the page has the marker");
    let (_, after) = rest.split_once("<!-- end -->").expect("the table ends");
    let page = format!("{before}{marker}{table}<!-- end -->{after}");
    compare_with_file(Data::text(page), &path);
}

fn exit_codes() -> String {
    let mut table = "| code | meaning |\n| ---: | --- |\n".to_owned();
    for (exit, meaning) in EXIT_CODES {
        writeln!(table, "| {} | {meaning} |", *exit as u8)
            .expect("writing to a String cannot fail");
    }
    table
}

fn rules() -> String {
    let mut table = "| rule | family | level | finds |\n| --- | --- | --- | --- |\n".to_owned();
    for rule in json_lines(stdout(&["rules", "--format", "jsonl"], b"").as_bytes()) {
        let [id, family, level, summary] = ["id", "family", "default_level", "summary"]
            .map(|member| rule[member].as_str().expect("a text"));
        writeln!(table, "| `{id}` | {family} | {level} | {summary} |")
            .expect("writing to a String cannot fail");
    }
    table
}

fn fields() -> String {
    let mut table =
        "| field | type | required | format | meaning |\n| --- | --- | --- | --- | --- |\n"
            .to_owned();
    for field in FIELDS {
        let null = if field.nullable { " or null" } else { "" };
        let required = if field.required { "yes" } else { "no" };
        let format = match field.format {
            None => String::new(),
            Some((format, FieldSource::Page)) => format.name().to_owned(),
            Some((format, FieldSource::Example)) => format!("{} (example)", format.name()),
        };
        writeln!(
            table,
            "| `{}` | {}{null} | {required} | {format} | {} |",
            field.column(),
            field.kind.name(),
            field.meaning
        )
        .expect("writing to a String cannot fail");
    }
    table
}

#[test]
fn links_point_to_existing_files_and_headings() {
    let mut faults = Vec::new();
    for page in markdown::pages() {
        let folder = page.path.parent().expect("a file is in a folder");
        for target in markdown::links(&page.text) {
            if target.contains("://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let path = if file.is_empty() {
                page.path.clone()
            } else {
                folder.join(file)
            };
            let is_found = path.exists() && (anchor.is_empty() || has_heading(&path, anchor));
            if !is_found {
                faults.push(format!("{}: {target}", page.name));
            }
        }
    }
    assert!(faults.is_empty(), "broken links:\n{}", faults.join("\n"));
}

/// Names in code on the page about security: `laws::name`, `fuzz/name` and `.ci/full name`.
#[test]
fn tests_of_promises_exist() {
    let read = |name: &str| fs::read_to_string(repository().join(name)).unwrap_or_default();
    let page = read("docs/security.md");
    let script = read(".ci/full");
    let mut faults = Vec::new();
    let mut checked = 0;
    let rows = page.lines().filter(|line| line.starts_with("| **"));
    for name in rows.flat_map(|row| row.split('`').skip(1).step_by(2)) {
        let is_found = if let Some((file, function)) =
            name.split_once("::").filter(|(file, _)| !file.is_empty())
        {
            let folder = repository().join("tests").join(file);
            let files = if folder.is_dir() {
                rust_files(&folder)
            } else {
                vec![folder.with_extension("rs")]
            };
            let is_in = |path: &PathBuf| {
                let text = fs::read_to_string(path).unwrap_or_default();
                text.contains(&format!("fn {function}("))
            };
            files.iter().any(is_in)
        } else if let Some(target) = name.strip_prefix("fuzz/") {
            !read(&format!("fuzz/fuzz_targets/{target}.rs")).is_empty()
        } else if let Some(part) = name.strip_prefix(".ci/full ") {
            script.contains(&format!("\npart_{part}() {{"))
        } else {
            continue;
        };
        checked += 1;
        if !is_found {
            faults.push(name);
        }
    }
    assert!(checked > 30, "only {checked} names are checked");
    assert!(faults.is_empty(), "tests that do not exist: {faults:?}");
}

/// The format of Agent Skills: metadata in YAML with a name, which is that of the folder, and a
/// description of at most 1024 characters. Every example is a session, so that it is run.
#[test]
fn the_skill_has_the_format_of_agent_skills() {
    let path = repository().join("skills/postcall/SKILL.md");
    let text = fs::read_to_string(path).expect("the skill");
    let metadata = text
        .strip_prefix("---\n")
        .and_then(|text| text.split_once("\n---\n"));
    let (metadata, page) = metadata.expect("metadata");
    let members: Vec<_> = metadata
        .lines()
        .map(|line| line.split_once(": ").expect("a member on a line"))
        .collect();
    let [("name", name), ("description", description)] = members[..] else {
        panic!("expected a name and a description, found {members:?}");
    };
    assert_eq!(name, "postcall");
    let length = description.chars().count();
    assert!((100..=1024).contains(&length), "{length} characters");
    // A plain scalar of YAML may have neither of these.
    assert!(!description.contains(": ") && !description.contains(" #"));
    assert!(text.lines().count() <= 500);
    let fences = page.lines().filter(|line| line.starts_with("```"));
    let languages: HashSet<&str> = fences.collect();
    assert_eq!(languages, HashSet::from(["```console", "```"]));
}

fn has_heading(page: &Path, anchor: &str) -> bool {
    let text = fs::read_to_string(page).expect("a page");
    markdown::anchors(&text).any(|found| found == anchor)
}

#[test]
fn every_picture_is_shown() {
    let mut shown = HashSet::new();
    for page in markdown::pages() {
        let folder = page.path.parent().expect("a file is in a folder");
        let files = markdown::links(&page.text).map(|target| folder.join(target));
        shown.extend(files.filter_map(|file| file.canonicalize().ok()));
    }
    let entries = fs::read_dir(repository().join("docs")).expect("the folder of the pages");
    for entry in entries {
        let path = entry.expect("readable").path();
        let is_picture = path.extension().is_some_and(|e| e == "svg" || e == "png");
        let file = path.canonicalize().expect("it exists");
        assert!(
            !is_picture || shown.contains(&file),
            "no page shows {}",
            path.display()
        );
    }
}
