//! Bodies as `JUnit` XML test cases: a body with an error has failed. The numbers come before the cases in a suite, so the cases wait in a temporary
//! file until the whole input has been read.

use std::borrow::Cow;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::sync::Arc;

use quick_xml::events::BytesText;
use quick_xml::writer::Writer;
use tempfile::SpooledTempFile;

use super::{Report, Summary, sentence};
use crate::call::plain_text;
use crate::finding::{Finding, Judged, Level};
use crate::json::Json;
use crate::view::safe_text;

/// Cases wait in memory up to so many bytes.
const IN_MEMORY: usize = 4 * 1024 * 1024;

/// Suites, one a source.
pub(super) struct JunitReport {
    cases: SpooledTempFile,
    suites: Vec<Suite>,
}

struct Suite {
    name: Arc<str>,
    tests: u64,
    failures: u64,
    /// The length of its cases, which follow those of the suite before.
    bytes: u64,
}

impl Default for JunitReport {
    fn default() -> Self {
        Self {
            cases: SpooledTempFile::new(IN_MEMORY),
            suites: Vec::new(),
        }
    }
}

impl Report for JunitReport {
    fn judged(
        &mut self,
        judged: &Judged,
        findings: &[&Finding],
        _out: &mut dyn Write,
    ) -> io::Result<()> {
        let case = case(judged, findings)?;
        self.cases.write_all(&case)?;
        if self
            .suites
            .last()
            .is_none_or(|suite| suite.name != judged.source)
        {
            self.suites.push(Suite {
                name: judged.source.clone(),
                tests: 0,
                failures: 0,
                bytes: 0,
            });
        }
        let suite = self.suites.last_mut().expect("it was just added");
        suite.tests += 1;
        suite.failures += u64::from(judged.errors > 0);
        suite.bytes += case.len() as u64;
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let unreadable = summary.unreadable.len() as u64;
        let sum = |count: fn(&Suite) -> u64| self.suites.iter().map(count).sum::<u64>();
        let numbers = [
            ("tests", sum(|suite| suite.tests) + unreadable),
            ("failures", sum(|suite| suite.failures)),
            ("errors", unreadable),
        ];
        writeln!(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>")?;
        write!(out, "<testsuites name=\"postcall\"")?;
        write_numbers(out, &numbers)?;

        self.cases.seek(SeekFrom::Start(0))?;
        for suite in &self.suites {
            write!(out, "  <testsuite name=\"{}\"", attribute(&suite.name))?;
            let numbers = [
                ("tests", suite.tests),
                ("failures", suite.failures),
                ("errors", 0),
            ];
            write_numbers(out, &numbers)?;
            io::copy(&mut (&mut self.cases).take(suite.bytes), out)?;
            writeln!(out, "  </testsuite>")?;
        }
        for unreadable in &summary.unreadable {
            let (name, class) = (attribute(&unreadable.name), valid(&unreadable.name));
            let numbers = [("tests", 1), ("failures", 0), ("errors", 1)];
            write!(out, "  <testsuite name=\"{name}\"")?;
            write_numbers(out, &numbers)?;
            let mut case = Vec::new();
            writer(&mut case)
                .create_element("testcase")
                .with_attributes([("name", "read"), ("classname", class.as_ref())])
                .write_inner_content(|case| {
                    let reason = valid(&unreadable.reason);
                    let attributes = [("type", "unreadable"), ("message", reason.as_ref())];
                    case.create_element("error")
                        .with_attributes(attributes)
                        .write_empty()?;
                    Ok(())
                })?;
            out.write_all(&case)?;
            writeln!(out, "\n  </testsuite>")?;
        }
        writeln!(out, "</testsuites>")
    }
}

/// The attributes that count, and the end of the tag.
fn write_numbers(out: &mut dyn Write, numbers: &[(&str, u64)]) -> io::Result<()> {
    for (name, number) in numbers {
        write!(out, " {name}=\"{number}\"")?;
    }
    writeln!(out, ">")
}

/// One body: its errors as a failure, what else was found as its output.
fn case(judged: &Judged, findings: &[&Finding]) -> io::Result<Vec<u8>> {
    let name = name(judged);
    let name = valid(&name);
    let source = valid(&judged.source);
    let line = judged.position.line.to_string();
    let (errors, others): (Vec<&Finding>, Vec<&Finding>) = findings
        .iter()
        .partition(|finding| finding.level == Level::Error);
    let mut text = Vec::new();
    let attributes = [
        ("name", name.as_ref()),
        ("classname", source.as_ref()),
        ("file", source.as_ref()),
        ("line", line.as_str()),
    ];
    let mut writer = writer(&mut text);
    let element = writer
        .create_element("testcase")
        .with_attributes(attributes);
    if errors.is_empty() && others.is_empty() && judged.errors == 0 {
        element.write_empty()?;
    } else {
        element.write_inner_content(|case| {
            if judged.errors > 0 {
                let rule = errors.first().map_or("error", |finding| finding.rule.id);
                let message = match errors.first() {
                    Some(first) if judged.errors == 1 => sentence(judged, first),
                    Some(first) => format!(
                        "{} (and {} more)",
                        sentence(judged, first),
                        judged.errors - 1
                    ),
                    None => format!("{} errors", judged.errors),
                };
                let message = valid(&message);
                case.create_element("failure")
                    .with_attributes([("type", rule), ("message", message.as_ref())])
                    .write_text_content(BytesText::new(&lines(judged, &errors)))?;
            }
            if !others.is_empty() {
                case.create_element("system-out")
                    .write_text_content(BytesText::new(&lines(judged, &others)))?;
            }
            Ok(())
        })?;
    }
    text.push(b'\n');
    Ok(text)
}

/// `call 480336`, or the place where there is no id.
fn name(judged: &Judged) -> String {
    match &judged.id {
        Some(id) => format!("call {}", plain_text(Json::from_well_formed(id))),
        None if judged.pointer.is_empty() => format!("line {}", judged.position.line),
        None => format!("{} on line {}", judged.pointer, judged.position.line),
    }
}

/// A line for each finding, with its place.
fn lines(judged: &Judged, findings: &[&Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let start = finding.span.start;
        let place = format!("{}:{}:{}", judged.source, start.line, start.column);
        let (level, rule) = (finding.level.name(), finding.rule.id);
        let line = format!("{place}: {level}[{rule}] {}", sentence(judged, finding));
        format!("{}\n", valid(&line))
    });
    lines.collect()
}

fn writer(out: &mut Vec<u8>) -> Writer<&mut Vec<u8>> {
    out.extend_from_slice(b"    ");
    Writer::new(out)
}

fn attribute(text: &str) -> String {
    quick_xml::escape::escape(valid(text).into_owned()).into_owned()
}

/// The text with what a terminal would obey made visible, and without the characters that XML 1.0 (§2.2) has no place for.
fn valid(text: &str) -> Cow<'_, str> {
    let safe = safe_text::one_line(text);
    if safe.contains(['\u{fffe}', '\u{ffff}']) {
        return Cow::Owned(safe.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}"));
    }
    safe
}
