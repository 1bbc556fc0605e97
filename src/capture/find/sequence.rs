//! Searches values that follow each other, where several log records may hold one call.

use super::cursor::{Cursor, SearchOutcome};
use super::finder::{Finder, ValueWithoutCall};
use super::record_runs::{RecordRun, RecordRuns, RunRecord, join_run};
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
        let offset = cursor.locator.offset_of(value.text());
        let mut found = (SearchOutcome::default(), Vec::new());
        while let Some(run) = runs.take_run_over_at(offset) {
            self.search_run(run, cursor, &mut found);
        }
        let Some(record) = runs.continue_run(record, offset) else {
            if let Some(run) = runs.take_complete_run() {
                self.search_run(run, cursor, &mut found);
            }
            return found;
        };
        if let Some(run) = runs.take_run(&record) {
            self.search_run(run, cursor, &mut found);
        }
        if !record.is_partial_line() {
            let nested = self.search_value(value, members, cursor);
            let is_empty = nested.is_empty();
            found.0.merge(nested);
            if !is_empty {
                return found;
            }
        }
        let run = RecordRun::new(record, offset);
        if run.is_open() {
            runs.start_run(run);
        } else {
            found.1.push((value, cursor.pointer.to_owned()));
        }
        found
    }

    /// Searches all runs that are held.
    pub(super) fn finish_runs<'a>(
        &mut self,
        runs: &mut RecordRuns<'a>,
        cursor: &Cursor,
    ) -> (SearchOutcome, Vec<ValueWithoutCall<'a>>) {
        let mut found = (SearchOutcome::default(), Vec::new());
        for run in runs.take_all_runs() {
            self.search_run(run, cursor, &mut found);
        }
        found
    }

    /// Searches the joined text of the log records of one run, and adds to `found`: the outcome, or
    /// the records as values without a call if nothing is found.
    fn search_run<'a>(
        &mut self,
        run: RecordRun<'a>,
        cursor: &Cursor,
        found: &mut (SearchOutcome, Vec<ValueWithoutCall<'a>>),
    ) {
        let records = run.records;
        let is_complete_record = records.len() == 1 && !records[0].is_partial_line();
        if !is_complete_record {
            let text = join_run(&records, cursor.locator);
            let pointer = records[0].text_pointer();
            let outcome = self.search_nested(&text, &cursor.deeper().at(&pointer));
            if !outcome.is_empty() {
                found.0.merge(outcome);
                return;
            }
        }
        let no_calls = records.into_iter();
        found
            .1
            .extend(no_calls.map(|record| (record.value, record.pointer)));
    }
}
