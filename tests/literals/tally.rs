//! Counts the results of a law for each form, and collects its faults.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Mutex;

/// Results per form.
#[derive(Default)]
pub(crate) struct Tally {
    counts: Mutex<BTreeMap<String, Counts>>,
    faults: Mutex<Vec<String>>,
}

/// The results of some bodies.
#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    /// Bodies that are extracted.
    pub read: usize,
    /// Bodies that are reported, or that no longer look like calls.
    pub reported: usize,
    /// Bodies that are lost or wrong, without a report.
    pub wrong: usize,
}

impl Tally {
    /// Adds the results of bodies in the form `name`.
    pub(crate) fn add(&self, name: &str, counts: Counts, faults: Vec<String>) {
        let mut all = self.counts.lock().expect("no thread panics here");
        let sum = all.entry(name.to_owned()).or_default();
        sum.read += counts.read;
        sum.reported += counts.reported;
        sum.wrong += counts.wrong;
        let mut all_faults = self.faults.lock().expect("no thread panics here");
        all_faults.extend(faults.into_iter().map(|fault| format!("{name}: {fault}")));
    }

    /// Prints the results, and fails if there are faults. Returns the sum of the results.
    #[expect(clippy::print_stdout, reason = "the harness shows it with --nocapture")]
    pub(crate) fn finish(self, law: &str) -> Counts {
        /// More faults are counted only.
        const MAX_FAULTS: usize = 100;
        let mut table = String::new();
        let mut sum = Counts::default();
        for (name, counts) in self.counts.into_inner().expect("no thread panics here") {
            let Counts {
                read,
                reported,
                wrong,
            } = counts;
            writeln!(table, "{read:>8} {reported:>8} {wrong:>6}  {name}").expect("a String");
            sum.read += read;
            sum.reported += reported;
            sum.wrong += wrong;
        }
        let Counts {
            read,
            reported,
            wrong,
        } = sum;
        println!("{law}:\n    read reported  wrong  form\n{table}");
        println!("{read:>8} {reported:>8} {wrong:>6}  {law}, all forms");
        let faults = self.faults.into_inner().expect("no thread panics here");
        let shown = &faults[..faults.len().min(MAX_FAULTS)];
        assert!(
            faults.is_empty(),
            "{law}: {} faults:\n{}",
            faults.len(),
            shown.join("\n")
        );
        sum
    }
}
