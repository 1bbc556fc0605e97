//! Bodies as `JUnit` XML test cases: a body with an error is a failed test. The counts of a suite
//! precede its cases, so the cases are kept in a temporary file until all input has been read.

use std::borrow::Cow;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write};

use quick_xml::events::BytesText;
use quick_xml::writer::Writer;

use super::finding_text::{format_location, format_sentence, format_sentence_in_file};
use super::summary::Summary;
use super::writer::Report;
use crate::capture::source::source_name::SourceName;
use crate::host::{Scratch, ScratchFile};
use crate::json::{Json, plain_text};
use crate::lint::finding::{CheckedBody, Finding};
use crate::lint::rule_data::Level;
use crate::text::safe_text;

/// Size up to which the test cases are kept in memory instead of a file.
const MAX_IN_MEMORY_BYTES: usize = 4 * 1024 * 1024;

/// Writes one test suite per source.
pub(crate) struct JunitReport {
    cases: Box<dyn ScratchFile>,
    suites: Vec<TestSuite>,
}

struct TestSuite {
    name: SourceName,
    tests: u64,
    failures: u64,
    /// Length of its cases in bytes. They follow the cases of the previous suite.
    bytes: u64,
}

impl JunitReport {
    pub(crate) fn new(scratch: &dyn Scratch) -> Self {
        Self {
            cases: scratch.create_in_memory(MAX_IN_MEMORY_BYTES),
            suites: Vec::new(),
        }
    }
}

impl Report for JunitReport {
    fn write_body(
        &mut self,
        body: &CheckedBody,
        findings: &[&Finding],
        _out: &mut dyn Write,
    ) -> io::Result<()> {
        let case = test_case(body, findings)?;
        self.cases.write_all(&case)?;
        if self
            .suites
            .last()
            .is_none_or(|suite| suite.name != body.source)
        {
            self.suites.push(TestSuite {
                name: body.source.clone(),
                tests: 0,
                failures: 0,
                bytes: 0,
            });
        }
        let suite = self.suites.last_mut().expect("it was just added");
        suite.tests += 1;
        suite.failures += u64::from(body.errors > 0);
        suite.bytes += case.len() as u64;
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let unreadable = summary.unreadable.len() as u64;
        let sum = |count: fn(&TestSuite) -> u64| self.suites.iter().map(count).sum::<u64>();
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
            write!(
                out,
                "  <testsuite name=\"{}\"",
                escape_attribute(&suite.name)
            )?;
            let numbers = [
                ("tests", suite.tests),
                ("failures", suite.failures),
                ("errors", 0),
            ];
            write_numbers(out, &numbers)?;
            write_properties(out, summary)?;
            io::copy(&mut (&mut self.cases).take(suite.bytes), out)?;
            writeln!(out, "  </testsuite>")?;
        }
        for unreadable in &summary.unreadable {
            let (name, class) = (
                escape_attribute(&unreadable.name),
                xml_text(&unreadable.name),
            );
            let numbers = [("tests", 1), ("failures", 0), ("errors", 1)];
            write!(out, "  <testsuite name=\"{name}\"")?;
            write_numbers(out, &numbers)?;
            write_properties(out, summary)?;
            let mut case = Vec::new();
            indented_writer(&mut case)
                .create_element("testcase")
                .with_attributes([("name", "read"), ("classname", class.as_ref())])
                .write_inner_content(|case| {
                    let reason = xml_text(&unreadable.reason);
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

/// Writes the attributes with counts, and closes the tag.
fn write_numbers(out: &mut dyn Write, numbers: &[(&str, u64)]) -> io::Result<()> {
    for (name, number) in numbers {
        write!(out, " {name}=\"{number}\"")?;
    }
    writeln!(out, ">")
}

/// Writes the properties of a suite: the settings file, if there is one.
fn write_properties(out: &mut dyn Write, summary: &Summary) -> io::Result<()> {
    let Some(config) = &summary.config else {
        return Ok(());
    };
    let config = escape_attribute(config);
    writeln!(
        out,
        "    <properties>\n      <property name=\"config\" value=\"{config}\"/>\n    </properties>"
    )
}

/// The test case of one body. Errors become its failure, other findings its output.
fn test_case(body: &CheckedBody, findings: &[&Finding]) -> io::Result<Vec<u8>> {
    let name = case_name(body);
    let name = xml_text(&name);
    let source = xml_text(&body.source);
    let line = match body.source.member() {
        Some(_) => 1,
        None => body.position.line,
    };
    let (file, line) = (xml_text(body.source.file()), line.to_string());
    let (errors, others): (Vec<&Finding>, Vec<&Finding>) = findings
        .iter()
        .partition(|finding| finding.level == Level::Error && !finding.is_known());
    let mut text = Vec::new();
    let attributes = [
        ("name", name.as_ref()),
        ("classname", source.as_ref()),
        ("file", file.as_ref()),
        ("line", line.as_str()),
    ];
    let mut writer = indented_writer(&mut text);
    let element = writer
        .create_element("testcase")
        .with_attributes(attributes);
    if errors.is_empty() && others.is_empty() && body.errors == 0 {
        element.write_empty()?;
    } else {
        element.write_inner_content(|case| {
            if body.errors > 0 {
                let rule = errors.first().map_or("error", |finding| finding.rule.id);
                let message = match errors.first() {
                    Some(first) if body.errors == 1 => format_sentence_in_file(body, first),
                    Some(first) => format!(
                        "first of {} errors: {}",
                        body.errors,
                        format_sentence_in_file(body, first)
                    ),
                    None => format!("{} errors", body.errors),
                };
                let message = xml_text(&message);
                case.create_element("failure")
                    .with_attributes([("type", rule), ("message", message.as_ref())])
                    .write_text_content(BytesText::new(&finding_lines(body, &errors)))?;
            }
            if !others.is_empty() {
                case.create_element("system-out")
                    .write_text_content(BytesText::new(&finding_lines(body, &others)))?;
            }
            Ok(())
        })?;
    }
    text.push(b'\n');
    Ok(text)
}

/// Name of the test case: `call 480336`, or pointer and line of a body without id. The file is not
/// part of the name, because the test case has it as an attribute.
fn case_name(body: &CheckedBody) -> String {
    match &body.id {
        Some(id) => format!("call {}", plain_text(Json::from_well_formed(id))),
        None if body.pointer.is_empty() => format!("line {}", body.position.line),
        None => format!("{} on line {}", body.pointer, body.position.line),
    }
}

/// One line per finding: location, level, rule and message.
fn finding_lines(body: &CheckedBody, findings: &[&Finding]) -> String {
    let lines = findings.iter().map(|finding| {
        let location = format_location(body, finding.span.start);
        let (level, rule) = (finding.level.name(), finding.rule.id);
        let known = if finding.is_known() { "known " } else { "" };
        let line = format!(
            "{location}: {known}{level}[{rule}] {}",
            format_sentence(body, finding)
        );
        format!("{}\n", xml_text(&line))
    });
    lines.collect()
}

/// A writer that appends XML to `out`, after the indentation of a test case.
fn indented_writer(out: &mut Vec<u8>) -> Writer<&mut Vec<u8>> {
    out.extend_from_slice(b"    ");
    Writer::new(out)
}

fn escape_attribute(text: &str) -> String {
    quick_xml::escape::escape(xml_text(text).into_owned()).into_owned()
}

/// Makes control characters visible, and replaces the characters that XML 1.0 (§2.2) excludes.
fn xml_text(text: &str) -> Cow<'_, str> {
    let safe = safe_text::one_line(text);
    if safe.contains(['\u{fffe}', '\u{ffff}']) {
        return Cow::Owned(safe.replace(['\u{fffe}', '\u{ffff}'], "\u{fffd}"));
    }
    safe
}
