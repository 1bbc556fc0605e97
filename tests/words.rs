//! The language of comments, docstrings, help, messages and Markdown pages: no words of the old
//! private idiom, few nominal "what" clauses, lines of at most 100 columns.

use std::fs;

use crate::common::source::{Comment, comments, rust_files, sentences};
use crate::common::{markdown, repository};
use clap::{Command, CommandFactory as _};
use postcall::cli::Cli;

/// Phrases that plain English does not use here, each with its replacement. A phrase matches whole
/// words, in any case.
const FORBIDDEN: &[(&str, &str)] = &[
    ("tell", "report, print, warn, detect, format"),
    ("tells", "reports, prints, warns, detects, formats"),
    ("telling", "reporting, printing, detecting"),
    ("told", "reported, printed, detected"),
    ("how manieth", "index"),
    ("so many", "at most N, at least N"),
    ("can not", "cannot"),
    ("nobody", "no user, no caller, or the passive"),
    ("somebody", "the user, the caller, or the passive"),
    ("passed over", "skipped"),
];

/// How often "what" may occur in 1,000 words.
const WHAT_PER_THOUSAND: usize = 2;

const MAX_COLUMNS: usize = 100;

#[test]
fn comments_are_plain_english() {
    check_english(&all_comments(), 10_000);
}

/// Messages, rule texts and headings are string literals.
#[test]
fn texts_of_the_program_are_plain_english() {
    let root = repository();
    let mut texts = Vec::new();
    for path in rust_files(&root.join("src")) {
        let name = path.strip_prefix(root).expect("it lies below");
        let source = fs::read_to_string(&path).expect("a source file");
        // The unit tests end each file.
        let program = source.split("#[cfg(test)]\nmod tests").next();
        let found = sentences(program.unwrap_or_default()).into_iter();
        texts.extend(found.map(|text| (name.display().to_string(), text)));
    }
    check_english(&texts, 4_000);
}

#[test]
fn pages_are_plain_english() {
    let mut lines = Vec::new();
    for page in markdown::pages() {
        lines.extend(markdown::prose(&page.text).map(|line| (page.name.clone(), line)));
    }
    check_english(&lines, 4_000);
}

#[test]
fn help_is_plain_english() {
    let mut cli = Cli::command().term_width(MAX_COLUMNS);
    cli.build();
    let mut lines = help_lines(&mut cli.clone());
    for command in cli.get_subcommands_mut() {
        lines.extend(help_lines(command));
    }
    check_english(&lines, 2_000);
}

/// Fails with all faults of the language in `texts`, which come with the paths of their files. Also
/// fails if there are fewer words than `min_words`.
fn check_english(texts: &[(String, Comment)], min_words: usize) {
    let mut faults = Vec::new();
    let mut words = 0;
    let mut whats = Vec::new();
    for (path, comment) in texts {
        let location = format!("{path}:{}", comment.line);
        for (phrase, better) in FORBIDDEN {
            if has_phrase(&comment.text, phrase) {
                faults.push(format!("{location}: \"{phrase}\" (write: {better})"));
            }
        }
        if comment.columns > MAX_COLUMNS {
            faults.push(format!("{location}: {} columns", comment.columns));
        }
        let lower = comment.text.to_lowercase();
        words += split_words(&lower).count();
        let count = split_words(&lower).filter(|word| *word == "what").count();
        whats.extend(std::iter::repeat_n(location, count));
    }
    assert!(
        words > min_words,
        "only {words} words found: are the files still read?"
    );
    if whats.len() * 1000 > words * WHAT_PER_THOUSAND {
        faults.push(format!(
            "{} times \"what\" in {words} words: {whats:#?}",
            whats.len()
        ));
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn phrases_match_whole_words_only() {
    assert!(has_phrase("It is Told here.", "told"));
    assert!(has_phrase("they can not", "can not"));
    assert!(!has_phrase("untold retold", "told"));
    assert!(!has_phrase("a scan notes", "can not"));
}

/// The comments of all Rust files, scripts and manifests.
fn all_comments() -> Vec<(String, Comment)> {
    let root = repository();
    let mut all = Vec::new();
    for folder in [
        "src",
        "tests",
        "benches",
        "examples",
        "fuzz/src",
        "fuzz/fuzz_targets",
    ] {
        for path in rust_files(&root.join(folder)) {
            let name = path
                .strip_prefix(root)
                .expect("it lies below")
                .display()
                .to_string();
            // This file has to name the phrases that it forbids.
            if name == "tests/words.rs" {
                continue;
            }
            let source = fs::read_to_string(&path).expect("a source file");
            let found = comments(&source).into_iter();
            all.extend(found.map(|comment| (name.clone(), comment)));
        }
    }
    for (name, source, mark) in scripts() {
        all.extend(line_comments(&source, mark).map(|comment| (name.clone(), comment)));
    }
    all
}

/// All scripts and manifests of the repository: name, content, and the mark of their comments.
fn scripts() -> Vec<(String, String, &'static str)> {
    let root = repository();
    let mut walk = ignore::WalkBuilder::new(root);
    // `.ci` is hidden, and a copy of the repository without git still has ignored files.
    walk.hidden(false).require_git(false);
    // The corpus of the fuzz targets is not text.
    walk.filter_entry(|entry| {
        entry.file_name() != ".git" && !entry.path().ends_with("fuzz/corpus")
    });
    let mut found = Vec::new();
    for entry in walk.build() {
        let path = entry.expect("an entry of the repository").into_path();
        let extension = path
            .extension()
            .map(|extension| extension.to_string_lossy());
        let mark = match extension.as_deref() {
            Some("mjs") => "//",
            Some("py" | "sh" | "toml") => "#",
            None if path.is_file() => "#",
            _ => continue,
        };
        let source = fs::read_to_string(&path).expect("a text file");
        if extension.is_none() && !source.starts_with("#!") {
            continue;
        }
        let name = path.strip_prefix(root).expect("it lies below");
        found.push((name.display().to_string(), source, mark));
    }
    found
}

/// The lines of the long help of a command.
fn help_lines(command: &mut Command) -> Vec<(String, Comment)> {
    let name = format!("{} --help", command.get_bin_name().unwrap_or("postcall"));
    let help = command.render_long_help().to_string();
    let lines = line_comments(&help, "");
    lines.map(|line| (name.clone(), line)).collect()
}

/// The lines that start with `mark`, as comments.
fn line_comments<'a>(source: &'a str, mark: &'a str) -> impl Iterator<Item = Comment> + 'a {
    source.lines().enumerate().filter_map(move |(index, line)| {
        let text = line.trim_start().strip_prefix(mark)?;
        // `#!` names the interpreter.
        let columns = if line.starts_with("#!") {
            0
        } else {
            line.chars().count()
        };
        Some(Comment {
            line: index + 1,
            columns,
            text: text.to_owned(),
        })
    })
}

fn split_words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric() && c != '\'')
        .filter(|word| !word.is_empty())
}

/// True if `text` contains the words of `phrase` next to each other.
fn has_phrase(text: &str, phrase: &str) -> bool {
    let text = text.to_lowercase();
    let words: Vec<&str> = split_words(&text).collect();
    let phrase: Vec<&str> = phrase.split(' ').collect();
    words.windows(phrase.len()).any(|window| window == phrase)
}
