//! Records the parts that a scan of a text finds.

use super::scanner::TextScanner;
use super::stop::Stop;
use super::text_part::Scanned;
use super::text_scan::{KnownStop, TextScan};

impl TextScan {
    /// Scans the whole of `bytes`. Returns `None` if it has a part that is not recorded.
    fn of(bytes: &[u8]) -> Option<Self> {
        let mut scanner = TextScanner::new(bytes, true);
        let mut recorder = ScanRecorder::default();
        while let Some(stop) = scanner.next_stop()
            && recorder.read(&mut scanner, &stop).is_some()
        {}
        recorder.scan_up_to(bytes.len(), &scanner)
    }

    /// True if a scan of `bytes` gives the same: for tests.
    pub(crate) fn is_scan_of(&self, bytes: &[u8]) -> bool {
        Self::of(bytes).as_ref() == Some(self)
    }
}

/// Limit on the stops of a scan: more than a batch of short records has. Text may have a bracket
/// per byte, and each stop takes far more.
const MAX_STOPS: usize = 32 * 1024;

/// Reads a text with a scanner and records the parts that it finds.
#[derive(Default)]
pub(super) struct ScanRecorder {
    stops: Vec<KnownStop>,
    /// Offset of the first stop that is not recorded: its part may change with the text that
    /// follows, or there are too many stops.
    unknown: Option<usize>,
}

impl ScanRecorder {
    /// Reads on from `stop` with `scanner`.
    pub(super) fn read(&mut self, scanner: &mut TextScanner, stop: &Stop) -> Option<Scanned> {
        let read = scanner.read(stop);
        if self.unknown.is_some() {
            return read;
        }
        let part = match &read {
            Some(Scanned::Nothing) => Some(None),
            Some(Scanned::Part(part)) if part.ends_with_line() => Some(Some(part.clone())),
            _ => None,
        };
        let is_recorded = scanner.charset.is_none() && self.stops.len() < MAX_STOPS;
        match part.filter(|_| is_recorded) {
            Some(part) => self.stops.push(KnownStop {
                stop: *stop,
                end: scanner.offset(),
                part,
            }),
            None => self.unknown = Some(stop.offset),
        }
        read
    }

    /// Returns the scan of the text before `cut`, if it is fully known. `scanner` has read it.
    pub(super) fn scan_up_to(mut self, cut: usize, scanner: &TextScanner) -> Option<TextScan> {
        let is_known = self.unknown.is_none_or(|unknown| cut <= unknown);
        if !is_known || !scanner.is_within_limits_of(cut) {
            return None;
        }
        let count = self.stops.partition_point(|known| known.stop.offset < cut);
        self.stops.truncate(count);
        let is_whole = self.stops.last().is_none_or(|last| last.end <= cut);
        is_whole.then_some(TextScan(self.stops))
    }
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::Path;

    use crate::capture::source::files::files_below::files_below;
    use crate::capture::split::text::cut::find_text_cut;

    #[test]
    fn the_scan_for_a_cut_is_a_scan_of_the_text_before_it() {
        let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut files = Vec::new();
        for folder in ["samples", "tests/cases", "fuzz/corpus/scanner"] {
            files_below(&repository.join(folder), &mut files);
        }
        let texts = files.iter().map(|file| fs::read(file).expect("readable"));
        let mut scans = [0, 0];
        for text in texts.filter(|text| text.len() < 64 * 1024) {
            let text = [&text[..], b"\n", &text, b"\n"].concat();
            for part in 1..=8 {
                let start = &text[..text.len() * part / 8];
                let Some(cut) = find_text_cut(start) else {
                    continue;
                };
                let scan = cut.scan.inspect(|scan| {
                    let name = String::from_utf8_lossy(&start[..start.len().min(200)]);
                    assert!(scan.is_scan_of(&start[..cut.end]), "{part}/8 of {name}");
                });
                scans[usize::from(scan.is_some())] += 1;
            }
        }
        assert!(scans[1] > scans[0], "{scans:?}");
    }
}
