//! Reports for other programs are read by a schema or parser of the program that consumes them, and
//! nothing in a body can break them.

use std::collections::HashSet;
use std::fs;
use std::io::{Cursor, Write as _};
use std::ops::Range;
use std::path::Path;

use chrono::DateTime;
use flate2::Compression;
use flate2::write::GzEncoder;
use postcall::capture::source::reader::SourceOptions;
use postcall::capture::source::sources::sources_from_reader;
use postcall::host::Clock;
use postcall::in_memory;
use postcall::report::FindingsFormat;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use pulldown_cmark::{Event, Options, Parser, Tag};
use serde_json::{Value, json};
use tempfile::TempDir;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use crate::common::{call, config, postcall, program, repository, temporary_folder};

/// Parts of text that Markdown, HTML, GitHub or a runner could take for markup.
const MARKUP: &[&str] = &[
    "|",
    "\\|",
    "\\\\|",
    "\\",
    "`",
    "``",
    "```\n",
    "\n",
    "\r\n",
    "\n\n# ",
    "\n| a | b |\n| - | - |\n",
    "<img src=x onerror=alert(1)>",
    "<!--",
    "-->",
    "</td></tr></table>",
    "<details>",
    "[a](javascript:alert(1))",
    "![a](https://a.de/b.png)",
    "https://a.de/?b=c",
    "www.a.de",
    "a@b.de",
    "@octocat",
    "#1",
    "::error::",
    "##[error]",
    "##vso[a]",
    "&lt;b&gt;",
    "&#124;",
    "$a$",
    "**a**",
    ":+1:",
    "\u{202e}",
    "\u{1b}[31m",
    "\u{2028}",
    " ",
    "é",
    "田",
    "👍",
];

/// Runs `validate` in the folder.
fn validate(folder: &Path, arguments: &[&str]) -> String {
    let output = program(&[&["validate"], arguments].concat())
        .current_dir(folder)
        .output()
        .expect("the program was built");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn parse(report: &str) -> Value {
    serde_json::from_str(report).expect("JSON")
}

/// Fails unless `report` is valid according to the schema in `tests/report_schemas`.
fn assert_valid(schema: &str, report: &Value) {
    let path = repository().join("tests/report_schemas").join(schema);
    let text = fs::read_to_string(path).expect("a schema");
    let schema = parse(&text);
    assert!(jsonschema::draft202012::meta::is_valid(&schema));
    let schema = jsonschema::draft202012::new(&schema).expect("a schema");
    let errors: Vec<String> = schema
        .iter_errors(report)
        .map(|error| error.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}\n{report:#}");
}

/// A body with several findings, some of them in text with characters of several bytes.
fn bad_body(id: u64) -> Value {
    let mut body = call(id, &json!({"näme": "田中", "email": "mira@example.org"}));
    body["status"] = json!("ünbekannt");
    body["duration"] = json!("180");
    body["zusätzlich"] = json!("é");
    body
}

/// A folder with bodies in all kinds of places, some of which cannot be read.
fn folder_with_findings() -> TempDir {
    let folder = temporary_folder();
    let path = |name: &str| folder.path().join(name);
    let body = bad_body(1).to_string();
    fs::write(path("lines.jsonl"), format!("{body}\n{body}\n")).expect("a new file");
    fs::write(path("bom.json"), format!("\u{feff}{body}")).expect("a new file");
    fs::write(path("array.json"), format!("[\n{body},\n{body}]")).expect("a new file");
    fs::write(path("broken.json"), "{\"id\": 1,\n").expect("a new file");
    let utf_16: Vec<u8> = format!("\u{feff}{body}")
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    fs::write(path("utf-16.json"), utf_16).expect("a new file");
    let mut gzip = GzEncoder::new(Vec::new(), Compression::fast());
    gzip.write_all(body.as_bytes()).expect("memory");
    fs::write(path("a.json.gz"), gzip.finish().expect("memory")).expect("a new file");
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for name in ["2024/a.json", "2024/b.json"] {
        zip.start_file(name, SimpleFileOptions::default())
            .expect("memory");
        zip.write_all(body.as_bytes()).expect("memory");
    }
    let zip = zip.finish().expect("memory").into_inner();
    fs::write(path("calls.zip"), zip).expect("a new file");
    folder
}

#[test]
fn gitlab_reads_its_report() {
    let folder = folder_with_findings();
    let report = parse(&validate(
        folder.path(),
        &["--format", "gitlab", ".", "missing.json"],
    ));
    assert_valid("gitlab.json", &report);
    let issues = report.as_array().expect("a list");
    let all = parse(&validate(
        folder.path(),
        &["--format", "json", ".", "missing.json"],
    ));
    let findings = all["findings"].as_array().expect("a list");
    assert_eq!(issues.len(), findings.len() + 1);
    let fingerprints: HashSet<&str> = (issues.iter())
        .filter_map(|issue| issue["fingerprint"].as_str())
        .collect();
    assert_eq!(fingerprints.len(), issues.len());
    for (issue, finding) in issues.iter().zip(findings) {
        assert_eq!(issue["check_name"], finding["rule"]);
        let path = finding["archive"].as_str().or(finding["source"].as_str());
        let path = path.and_then(|path| path.strip_prefix("./"));
        assert_eq!(issue["location"]["path"].as_str(), path);
    }
    let line = |path: &str| {
        let mut found = issues.iter().rev();
        let issue = found.find(|issue| issue["location"]["path"] == path);
        issue.expect("an issue")["location"]["lines"]["begin"].clone()
    };
    assert_eq!(line("array.json"), 3);
    assert_eq!(line("calls.zip"), 1);
    assert_eq!(line("a.json.gz"), 1);
    let last = issues.last().expect("an issue");
    assert_eq!(last["check_name"], "unreadable");
    assert_eq!(last["location"]["path"], "missing.json");

    let stdin = postcall(
        &["validate", "--format", "gitlab"],
        bad_body(1).to_string().as_bytes(),
    );
    let stdin: Value = serde_json::from_slice(&stdin.stdout).expect("JSON");
    assert_valid("gitlab.json", &stdin);
    assert_eq!(stdin[0]["location"]["path"], "stdin");
    let nothing = validate(
        repository(),
        &["--format", "gitlab", "samples/inbound-call.json"],
    );
    assert_valid("gitlab.json", &parse(&nothing));
}

/// The fingerprints of an array, which do not depend on what precedes a call with an id.
#[test]
fn a_fingerprint_survives_edits_elsewhere() {
    let folder = temporary_folder();
    let fingerprints = |text: &str| -> HashSet<String> {
        fs::write(folder.path().join("a.json"), text).expect("a new file");
        let report = parse(&validate(
            folder.path(),
            &["--format", "gitlab", "./a.json"],
        ));
        let issues = report.as_array().expect("a list").iter();
        let fingerprints = issues.map(|issue| issue["fingerprint"].as_str().map(str::to_owned));
        fingerprints.collect::<Option<_>>().expect("fingerprints")
    };
    let (first, second) = (bad_body(1), bad_body(2));
    let before = fingerprints(&json!([first, second]).to_string());
    let moved = format!("\n\n{:#}", json!([call(3, &json!({})), first, second]));
    assert_eq!(fingerprints(&moved), before);
    let mut mended = second.clone();
    mended["duration"] = json!(180);
    let after = fingerprints(&json!([first, mended]).to_string());
    assert_eq!(before.difference(&after).count(), 1);
    assert!(after.is_subset(&before));
    // Two findings that differ only in the id differ by it.
    let other = fingerprints(&json!([first, bad_body(9)]).to_string());
    assert!(other.difference(&before).count() > 0);
}

#[test]
fn reviewdog_reads_its_report() {
    let folder = folder_with_findings();
    let arguments = |format| ["--format", format, ".", "missing.json"];
    let report = parse(&validate(folder.path(), &arguments("rdjson")));
    assert_valid("rdjson.json", &report);
    let all = parse(&validate(folder.path(), &arguments("json")));
    let findings = all["findings"].as_array().expect("a list");
    let diagnostics = report["diagnostics"].as_array().expect("a list");
    assert_eq!(diagnostics.len(), findings.len() + 1);
    let mut compared = 0;
    for (diagnostic, finding) in diagnostics.iter().zip(findings) {
        assert_eq!(diagnostic["code"]["value"], finding["rule"]);
        let range = &diagnostic["location"]["range"];
        let source = finding["source"].as_str().expect("a path");
        if finding["decoded"].is_null() {
            let bytes = fs::read(folder.path().join(source)).expect("a file");
            let offset = |end: &str| finding[end]["offset"].as_u64().expect("a number");
            assert_eq!(offset_of(&bytes, &range["start"]), offset("start"));
            assert_eq!(offset_of(&bytes, &range["end"]), offset("end"));
            compared += 1;
        }
        match source {
            "./calls.zip/2024/a.json" => assert_eq!(range, &json!({"start": {"line": 1}})),
            "./a.json.gz" => assert!(range.is_null()),
            _ => assert!(range.is_object()),
        }
    }
    assert!(compared > 10, "{compared}");
    let last = diagnostics.last().expect("a diagnostic");
    assert_eq!(last["code"]["value"], "unreadable");
    assert_eq!(last["location"], json!({"path": "missing.json"}));
    let nothing = validate(
        repository(),
        &["--format", "rdjson", "samples/inbound-call.json"],
    );
    assert_valid("rdjson.json", &parse(&nothing));
}

/// The offset in `text` of a position that counts bytes.
fn offset_of(text: &[u8], position: &Value) -> u64 {
    let number = |name: &str| position[name].as_u64().expect("a number") - 1;
    let lines = text.split_inclusive(|byte| *byte == b'\n');
    let before = lines.take(usize::try_from(number("line")).expect("it fits"));
    before.map(<[u8]>::len).sum::<usize>() as u64 + number("column")
}

/// The parts of a Markdown report.
struct Summary {
    heading: String,
    /// The cells of the tables, without their heads.
    rows: Vec<Vec<String>>,
}

/// Parses a report as GitHub Flavored Markdown. Fails on all that only a body could have added.
fn parse_markdown(text: &str) -> Summary {
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_GFM
        | Options::ENABLE_MATH;
    let (mut heading, mut rows) = (String::new(), Vec::new());
    let (mut is_heading, mut in_table) = (false, false);
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::Heading { .. }) => {
                assert!(heading.is_empty(), "one heading: {text}");
                is_heading = true;
            }
            Event::End(pulldown_cmark::TagEnd::Heading(_)) => is_heading = false,
            Event::Start(Tag::Table(_)) => in_table = true,
            Event::End(pulldown_cmark::TagEnd::Table) => in_table = false,
            Event::Start(Tag::TableRow) => rows.push(Vec::new()),
            Event::Start(Tag::TableCell) => {
                if let Some(row) = rows.last_mut() {
                    row.push(String::new());
                }
            }
            Event::Text(part) if is_heading => heading.push_str(&part),
            Event::Text(part) | Event::Code(part) if in_table => {
                if let Some(cell) = rows.last_mut().and_then(|row| row.last_mut()) {
                    cell.push_str(&part);
                }
            }
            Event::Start(Tag::Paragraph | Tag::TableHead)
            | Event::End(_)
            | Event::SoftBreak
            | Event::Text(_)
            | Event::Code(_) => {}
            other => panic!("{other:?} in\n{text}"),
        }
    }
    Summary { heading, rows }
}

/// A report on `text`, a source of this name.
fn report(name: &str, text: &str, format: FindingsFormat) -> String {
    let clock = Clock::Fixed(DateTime::from_timestamp(1_705_314_600, 0).expect("a time"));
    let reader = Cursor::new(text.to_owned());
    let sources = sources_from_reader(name, reader, &SourceOptions::default());
    let mut report = Vec::new();
    in_memory::validate(sources, format, clock, &mut report).expect("memory can be written");
    String::from_utf8(report).expect("UTF-8")
}

fn hostile_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => select(MARKUP).prop_map(str::to_owned),
        1 => any::<String>(),
    ];
    vec(piece, 1..6).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(config(500))]

    /// Nothing in a body or in the name of its file adds markup, or a cell to the table.
    #[test]
    fn a_body_cannot_add_markup(
        texts in vec(hostile_text(), 5),
        name in hostile_text(),
        is_broken in any::<bool>(),
    ) {
        let mut body = call(1, &json!({texts[0].clone(): {texts[1].clone(): [texts[2]]}}));
        body["status"] = json!(texts[1]);
        body["duration"] = json!(texts[2]);
        body["id"] = json!(texts[4]);
        body[texts[3].clone()] = json!(1);
        body["created_at"] = json!(texts[4]);
        let mut text = body.to_string();
        if is_broken {
            text = format!("{}{}", &text[..text.len() - 1], texts[3]);
        }
        let markdown = report(&name, &text, FindingsFormat::Markdown);
        let summary = parse_markdown(&markdown);
        let findings = parse(&report(&name, &text, FindingsFormat::Json));
        let findings = findings["findings"].as_array().expect("a list");
        prop_assert_eq!(summary.rows.len(), findings.len(), "{}", markdown);
        for (row, finding) in summary.rows.iter().zip(findings) {
            prop_assert_eq!(row.len(), 4, "{}", markdown);
            prop_assert_eq!(Some(&*row[0]), finding["level"].as_str());
            prop_assert_eq!(Some(&*row[1]), finding["rule"].as_str());
        }
        for line in markdown.lines() {
            prop_assert!(!line.trim_start().starts_with("::"), "{}", markdown);
            prop_assert!(!line.contains("##[") && !line.contains("##vso["), "{}", markdown);
        }
    }
}

/// Text in a cell is that of the body, apart from characters that are escaped everywhere.
#[test]
fn a_cell_shows_the_text_of_the_body() {
    for text in [
        "a|b",
        "`a` ``b``",
        "`",
        "a\\b",
        "<b>a</b>",
        "  a  b ",
        "a@b.de",
    ] {
        let mut body = call(1, &json!({}));
        body["status"] = json!(text);
        let markdown = report("a.json", &body.to_string(), FindingsFormat::Markdown);
        let summary = parse_markdown(&markdown);
        assert_eq!(
            summary.heading, "postcall: 1 call, 0 errors, 1 warning",
            "{markdown}"
        );
        let message = &summary.rows[0][3];
        let found = serde_json::to_string(text).expect("JSON");
        let is_shown = message.ends_with(&format!("found the string {found}"));
        assert!(is_shown, "{text}: {message}");
        assert!(summary.rows[0][2].starts_with("a.json:1:"), "{markdown}");
    }
    // A backslash before a bar is shown as an escape.
    let mut body = call(1, &json!({}));
    body["status"] = json!("\\|");
    let markdown = report("a.json", &body.to_string(), FindingsFormat::Markdown);
    let row = &parse_markdown(&markdown).rows[0];
    assert!(row[3].ends_with("\"\\\\u{5c}|\""), "{row:?}");
}

#[test]
fn a_job_summary_has_at_most_1_mib() {
    let folder = temporary_folder();
    let range: Range<u64> = 0..12_000;
    let lines = range.map(|id| format!("{}\n", bad_body(id)));
    fs::write(folder.path().join("a.jsonl"), lines.collect::<String>()).expect("a new file");
    let mut arguments = vec!["--format", "markdown", "a.jsonl", "--max-findings", "30000"];
    let missing: Vec<String> = (0..3_000).map(|number| format!("{number}.json")).collect();
    let markdown = validate(folder.path(), &arguments);
    let size = markdown.len();
    assert!((1_000_000..=1 << 20).contains(&size), "{size}");
    let summary = parse_markdown(&markdown);
    let counts = parse(&validate(folder.path(), &["--format", "json", "a.jsonl"]));
    let count = |level: &str| counts["summary"][level].as_u64().expect("a number");
    let findings = count("errors") + count("warnings") + count("notes");
    assert!(findings > 30_000, "{findings}");
    let more = findings - summary.rows.len() as u64;
    let end = format!("\n… and {more} more findings not listed\n");
    assert!(markdown.ends_with(&end), "{more}");

    // The inputs that cannot be read do not fit either.
    arguments.extend(missing.iter().map(String::as_str));
    let markdown = validate(folder.path(), &arguments);
    assert!(markdown.len() <= 1 << 20, "{}", markdown.len());
    let inputs = parse_markdown(&markdown).rows;
    let listed = inputs.iter().filter(|row| row.len() == 2).count();
    let end = format!("\n… and {} more inputs not listed\n", 3_000 - listed);
    assert!(markdown.ends_with(&end), "{listed}");
    assert!(markdown.starts_with("## postcall: 12000 calls, "));
    assert!(markdown.contains(", 3000 inputs not read\n"));
}
