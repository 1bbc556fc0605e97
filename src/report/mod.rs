//! Reports: findings in one output format per file. A report writes to a `&mut dyn Write`, knows
//! no command-line options and never prints on its own.

mod baseline;
pub(crate) mod call_document;
mod concise;
mod finding_text;
mod findings_format;
mod github;
mod gitlab;
mod human;
mod json;
mod json_list;
mod junit;
mod markdown;
mod rdjson;
mod sarif;
mod summary;
mod writer;

pub(crate) use baseline::BaselineReport;
pub use findings_format::FindingsFormat;
pub(crate) use findings_format::create_report;
pub(crate) use summary::{BaselineSummary, Summary, write_rule_counts};
pub(crate) use writer::Report;
