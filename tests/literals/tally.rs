//! Counts the results of a law for each form, and collects its faults.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Mutex;

/// Results per form.
#[derive(Default)]
pub(crate) struct Tally(Mutex<BTreeMap<String, Counts>>);

/// The results of some bodies.
#[derive(Clone, Copy, Default)]
pub(crate) struct Counts {
    /// Bodies that are extracted.
    pub read: usize,
    /// Bodies that are reported, or that no longer look like calls.
    pub reported: usize,
    /// Bodies that are lost or wrong, without a report: the number of faults, which the tally sets.
    pub wrong: usize,
}

impl Counts {
    fn add(&mut self, other: Self) {
        self.read += other.read;
        self.reported += other.reported;
        self.wrong += other.wrong;
    }
}

impl Tally {
    /// Adds the results of bodies in the form `name`, and prints their faults: a run with many
    /// bodies takes hours.
    #[expect(clippy::print_stdout, reason = "the harness shows it with --nocapture")]
    pub(crate) fn add(&self, name: &str, counts: Counts, faults: &[String]) {
        let mut all = self.0.lock().expect("no thread panics here");
        let sum = all.entry(name.to_owned()).or_default();
        sum.add(counts);
        sum.wrong += faults.len();
        for fault in faults {
            println!("{name}: {fault}");
        }
    }

    /// Prints the results, and fails if there are faults. Returns the sum of the results.
    #[expect(clippy::print_stdout, reason = "the harness shows it with --nocapture")]
    pub(crate) fn finish(self, law: &str) -> Counts {
        println!("{law}:\n    read reported  wrong  form");
        let mut sum = Counts::default();
        for (name, counts) in self.0.into_inner().expect("no thread panics here") {
            println!("{counts}  {name}");
            sum.add(counts);
        }
        println!("{sum}  {law}, all forms");
        assert_eq!(sum.wrong, 0, "{law}: faults, shown above");
        sum
    }
}

impl fmt::Display for Counts {
    fn fmt(&self, output: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            read,
            reported,
            wrong,
        } = self;
        write!(output, "{read:>8} {reported:>8} {wrong:>6}")
    }
}
