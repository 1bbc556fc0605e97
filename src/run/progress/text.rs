//! Text of the progress line.

use std::time::Duration;

use crate::text::plural::format_grouped;
use crate::time::talk_time::TalkTime;

/// Maximum width of the bar, and the minimum width that is still informative.
const BAR_WIDTHS: (usize, usize) = (20, 6);

/// Progress of reading the input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadProgress {
    /// Bytes read from the files, before decompression.
    pub(crate) bytes: u64,
    /// Size of all inputs in bytes, if it is known.
    pub(crate) total: Option<u64>,
    pub(crate) calls: u64,
    pub(crate) elapsed: Duration,
}

impl ReadProgress {
    /// Formats a line of at most `width` columns. The least important parts are omitted first.
    pub(crate) fn format(&self, width: usize) -> String {
        let seconds = self.elapsed.as_secs_f64();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "people read it: the last calls of 2^52 do not matter"
        )]
        let rate = (self.calls as f64 / seconds) as u64;
        let rate = format!("{} calls/s", format_grouped(rate));
        let bytes = format_bytes(self.bytes);
        // The total of a file that grows while it is read is unknown.
        let total = self.total.filter(|total| *total >= self.bytes.max(1));
        let Some(total) = total else {
            let calls = format!("{} calls", format_grouped(self.calls));
            return fit_parts(None, &[format!("{bytes} read"), rate, calls], width);
        };
        #[expect(
            clippy::cast_precision_loss,
            reason = "people read it: a share of 2^52 bytes may be off by one of them"
        )]
        let share = self.bytes as f64 / total as f64;
        let mut parts = vec![format!("{:>3.0} %", (share * 100.0).floor())];
        if self.bytes > 0 {
            let left = self.elapsed.div_f64(share).saturating_sub(self.elapsed);
            parts.push(format!("{} left", TalkTime(left.as_secs().into())));
        }
        parts.extend([rate, format!("{bytes} of {}", format_bytes(total))]);
        fit_parts(Some(share), &parts, width)
    }
}

/// Joins the leading parts that fit into `width`, after a bar if there is room for one.
pub(crate) fn fit_parts(share: Option<f64>, parts: &[String], width: usize) -> String {
    const SEPARATOR: &str = " · ";
    let mut text = String::new();
    let mut length = 0;
    for part in parts {
        let separator = if text.is_empty() { "" } else { SEPARATOR };
        let new_length = length + separator.chars().count() + part.chars().count();
        if new_length > width {
            break;
        }
        text.extend([separator, part]);
        length = new_length;
    }
    let (widest, narrowest) = BAR_WIDTHS;
    let room = width.saturating_sub(length + 1).min(widest);
    if let Some(share) = share.filter(|_| room >= narrowest) {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "it is a part of the room"
        )]
        let done = ((share * room as f64) as usize).min(room);
        return format!("{}{} {text}", "━".repeat(done), "─".repeat(room - done));
    }
    text
}

/// Formats a size: `512 B`, `1.50 kB`, `250.00 MB`.
pub(crate) fn format_bytes(bytes: u64) -> String {
    const UNITS: [&str; 5] = ["kB", "MB", "GB", "TB", "PB"];
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "people read it: two decimals are shown"
    )]
    let mut size = bytes as f64 / 1000.0;
    let mut units = UNITS.into_iter();
    let mut unit = units.next().unwrap_or_default();
    while size >= 1000.0
        && let Some(larger) = units.next()
    {
        size /= 1000.0;
        unit = larger;
    }
    format!("{size:.2} {unit}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const READING: ReadProgress = ReadProgress {
        bytes: 250_000_000,
        total: Some(1_000_000_000),
        calls: 123_456,
        elapsed: Duration::from_secs(10),
    };

    #[test]
    fn sizes_and_numbers_are_short() {
        let sizes = [0, 999, 1_000, 5_364, 999_999_999, 1_500_000_000_000];
        assert_eq!(
            sizes.map(format_bytes),
            [
                "0 B",
                "999 B",
                "1.00 kB",
                "5.36 kB",
                "1000.00 MB",
                "1.50 TB"
            ]
        );
        let numbers = [0, 999, 1_000, 12_345, 1_234_567];
        assert_eq!(
            numbers.map(format_grouped),
            ["0", "999", "1,000", "12,345", "1,234,567"]
        );
    }

    #[test]
    fn shows_bytes_calls_and_the_time_left() {
        assert_eq!(
            READING.format(116),
            "━━━━━───────────────  25 % · 30s left · 12,345 calls/s · 250.00 MB of 1.00 GB"
        );
    }

    #[test]
    fn without_a_total_no_time_left_is_shown() {
        let expected = "250.00 MB read · 12,345 calls/s · 123,456 calls";
        let unknown = ReadProgress {
            total: None,
            ..READING
        };
        // The file grew while it was read.
        let grown = ReadProgress {
            total: Some(249_999_999),
            ..READING
        };
        assert_eq!(unknown.format(76), expected);
        assert_eq!(grown.format(76), expected);
    }

    #[test]
    fn a_narrow_terminal_shows_fewer_parts() {
        assert_eq!(READING.format(36), " 25 % · 30s left · 12,345 calls/s");
        assert_eq!(READING.format(26), "━━───────  25 % · 30s left");
        for reading in [
            READING,
            ReadProgress {
                total: None,
                ..READING
            },
        ] {
            for width in 0..120 {
                assert!(reading.format(width).chars().count() <= width, "{width}");
            }
        }
    }

    #[test]
    fn the_start_and_the_end_are_formatted() {
        let first = ReadProgress {
            bytes: 0,
            calls: 0,
            elapsed: Duration::ZERO,
            ..READING
        };
        assert_eq!(
            first.format(76),
            "────────────────────   0 % · 0 calls/s · 0 B of 1.00 GB"
        );
        let last = ReadProgress {
            bytes: 1_000_000_000,
            ..READING
        };
        assert_eq!(
            last.format(76),
            "━━━━━━━━━━━━━━━━━━━━ 100 % · 0s left · 12,345 calls/s · 1.00 GB of 1.00 GB"
        );
    }
}
