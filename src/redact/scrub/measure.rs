//! Measures recall and over-masking on conversations with marks. Their format is described in
//! `tests/redact/conversations/README.md`.

use std::collections::BTreeMap;
use std::fmt::{self, Write as _};
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::find::find_personal;
use super::found::Found;
use super::known_values::KnownValues;

/// A marked part of a conversation.
struct Mark {
    class: String,
    range: Range<usize>,
    is_personal: bool,
}

/// A conversation without its marks.
#[derive(Default)]
struct Sample {
    title: String,
    language: String,
    known: KnownValues,
    transcript: String,
    marks: Vec<Mark>,
}

/// Marks of one class in one language.
#[derive(Clone, Copy, Debug, Default)]
struct Counts {
    marks: usize,
    /// Of personal marks, those all of whose letters and digits were found; of harmless ones, those
    /// of which any was.
    found: usize,
}

/// Counts by language and class. Classes of harmless marks end with `(harmless)`.
type Table = BTreeMap<(String, String), Counts>;

/// The text without marks, and the marks.
fn strip_marks(line: &str, offset: usize) -> (String, Vec<Mark>) {
    let mut text = String::new();
    let mut marks = Vec::new();
    let mut rest = line;
    while let Some(at) = rest.find("[[").into_iter().chain(rest.find("{{")).min() {
        text.push_str(&rest[..at]);
        let is_personal = rest[at..].starts_with("[[");
        let close = if is_personal { "]]" } else { "}}" };
        let (mark, after) = rest[at + 2..].split_once(close).expect("marks are closed");
        let (class, content) = mark.split_once(':').expect("marks have a class");
        let start = offset + text.len();
        text.push_str(content);
        let range = start..offset + text.len();
        marks.push(Mark {
            class: class.to_owned(),
            range,
            is_personal,
        });
        rest = after;
    }
    text.push_str(rest);
    (text, marks)
}

fn parse_samples(text: &str) -> Vec<Sample> {
    let mut samples: Vec<Sample> = Vec::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        if let Some(title) = line.strip_prefix("### ") {
            let language = title.split(' ').nth(1).unwrap_or_default().to_owned();
            samples.push(Sample {
                title: title.to_owned(),
                language,
                ..Sample::default()
            });
            continue;
        }
        let sample = samples
            .last_mut()
            .expect("a conversation starts with its number");
        if line.starts_with("Assistant: ") || line.starts_with("Customer: ") {
            let (text, marks) = strip_marks(line, sample.transcript.len());
            sample.transcript.push_str(&text);
            sample.transcript.push('\n');
            sample.marks.extend(marks);
        } else if let Some((key, value)) = line.split_once(" = ") {
            let name = key.split_once('.').map_or(key, |(_, name)| name);
            sample.known.add(name, &strip_marks(value, 0).0);
        }
    }
    samples
}

/// Bytes of letters and digits in the range that no finding covers.
fn uncovered(text: &str, range: &Range<usize>, found: &[Found]) -> usize {
    text[range.clone()]
        .char_indices()
        .filter(|(_, character)| character.is_alphanumeric())
        .filter(|(at, _)| {
            let at = range.start + at;
            !found.iter().any(|found| found.range.contains(&at))
        })
        .count()
}

fn measure_sample(sample: &Sample, table: &mut Table, misses: &mut String) {
    let text = &sample.transcript;
    let found = find_personal(text, &sample.known);
    for mark in &sample.marks {
        let total = uncovered(text, &mark.range, &[]);
        let left = uncovered(text, &mark.range, &found);
        let (class, is_found) = if mark.is_personal {
            (mark.class.clone(), left == 0)
        } else {
            (format!("{} (harmless)", mark.class), left < total)
        };
        let key = (sample.language.clone(), class.clone());
        let counts = table.entry(key).or_default();
        counts.marks += 1;
        counts.found += usize::from(is_found);
        if is_found != mark.is_personal {
            let start = text[..mark.range.start].rfind('\n').map_or(0, |at| at + 1);
            let rest = &text[mark.range.end..];
            let end = rest.find('\n').map_or(text.len(), |at| mark.range.end + at);
            let line = show_found(text, start..end, &found);
            let marked = &text[mark.range.clone()];
            let _ = writeln!(misses, "{} {class} [{marked}] {line}", sample.title);
        }
    }
}

/// The line with what was found in brackets.
fn show_found(text: &str, line: Range<usize>, found: &[Found]) -> String {
    let mut shown = String::new();
    let mut at = line.start;
    for found in found
        .iter()
        .filter(|f| f.range.start >= line.start && f.range.end <= line.end)
    {
        let _ = write!(
            shown,
            "{}<{}>",
            &text[at..found.range.start],
            &text[found.range.clone()]
        );
        at = found.range.end;
    }
    shown + &text[at..line.end]
}

fn measure_folder(folder: &Path) -> (Table, String) {
    let mut table = Table::new();
    let mut misses = String::new();
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("the folder exists")
        .map(|entry| entry.expect("the folder is readable").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    files.sort();
    for file in files {
        let text = std::fs::read_to_string(&file).expect("the file is readable");
        for sample in parse_samples(&text) {
            measure_sample(&sample, &mut table, &mut misses);
        }
    }
    (table, misses)
}

/// The rows of the table in `docs/redaction.md`: marks and recall of the open and of the measured
/// half, for each language and class.
fn rows(open: &Table, measured: &Table) -> String {
    let mut rows = String::new();
    for ((language, class), counts) in open {
        let measured = measured.get(&(language.clone(), class.clone()));
        let measured = measured.copied().unwrap_or_default();
        let _ = writeln!(rows, "| {language} | {class} | {counts} | {measured} |");
    }
    rows
}

impl fmt::Display for Counts {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let thousandths = (1000 * self.found).checked_div(self.marks).unwrap_or(1000);
        let (whole, tenths) = (thousandths / 10, thousandths % 10);
        write!(formatter, "{whole}.{tenths} % of {}", self.marks)
    }
}

/// Fails if less is found than the documentation says, and if more is: then it has to say so.
#[test]
fn recall_is_as_documented() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let conversations = repository.join("tests/redact/conversations");
    let (open, misses) = measure_folder(&conversations.join("open"));
    // The other half is read by no one who works on the rules, so its misses are not printed.
    let (measured, _) = measure_folder(&conversations.join("measured"));
    let rows = rows(&open, &measured);
    let path = repository.join("docs/redaction.md");
    let documented = std::fs::read_to_string(path).expect("the page exists");
    assert!(
        documented.contains(&rows),
        "missed in the open half:\n{misses}\nexpected in docs/redaction.md:\n{rows}"
    );
}
