//! Joins the printed text of log records that belong together, see [`log_record`].
//!
//! [`log_record`]: crate::capture::split::log_record

use super::decode::json_string::unescape;
use super::nested_text::{NestedText, join_texts};
use crate::capture::location::position::Locator;
use crate::capture::split::log_record::{LogRecord, MAX_GAP_BYTES, MAX_RUN_BYTES, PrintedText};
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

/// The records whose text is printed by one program and is incomplete so far.
pub(crate) struct RecordRun<'a> {
    pub(crate) records: Vec<RunRecord<'a>>,
    text: PrintedText,
    /// Offset of the first record in the text that is searched.
    start: usize,
    /// Offset after the last record.
    end: usize,
}

impl<'a> RecordRun<'a> {
    /// A run that starts with `record`, at `offset` of the text that is searched.
    pub(crate) fn new(record: RunRecord<'a>, offset: usize) -> Self {
        Self {
            text: PrintedText::of(&record.record),
            start: offset,
            end: offset + record.value.text().len(),
            records: vec![record],
        }
    }

    fn add(&mut self, record: RunRecord<'a>, offset: usize) {
        self.text.add(&record.record);
        self.end = offset + record.value.text().len();
        self.records.push(record);
    }

    /// True if the text is incomplete.
    pub(crate) fn is_open(&self) -> bool {
        self.text.is_open()
    }

    /// True if no record at `offset` or behind can belong to the run.
    fn is_over_at(&self, offset: usize) -> bool {
        offset.saturating_sub(self.end) > MAX_GAP_BYTES
            || offset.saturating_sub(self.start) > MAX_RUN_BYTES
    }
}

/// The incomplete runs of records, at most one per printing program.
#[derive(Default)]
pub(crate) struct RecordRuns<'a>(Vec<RecordRun<'a>>);

impl<'a> RecordRuns<'a> {
    /// Adds the record at `offset` to the run that it continues. Returns the record if there is no
    /// such run.
    pub(crate) fn continue_run(
        &mut self,
        record: RunRecord<'a>,
        offset: usize,
    ) -> Option<RunRecord<'a>> {
        let mut runs = self.0.iter_mut();
        let run = runs.find(|run| run.records[0].record.source == record.record.source);
        match run {
            Some(run) if run.text.is_continued_by(&record.record) => {
                run.add(record, offset);
                None
            }
            _ => Some(record),
        }
    }

    /// Removes and returns the run of the same source as `record`.
    pub(crate) fn take_run(&mut self, record: &RunRecord<'a>) -> Option<RecordRun<'a>> {
        let source = &record.record.source;
        self.take_first(|run| run.records[0].record.source == *source)
    }

    /// Removes and returns a run that the last record has completed.
    pub(crate) fn take_complete_run(&mut self) -> Option<RecordRun<'a>> {
        self.take_first(|run| !run.is_open())
    }

    /// Removes and returns a run that is too far before `offset` to continue there.
    pub(crate) fn take_run_over_at(&mut self, offset: usize) -> Option<RecordRun<'a>> {
        self.take_first(|run| run.is_over_at(offset))
    }

    fn take_first(
        &mut self,
        is_wanted: impl FnMut(&RecordRun<'a>) -> bool,
    ) -> Option<RecordRun<'a>> {
        let index = self.0.iter().position(is_wanted)?;
        Some(self.0.remove(index))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Starts a run.
    pub(crate) fn start_run(&mut self, run: RecordRun<'a>) {
        self.0.push(run);
    }

    /// Removes and returns all runs.
    pub(crate) fn take_all_runs(&mut self) -> Vec<RecordRun<'a>> {
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
