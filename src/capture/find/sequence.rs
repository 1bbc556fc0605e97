//! Searches values that follow each other, where several log records may hold one call.

use super::cursor::{Cursor, SearchOutcome};
use super::finder::{Finder, ValueWithoutCall};
use super::record_runs::{RecordRuns, RunRecord, join_run};
use crate::json::{Json, Object};

impl Finder<'_> {
    /// Searches one value of a sequence. Log records are held in `runs` until their run is
    /// complete.
    ///
    /// Returns the outcome for this value and the runs it completes, and the values among them
    /// without a call.
    pub(super) fn search_in_sequence<'a>(
        &mut self,
        runs: &mut RecordRuns<'a>,
        value: Json<'a>,
        members: Option<Object<'a>>,
        cursor: &Cursor,
    ) -> (SearchOutcome, Vec<ValueWithoutCall<'a>>) {
        let record = members
            .as_ref()
            .and_then(|members| RunRecord::read(value, members, cursor.pointer));
        let Some(record) = record else {
            let (mut outcome, mut no_calls) = self.finish_runs(runs, cursor);
            let nested = self.search_value(value, members, cursor);
            if nested.is_empty() {
                no_calls.push((value, cursor.pointer.to_owned()));
            }
            outcome.merge(nested);
            return (outcome, no_calls);
        };
        let Some(record) = runs.continue_run(record) else {
            return (SearchOutcome::default(), Vec::new());
        };
        let before = runs.take_run(&record);
        let (mut outcome, no_calls) = before.map_or_else(
            || (SearchOutcome::default(), Vec::new()),
            |run| self.search_run(&run, cursor),
        );
        if record.is_partial_line() {
            runs.start_run(record);
            return (outcome, no_calls);
        }
        let nested = self.search_value(value, members, cursor);
        if nested.is_empty() {
            runs.start_run(record);
        }
        outcome.merge(nested);
        (outcome, no_calls)
    }

    /// Searches all runs that are held.
    pub(super) fn finish_runs<'a>(
        &mut self,
        runs: &mut RecordRuns<'a>,
        cursor: &Cursor,
    ) -> (SearchOutcome, Vec<ValueWithoutCall<'a>>) {
        let mut all = (SearchOutcome::default(), Vec::new());
        for run in runs.take_all_runs() {
            let (outcome, no_calls) = self.search_run(&run, cursor);
            all.0.merge(outcome);
            all.1.extend(no_calls);
        }
        all
    }

    /// Searches the joined text of the log records of one run. Returns the records as values
    /// without a call if nothing is found.
    fn search_run<'a>(
        &mut self,
        run: &[RunRecord<'a>],
        cursor: &Cursor,
    ) -> (SearchOutcome, Vec<ValueWithoutCall<'a>>) {
        let mut outcome = SearchOutcome::default();
        let is_complete_record = run.len() == 1 && !run[0].is_partial_line();
        if !is_complete_record {
            let text = join_run(run, cursor.locator);
            let pointer = run[0].text_pointer();
            outcome = self.search_nested(&text, &cursor.deeper().at(&pointer));
        }
        if !outcome.is_empty() {
            return (outcome, Vec::new());
        }
        let no_calls = run
            .iter()
            .map(|record| (record.value, record.pointer.clone()));
        (outcome, no_calls.collect())
    }
}
