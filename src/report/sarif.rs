//! Findings as SARIF 2.1.0 (OASIS), for code scanning. The rules come first, then one result per
//! finding. Results are written one by one, so the report needs no memory per finding.

use std::borrow::Cow;
use std::io::{self, Write};
use std::path::Path;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Serialize;

use super::finding_text::{
    format_sentence_in_file, full_pointer, is_in_file, path_in_repository, to_json_text,
};
use super::json_list::JsonList;
use super::summary::Summary;
use super::writer::Report;
use crate::capture::location::coding::Coding;
use crate::capture::location::position::Span;
use crate::lint::finding::{BaselineState, CheckedBody, Finding};
use crate::lint::levels::Levels;
use crate::lint::rule_data::Level;
use crate::lint::rules::registry;

const SCHEMA: &str = "https://json.schemastore.org/sarif-2.1.0.json";

#[derive(Serialize)]
struct SarifMessage<'t> {
    text: Cow<'t, str>,
}

impl<'t> From<&'t str> for SarifMessage<'t> {
    fn from(text: &'t str) -> Self {
        Self { text: text.into() }
    }
}

/// `reportingDescriptor` (§3.49).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifRule {
    id: &'static str,
    short_description: SarifMessage<'static>,
    full_description: SarifMessage<'static>,
    help: SarifMessage<'static>,
    default_configuration: Configuration,
    properties: RuleProperties,
}

/// `reportingConfiguration` (§3.50).
#[derive(Serialize)]
struct Configuration {
    enabled: bool,
    /// Absent for a rule that is allowed by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    level: Option<Level>,
}

#[derive(Serialize)]
struct RuleProperties {
    tags: [&'static str; 1],
}

/// `result` (§3.27).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct SarifResult<'f> {
    rule_id: &'static str,
    rule_index: usize,
    level: Level,
    message: SarifMessage<'f>,
    locations: [SarifLocation; 1],
    #[serde(skip_serializing_if = "Option::is_none")]
    related_locations: Option<[SarifLocation; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline_state: Option<BaselineState>,
}

/// `location` (§3.28).
#[derive(Serialize)]
struct SarifLocation {
    #[serde(rename = "physicalLocation")]
    physical: PhysicalLocation,
    #[serde(rename = "logicalLocations", skip_serializing_if = "Option::is_none")]
    logical: Option<[LogicalLocation; 1]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<SarifMessage<'static>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    /// `None` if lines and columns count in decoded text. Code scanning shows only results with a
    /// line, so those in members of archives are on the first line of the archive.
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<Region>,
}

#[derive(Clone, Serialize)]
struct ArtifactLocation {
    uri: String,
}

/// `region` (§3.30). The end column is exclusive.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_line: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_offset: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    byte_length: Option<u64>,
}

impl Region {
    const FIRST_LINE: Self = Self {
        start_line: 1,
        start_column: None,
        end_line: None,
        end_column: None,
        byte_offset: None,
        byte_length: None,
    };
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LogicalLocation {
    fully_qualified_name: String,
    kind: &'static str,
}

/// `invocation` (§3.20).
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Invocation<'s> {
    execution_successful: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    tool_execution_notifications: Vec<Notification<'s>>,
}

#[derive(Serialize)]
struct Notification<'s> {
    level: Level,
    message: SarifMessage<'s>,
}

/// `propertyBag` (§3.8) of the run.
#[derive(Serialize)]
struct RunProperties<'s> {
    config: &'s str,
}

/// Writes a log with one run.
pub(crate) struct SarifReport {
    rules: Vec<SarifRule>,
    results: JsonList,
}

impl SarifReport {
    pub(crate) fn new(levels: &Levels) -> Self {
        let rules = registry().map(|rule| SarifRule {
            id: rule.id,
            short_description: rule.summary.into(),
            full_description: rule.explanation.into(),
            help: rule.fix.into(),
            default_configuration: Configuration {
                enabled: levels.can_report(rule),
                level: levels.general_level(rule).or(rule.level),
            },
            properties: RuleProperties {
                tags: [rule.family.name()],
            },
        });
        Self {
            rules: rules.collect(),
            results: JsonList::default(),
        }
    }

    fn build_result<'f>(&self, body: &CheckedBody, finding: &'f Finding) -> SarifResult<'f> {
        let artifact = ArtifactLocation {
            uri: source_to_uri(body.source.file()),
        };
        let location = |span: Span| PhysicalLocation {
            artifact_location: artifact.clone(),
            region: match body.source.member() {
                Some(_) => Some(Region::FIRST_LINE),
                None => is_in_file(body, finding).then(|| build_region(span, finding.coding)),
            },
        };
        let pointer = full_pointer(body, finding);
        let index = self
            .rules
            .iter()
            .position(|rule| rule.id == finding.rule.id);
        SarifResult {
            rule_id: finding.rule.id,
            rule_index: index.expect("every rule is listed"),
            level: finding.level,
            message: SarifMessage {
                text: format_sentence_in_file(body, finding).into(),
            },
            locations: [SarifLocation {
                physical: location(finding.span),
                logical: (!pointer.is_empty()).then_some([LogicalLocation {
                    fully_qualified_name: pointer,
                    kind: "member",
                }]),
                message: None,
            }],
            related_locations: finding.first_occurrence.map(|first| {
                [SarifLocation {
                    physical: location(first),
                    logical: None,
                    message: Some("first occurrence".into()),
                }]
            }),
            baseline_state: finding.baseline,
        }
    }
}

impl Report for SarifReport {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        write!(
            out,
            "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\"tool\":{{\"driver\":{{\
             \"name\":\"postcall\",\"version\":\"{}\",\"rules\":{}}}}},\
             \"columnKind\":\"unicodeCodePoints\",\"results\":[",
            env!("CARGO_PKG_VERSION"),
            to_json_text(&self.rules)?
        )
    }

    fn write_body(
        &mut self,
        body: &CheckedBody,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            let result = self.build_result(body, finding);
            self.results.write(&result, out)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        let mut notifications: Vec<Notification> = Vec::new();
        for unreadable in &summary.unreadable {
            notifications.push(Notification {
                level: Level::Error,
                message: SarifMessage {
                    text: format!("{}: {}", unreadable.name, unreadable.reason).into(),
                },
            });
        }
        if summary.not_shown > 0 {
            notifications.push(Notification {
                level: Level::Note,
                message: SarifMessage {
                    text: format!("{} more findings are not listed", summary.not_shown).into(),
                },
            });
        }
        let invocation = to_json_text(&Invocation {
            execution_successful: summary.unreadable.is_empty(),
            tool_execution_notifications: notifications,
        })?;
        write!(out, "\n],\"invocations\":[{invocation}]")?;
        if let Some(config) = &summary.config {
            let properties = to_json_text(&RunProperties { config })?;
            write!(out, ",\"properties\":{properties}")?;
        }
        writeln!(out, "}}]}}")
    }
}

fn build_region(span: Span, coding: Option<Coding>) -> Region {
    let has_bytes = coding.is_none();
    Region {
        start_line: span.start.line,
        start_column: Some(span.start.column),
        end_line: Some(span.end.line),
        end_column: Some(span.end.column),
        byte_offset: has_bytes.then_some(span.start.offset),
        byte_length: has_bytes.then_some(span.end.offset - span.start.offset),
    }
}

/// Converts the name of a source to a URI reference (RFC 3986): a path, or standard input. A
/// relative path stays relative, so that it is found in a repository; an absolute path gets the
/// scheme `file`.
fn source_to_uri(source: &str) -> String {
    /// The characters to escape in a path.
    const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
        .remove(b'-')
        .remove(b'.')
        .remove(b'_')
        .remove(b'~')
        .remove(b'/');
    let path = path_in_repository(source);
    let escaped = utf8_percent_encode(path, ESCAPED);
    if Path::new(source).is_absolute() {
        format!(
            "file://{}{escaped}",
            if path.starts_with('/') { "" } else { "/" }
        )
    } else {
        escaped.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::source_to_uri;

    #[test]
    fn paths_are_escaped_as_uris() {
        assert_eq!(
            source_to_uri("./calls/Anruf 1%.json"),
            "calls/Anruf%201%25.json"
        );
        assert_eq!(source_to_uri("<stdin>"), "stdin");
        assert_eq!(source_to_uri(r"a\b.json"), "a%5Cb.json");
        #[cfg(unix)]
        assert_eq!(source_to_uri("/tmp/ü.json"), "file:///tmp/%C3%BC.json");
    }
}
