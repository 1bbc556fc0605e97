//! Joins the printed text of log records that belong together, see [`log_record`].
//!
//! [`log_record`]: crate::capture::split::log_record

use super::decode::json_string::unescape;
use super::nested_text::{NestedText, join_texts};
use crate::capture::location::position::Locator;
use crate::capture::split::log_record::LogRecord;
use crate::json::{Json, Object, pointer};

/// A log record in the document that is searched.
pub(crate) struct RunRecord<'a> {
    /// The complete record.
    pub(crate) value: Json<'a>,
    /// JSON Pointer to the record.
    pub(crate) pointer: String,
    record: LogRecord<'a>,
}

impl<'a> RunRecord<'a> {
    /// Reads the record from an object with these members. Returns `None` if no member holds
    /// printed text.
    pub(crate) fn read(value: Json<'a>, members: &Object<'a>, pointer: &str) -> Option<Self> {
        Some(Self {
            value,
            pointer: pointer.to_owned(),
            record: LogRecord::read(members)?,
        })
    }

    /// True if the line continues in the next record.
    pub(crate) fn is_partial_line(&self) -> bool {
        self.record.is_partial_line()
    }

    /// JSON Pointer to the printed text.
    pub(crate) fn text_pointer(&self) -> String {
        pointer::child(&self.pointer, self.record.text_member)
    }

    fn nested_text(&self, locator: &Locator) -> NestedText {
        let text = self.record.text.text();
        let text = &text[1..text.len() - 1];
        let mut nested = unescape(text.as_bytes());
        nested.source_map.shift(locator.offset_of(text));
        nested
    }
}

/// Records that may belong together: one run per printing program.
#[derive(Default)]
pub(crate) struct RecordRuns<'a>(Vec<Vec<RunRecord<'a>>>);

impl<'a> RecordRuns<'a> {
    /// Adds a record to the run that it continues. Returns the record if there is no such run.
    pub(crate) fn continue_run(&mut self, record: RunRecord<'a>) -> Option<RunRecord<'a>> {
        let source = &record.record.source;
        let run = self
            .0
            .iter_mut()
            .find(|run| run[0].record.source == *source);
        match run {
            Some(run)
                if record.record.is_continuation()
                    || run.last().is_some_and(RunRecord::is_partial_line) =>
            {
                run.push(record);
                None
            }
            _ => Some(record),
        }
    }

    /// Removes and returns the run with the same source as `record`.
    pub(crate) fn take_run(&mut self, record: &RunRecord<'a>) -> Option<Vec<RunRecord<'a>>> {
        let index = self
            .0
            .iter()
            .position(|run| run[0].record.source == record.record.source)?;
        Some(self.0.swap_remove(index))
    }

    /// Starts a new run.
    pub(crate) fn start_run(&mut self, record: RunRecord<'a>) {
        self.0.push(vec![record]);
    }

    /// Removes and returns all runs.
    pub(crate) fn take_all_runs(&mut self) -> Vec<Vec<RunRecord<'a>>> {
        std::mem::take(&mut self.0)
    }
}

/// Joins the printed text of all records of a run.
pub(crate) fn join_run(run: &[RunRecord], locator: &Locator) -> NestedText {
    join_texts(
        run.iter()
            .map(|record| (record.nested_text(locator), !record.record.has_line_breaks)),
    )
}
