//! Bars and shades drawn with characters. They repeat a number that stands beside them.

use crate::text::symbols::Symbols;

/// Blocks of one to eight eighths of a column.
const EIGHTHS: [&str; 8] = ["▏", "▎", "▍", "▌", "▋", "▊", "▉", "█"];

/// Shades from light to dark.
const SHADES: [&str; 4] = ["░", "▒", "▓", "█"];

/// A bar of up to `width` columns for a share from 0 to 1. A share that is not 0 is visible.
#[must_use]
pub(super) fn bar(share: f64, width: usize, symbols: Symbols) -> String {
    let per_column = if symbols == Symbols::Ascii {
        1
    } else {
        EIGHTHS.len()
    };
    let units = units(share, width * per_column);
    match symbols {
        Symbols::Ascii => "#".repeat(units),
        Symbols::Unicode => {
            let mut bar = EIGHTHS[7].repeat(units / EIGHTHS.len());
            if let Some(rest) = (units % EIGHTHS.len()).checked_sub(1) {
                bar.push_str(EIGHTHS[rest]);
            }
            bar
        }
    }
}

/// The shade of a share from 0 to 1; nothing in ASCII, which has no shades.
#[must_use]
pub(super) fn shade(share: f64, symbols: Symbols) -> &'static str {
    match symbols {
        Symbols::Ascii => "",
        Symbols::Unicode => SHADES[units(share, SHADES.len()).saturating_sub(1)],
    }
}

/// The share of `most` units, rounded; at least 1 unless the share is 0.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "bars are short, and a share is from 0 to 1"
)]
fn units(share: f64, most: usize) -> usize {
    let units = (share.clamp(0.0, 1.0) * most as f64).round() as usize;
    units.max(usize::from(share > 0.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_have_eighths_of_a_column() {
        let bar = |share| bar(share, 4, Symbols::Unicode);
        assert_eq!(bar(0.0), "");
        assert_eq!(bar(0.001), "▏");
        assert_eq!(bar(0.5), "██");
        assert_eq!(bar(0.56), "██▎");
        assert_eq!(bar(1.0), "████");
        assert_eq!(super::bar(0.56, 4, Symbols::Ascii), "##");
        assert_eq!(shade(0.0, Symbols::Unicode), "░");
        assert_eq!(shade(1.0, Symbols::Unicode), "█");
    }
}
