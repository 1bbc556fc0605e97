//! Names the zone of exported times to a person at the terminal.

use crate::args::ExportArgs;
use crate::export::ExportFormat;
use crate::export::time_style::TimeStyle;
use crate::time::zone::Zone;

/// Describes the zone of times in `format`; `None` if the command line sets it, and for JSON Lines.
pub(super) fn describe(
    args: &ExportArgs,
    format: &ExportFormat,
    times: &TimeStyle,
) -> Option<String> {
    let calls = &args.input.calls;
    if let Some(origin) = calls.zone_origin() {
        return Some(format!("times are in {} ({origin})", calls.zone()));
    }
    let has_offsets = match format {
        ExportFormat::Text(format) => format.dialect()?.program.is_none(),
        ExportFormat::Binary { .. } => false,
    };
    match calls.zone() {
        Zone::FromBody if has_offsets => {
            Some("times have the offsets of the bodies (--tz converts them)".to_owned())
        }
        Zone::FromBody => {
            let zone = times.zone_without_offsets();
            Some(format!("times are in {zone} (--tz sets another zone)"))
        }
        _ => None,
    }
}
