//! Findings as a GitLab Code Quality report (docs.gitlab.com, "Code quality report format"): a JSON
//! array with one object per finding, which GitLab shows in the merge request.

use std::collections::HashMap;
use std::io::{self, Write};

use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::finding_text::{
    format_sentence_in_file, is_in_file, path_in_repository, reason_in_file,
};
use super::json_list::JsonList;
use super::summary::Summary;
use super::writer::Report;
use crate::lint::finding::{CheckedBody, Finding};
use crate::lint::finding_key::FindingKey;
use crate::lint::rule_data::Level;

/// Length of a fingerprint in bytes. Each report has a few million at most, so that two equal ones
/// are out of the question.
const FINGERPRINT_BYTES: usize = 16;

type Fingerprint = [u8; FINGERPRINT_BYTES];

#[derive(Serialize)]
struct Issue<'i> {
    description: &'i str,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location<'i>,
}

#[derive(Serialize)]
struct Location<'i> {
    path: &'i str,
    lines: Lines,
}

/// GitLab requires a line. Lines of decoded text are not lines of the file, so such findings are on
/// its first line, as are those in members of archives.
#[derive(Serialize)]
struct Lines {
    begin: u64,
}

/// Writes one array of issues. Keeps one fingerprint per finding, because GitLab drops all findings
/// with the same fingerprint but the first.
#[derive(Default)]
pub(crate) struct GitlabReport {
    /// How often each fingerprint of a finding occurred, before it was made unique.
    occurrences: HashMap<Fingerprint, u64>,
    issues: JsonList,
}

impl GitlabReport {
    /// A fingerprint of `parts` that no earlier issue has. Issues with equal parts are numbered.
    fn unique_fingerprint(&mut self, parts: &[&str]) -> String {
        let common = hash(parts);
        let occurrences = self.occurrences.entry(common).or_default();
        let number = occurrences.to_string();
        *occurrences += 1;
        let unique = match number.as_str() {
            "0" => common,
            number => hash(&[parts, &[number]].concat()),
        };
        format!("{:032x}", u128::from_be_bytes(unique))
    }
}

impl Report for GitlabReport {
    fn begin(&mut self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "[")
    }

    fn write_body(
        &mut self,
        body: &CheckedBody,
        findings: &[&Finding],
        out: &mut dyn Write,
    ) -> io::Result<()> {
        for finding in findings {
            let key = FindingKey::new(path_in_repository(&body.source), body, finding);
            let call = key.call.as_deref().unwrap_or_default();
            let parts = [&*key.source, &*key.rule, &*key.pointer, call];
            let issue = Issue {
                description: &format_sentence_in_file(body, finding),
                check_name: finding.rule.id,
                fingerprint: self.unique_fingerprint(&parts),
                severity: match finding.level {
                    Level::Error => "major",
                    Level::Warning => "minor",
                    Level::Note => "info",
                },
                location: Location {
                    path: path_in_repository(body.source.file()),
                    lines: Lines {
                        begin: if is_in_file(body, finding) {
                            finding.span.start.line
                        } else {
                            1
                        },
                    },
                },
            };
            self.issues.write(&issue, out)?;
        }
        Ok(())
    }

    fn finish(&mut self, summary: &Summary, out: &mut dyn Write) -> io::Result<()> {
        const RULE: &str = "unreadable";
        for unreadable in &summary.unreadable {
            let issue = Issue {
                description: &reason_in_file(unreadable),
                check_name: RULE,
                fingerprint: self.unique_fingerprint(&[&unreadable.name, RULE]),
                severity: "critical",
                location: Location {
                    path: path_in_repository(unreadable.name.file()),
                    lines: Lines { begin: 1 },
                },
            };
            self.issues.write(&issue, out)?;
        }
        self.issues.finish(out)?;
        writeln!(out, "]")
    }
}

/// Hashes `parts`. Each is preceded by its length, so that no two lists of parts are hashed alike.
fn hash(parts: &[&str]) -> Fingerprint {
    let mut hasher = Sha256::new();
    for part in parts {
        hasher.update((part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    let mut fingerprint = [0; FINGERPRINT_BYTES];
    fingerprint.copy_from_slice(&hasher.finalize()[..FINGERPRINT_BYTES]);
    fingerprint
}
