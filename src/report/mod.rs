//! Reports: findings in one output format per file. A report writes to a `&mut dyn Write`, knows
//! no command-line options and never prints on its own.

mod concise;
mod finding_text;
mod format;
mod github;
mod human;
mod json;
mod junit;
mod sarif;
mod summary;

use crate::host::Scratch;
use crate::lint::levels::Levels;
use crate::view::table::Terminal;

pub use format::FindingsFormat;
pub(crate) use format::Report;
pub(crate) use summary::{Summary, write_rule_counts};

/// Creates a report in `format`. Formats for people use `terminal`; formats that list the rules use
/// `levels`; a format that is written at the end of the input keeps its parts in `scratch`.
#[must_use]
pub(crate) fn create_report(
    format: FindingsFormat,
    terminal: Terminal,
    levels: &Levels,
    scratch: &dyn Scratch,
) -> Box<dyn Report> {
    match format {
        FindingsFormat::Human => Box::new(human::HumanReport::new(terminal)),
        FindingsFormat::Concise => Box::new(concise::ConciseReport::new(terminal.theme)),
        FindingsFormat::Json => Box::new(json::JsonReport::default()),
        FindingsFormat::Jsonl => Box::new(json::JsonLinesReport),
        FindingsFormat::Github => Box::new(github::GithubReport),
        FindingsFormat::Sarif => Box::new(sarif::SarifReport::new(levels)),
        FindingsFormat::Junit => Box::new(junit::JunitReport::new(scratch)),
    }
}
