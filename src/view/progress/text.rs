//! What the line says.

use std::time::Duration;

use indicatif::{DecimalBytes, HumanCount, HumanDuration};

/// The widest bar, and the narrowest that still tells something.
const BAR_WIDTHS: (usize, usize) = (20, 6);

/// How far reading is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// As they stand in the files, compressed ones too.
    pub(super) bytes: u64,
    /// Of all inputs, if that can be known.
    pub(super) total: Option<u64>,
    pub(super) calls: u64,
    pub(super) elapsed: Duration,
}

impl Reading {
    /// A line of at most `width` columns; what matters least goes first where room is short.
    pub(super) fn text(&self, width: usize) -> String {
        let seconds = self.elapsed.as_secs_f64();
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_precision_loss,
            clippy::cast_sign_loss,
            reason = "people read it: nobody counts the last calls of 2^52"
        )]
        let rate = (self.calls as f64 / seconds) as u64;
        let rate = format!("{} calls/s", HumanCount(rate));
        let bytes = DecimalBytes(self.bytes);
        // A file that grows while it is read has no total.
        let total = self.total.filter(|total| *total >= self.bytes.max(1));
        let Some(total) = total else {
            let calls = format!("{} calls", HumanCount(self.calls));
            return fit(None, &[format!("{bytes} read"), rate, calls], width);
        };
        #[expect(
            clippy::cast_precision_loss,
            reason = "people read it: a share of 2^52 bytes may be off by one of them"
        )]
        let share = self.bytes as f64 / total as f64;
        let mut parts = vec![format!("{:>3.0} %", (share * 100.0).floor())];
        if self.bytes > 0 {
            let left = self.elapsed.div_f64(share).saturating_sub(self.elapsed);
            parts.push(format!("{:#} left", HumanDuration(left)));
        }
        parts.extend([rate, format!("{bytes} of {}", DecimalBytes(total))]);
        fit(Some(share), &parts, width)
    }
}

/// As many of the parts as fit in `width`, the first ones, and before them a bar if there is room.
pub(super) fn fit(share: Option<f64>, parts: &[String], width: usize) -> String {
    const BETWEEN: &str = " · ";
    let mut text = String::new();
    let mut length = 0;
    for part in parts {
        let between = if text.is_empty() { "" } else { BETWEEN };
        let longer = length + between.chars().count() + part.chars().count();
        if longer > width {
            break;
        }
        text.extend([between, part]);
        length = longer;
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

#[cfg(test)]
mod tests {
    use super::*;

    const READING: Reading = Reading {
        bytes: 250_000_000,
        total: Some(1_000_000_000),
        calls: 123_456,
        elapsed: Duration::from_secs(10),
    };

    #[test]
    fn it_tells_bytes_calls_and_the_time_left() {
        assert_eq!(
            READING.text(116),
            "━━━━━───────────────  25 % · 30s left · 12,345 calls/s · 250.00 MB of 1.00 GB"
        );
    }

    #[test]
    fn without_a_total_it_promises_nothing() {
        let expected = "250.00 MB read · 12,345 calls/s · 123,456 calls";
        let unknown = Reading {
            total: None,
            ..READING
        };
        // The file grew while it was read.
        let grown = Reading {
            total: Some(249_999_999),
            ..READING
        };
        assert_eq!(unknown.text(76), expected);
        assert_eq!(grown.text(76), expected);
    }

    #[test]
    fn a_narrow_terminal_gets_less_of_it() {
        assert_eq!(READING.text(36), " 25 % · 30s left · 12,345 calls/s");
        assert_eq!(READING.text(26), "━━───────  25 % · 30s left");
        for reading in [
            READING,
            Reading {
                total: None,
                ..READING
            },
        ] {
            for width in 0..120 {
                assert!(reading.text(width).chars().count() <= width, "{width}");
            }
        }
    }

    #[test]
    fn the_first_moment_and_the_last_are_fine() {
        let first = Reading {
            bytes: 0,
            calls: 0,
            elapsed: Duration::ZERO,
            ..READING
        };
        assert_eq!(
            first.text(76),
            "────────────────────   0 % · 0 calls/s · 0 B of 1.00 GB"
        );
        let last = Reading {
            bytes: 1_000_000_000,
            ..READING
        };
        assert_eq!(
            last.text(76),
            "━━━━━━━━━━━━━━━━━━━━ 100 % · 0s left · 12,345 calls/s · 1.00 GB of 1.00 GB"
        );
    }
}
