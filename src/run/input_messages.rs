//! Messages about the input: problems, inputs that could not be read, and what was skipped.

use std::collections::BTreeMap;

use super::problem::Problem;
use super::read_plan::EmptyInput;
use super::session::Session;
use crate::capture::find::deferred::Deferred;
use crate::capture::source::reader::UnreadableInput;
use crate::capture::source::skipped_files::SkippedFiles;
use crate::exit::Exit;
use crate::text::plural::format_count;

/// Number of problems, and of inputs that were not read, that are printed. Later ones are only
/// counted.
const MAX_PROBLEMS_SHOWN: u64 = 100;

impl Session {
    /// Prints and counts the problems, and adds their records to the file of rejects.
    pub(super) fn report_problems(&mut self, problems: Vec<Problem>) -> anyhow::Result<()> {
        if problems.is_empty() {
            return Ok(());
        }
        self.flush()?;
        for problem in problems {
            if let Some(prefix) = problem.notice {
                self.print_message(&format!("{prefix}{}", problem.message));
                continue;
            }
            self.fail(Exit::BadData);
            self.problem_count += 1;
            if self.problem_count <= MAX_PROBLEMS_SHOWN {
                self.print_error(&problem.message);
            }
            if let Some(rejects) = &mut self.rejects {
                rejects.add(&problem)?;
            }
        }
        Ok(())
    }

    /// Prints that an input, or the rest of it, could not be read, sets the exit code, and keeps
    /// `unreadable` for [`Self::take_unreadable`].
    pub(super) fn report_unreadable(&mut self, unreadable: UnreadableInput) -> anyhow::Result<()> {
        self.flush()?;
        if unreadable.is_empty && self.empty_input == EmptyInput::Accepted {
            self.print_message(&format!("{}: {}", unreadable.name, unreadable.reason));
            return Ok(());
        }
        self.fail(if unreadable.is_partial {
            Exit::BadData
        } else {
            Exit::Failed
        });
        if (self.unreadable.len() as u64) < MAX_PROBLEMS_SHOWN {
            self.print_error(&format!("{}: {}", unreadable.name, unreadable.reason));
        }
        self.unreadable.push(unreadable);
        Ok(())
    }

    /// Sets the exit code for the input as a whole, and prints why no call is shown and which names
    /// of the filter do not occur. Input without a call is a failure, unless it has broken JSON
    /// that was reported. `is_explained` is true if earlier messages already explain why there are
    /// no calls.
    pub(crate) fn conclude_input(&mut self, is_explained: bool) {
        let is_broken_input = self.counts.broken > 0 && is_explained;
        if self.counts.calls == 0 && !is_broken_input {
            const NO_CALLS: &str = "no calls found in the input";
            if self.empty_input == EmptyInput::Failure {
                self.fail(Exit::Failed);
            }
            match self.empty_input {
                _ if is_explained => {}
                EmptyInput::Accepted => self.print_message(NO_CALLS),
                EmptyInput::Failure => self.print_error(NO_CALLS),
            }
        }
        if self.counts.calls > 0 && self.counts.selected() == 0 {
            let excluded = self.counts.excluded;
            self.print_message(&format!("no calls matched ({excluded} filtered out)"));
        }
        if self.counts.calls > 0
            && let Some(names) = self.filter_names.take()
        {
            for absence in names.absent() {
                self.print_message(&absence);
            }
        }
    }

    /// True if a message about the input was printed, which also explains a lack of calls.
    pub(super) fn has_reported_problems(&self) -> bool {
        self.problem_count > 0 || !self.unreadable.is_empty()
    }

    /// Prints the number of problems and of inputs that were not printed one by one.
    pub(super) fn report_omitted_problems(&mut self) {
        let more = self.problem_count.saturating_sub(MAX_PROBLEMS_SHOWN);
        if more > 0 {
            let more = format_count(more, "more problem");
            self.print_message(&format!(
                "{more} not shown (`postcall extract --list` lists all)"
            ));
        }
        let more = (self.unreadable.len() as u64).saturating_sub(MAX_PROBLEMS_SHOWN);
        if more > 0 {
            let more = format_count(more, "more input");
            self.print_message(&format!(
                "{more} not read (`postcall validate --format=json` lists all)"
            ));
        }
    }

    /// Prints how many files in folders may hold calls but were not read because of their names.
    pub(super) fn warn_skipped_names(&mut self, skipped: &SkippedFiles) {
        let counts = skipped.counts().into_iter();
        let kinds: Vec<_> = counts
            .map(|(kind, count)| format_count(count, kind.noun()))
            .collect();
        if !kinds.is_empty() {
            self.print_message(&format!(
                "skipped by name: {} (--all reads any extension)",
                kinds.join(", ")
            ));
            self.skipped.extend(kinds);
        }
    }

    /// Prints how many pieces of broken JSON were repaired to read their calls.
    pub(super) fn warn_repaired(&mut self) {
        let repaired = self.counts.repaired;
        if repaired > 0 {
            let pieces = format_count(repaired, "piece");
            self.print_message(&format!(
                "repaired {pieces} of broken JSON (`postcall validate` lists the errors)"
            ));
        }
    }

    /// Prints how many ids occur more than once, unless they were deduplicated.
    pub(super) fn warn_repeated_ids(&mut self) {
        if let Some(message) = self.repeated_ids.message() {
            self.print_message(&message);
        }
    }

    /// Prints a summary of skipped items: `other_payloads` by name, and values and files without a
    /// call that `deferred` dropped.
    pub(crate) fn warn_skipped<T>(
        &mut self,
        other_payloads: &BTreeMap<&'static str, u64>,
        deferred: &Deferred<T>,
    ) {
        let other_payloads = other_payloads.iter();
        let mut skipped: Vec<String> = other_payloads
            .map(|(name, count)| format!("{count} × {name}"))
            .collect();
        for (count, noun) in [
            (deferred.dropped(), "value"),
            (deferred.dropped_sources(), "file"),
        ] {
            if count > 0 {
                skipped.push(format!("{} without a call", format_count(count, noun)));
            }
        }
        if !skipped.is_empty() {
            self.print_message(&format!(
                "skipped {} (see `postcall extract --list`)",
                skipped.join(", ")
            ));
            self.skipped.extend(skipped);
        }
    }

    /// Describes the input that was skipped, one kind per text, such as `2 broken records`.
    pub(crate) fn skipped_input(&self) -> Vec<String> {
        let others = self.problem_count.saturating_sub(self.counts.broken);
        let unreadable = self.unreadable.len() as u64;
        let counts = [
            (self.counts.broken, "broken record", ""),
            (others, "record", " without a call"),
            (unreadable, "input", " not read"),
        ];
        let counts = counts.into_iter().filter(|(count, ..)| *count > 0);
        let counts = counts.map(|(count, noun, rest)| format_count(count, noun) + rest);
        counts.chain(self.skipped.iter().cloned()).collect()
    }
}

/// The error if no path is given and standard input is a terminal.
#[derive(Debug)]
pub(crate) struct NoInput;

impl std::fmt::Display for NoInput {
    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
        f.write_str("nothing to read: name a file or a folder, or pipe JSON in")
    }
}

impl std::error::Error for NoInput {}
