//! The sheet about a workbook: its inputs, when it was written, and the findings.

use crate::capture::source::files::inputs::Inputs;
use crate::export::time_style::TimeStyle;
use crate::export::xlsx::AboutSheet;
use crate::lint::collector::Tally;
use crate::lint::rules::registry;
use crate::run::session::Session;
use crate::text::path_name::path_name;

/// Describes the workbook with these findings and this number of calls, made of these inputs with
/// the settings file `settings`.
pub(super) fn describe(
    findings: &Tally,
    times: &TimeStyle,
    inputs: &Inputs,
    settings: Option<&str>,
    calls: u64,
    session: &Session,
) -> AboutSheet<'static> {
    let mut facts = Vec::new();
    let stdin_name = inputs.stdin_name.as_deref().unwrap_or("standard input");
    if inputs.paths.is_empty() {
        facts.push(("Read", stdin_name.to_owned()));
    }
    for path in &inputs.paths {
        let is_named = path.as_os_str() == "-" && inputs.stdin_name.is_some();
        let name = if is_named {
            stdin_name.to_owned()
        } else {
            path_name(path)
        };
        facts.push(("Read", name));
    }
    let counts = session.counts();
    facts.push(("Calls", calls.to_string()));
    if counts.excluded > 0 {
        facts.push(("Calls filtered out", counts.excluded.to_string()));
    }
    let skipped = session.skipped_input().into_iter();
    facts.extend(skipped.map(|skipped| ("Skipped", skipped)));
    if let Some(settings) = settings {
        facts.push(("Settings", settings.to_owned()));
    }
    facts.push(("Time zone", times.zone_without_offsets().to_string()));
    let findings = findings.by_rule().into_iter();
    let findings = findings.map(|(level, id, count)| {
        let rule = registry().find(|rule| rule.id == id);
        let summary = rule.map_or("", |rule| rule.summary);
        (level.name(), id, count, summary)
    });
    AboutSheet {
        created: session.clock.now(),
        facts,
        findings: findings.collect(),
    }
}
