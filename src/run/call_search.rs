//! Searches an existing output file for a call, so that no capture is replaced.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use super::read_plan::ReadOptions;
use crate::capture::find::item::{Item, NonCallKind};
use crate::capture::find::search::Search;
use crate::capture::source::files::inputs::Inputs;
use crate::capture::source::files::open_sources::open_sources;
use crate::capture::source::reader::{Source, UnreadableInput};
use crate::capture::source::sources::is_workbook;
use crate::capture::source::unpack::starts_like_zip;
use crate::capture::split::batch::{Batch, batches_of};
use crate::lint::rule_data::Level;
use crate::lint::rules::registry;
use crate::select::counts::Counts;
use crate::select::filter::Filter;
use crate::select::selection::Selection;

/// Returns true if the file is a workbook or a Parquet file. It may be large, and no call is found
/// in it.
pub(super) fn is_binary_table(path: &Path) -> bool {
    let mut head = [0; 4];
    let Ok(mut file) = File::open(path) else {
        return false;
    };
    let has_head = file.read_exact(&mut head).is_ok();
    has_head && (head == *b"PAR1" || (starts_like_zip(&head) && is_workbook(file)))
}

/// The first call in a file, which may be broken.
#[derive(Clone, Copy)]
pub(super) struct FoundCall {
    pub(super) line: u64,
    pub(super) is_broken: bool,
}

/// Returns the first call in the file, by the usual search and by that of `read`. Fails if there is
/// none and a part of the file cannot be read.
pub(super) fn find_call(
    read: &ReadOptions,
    path: &Path,
) -> Result<Option<FoundCall>, UnreadableInput> {
    let inputs = Inputs {
        paths: vec![path.to_owned()],
        limit: read.inputs.limit,
        scratch: read.inputs.scratch,
        cut_sizes: read.inputs.cut_sizes,
        ..Inputs::default()
    };
    let selection = |search| Selection::new(search, Filter::default());
    let mut selections = vec![selection(Search::Everywhere)];
    if read.search != Search::Everywhere {
        selections.push(selection(read.search.clone()));
    }
    let mut unreadable = None;
    let mut is_first = true;
    let sources = open_sources(&inputs).map(|source| {
        source.map(|source| Source {
            // The file may be empty.
            may_lack_calls: true,
            ..source
        })
    });
    for batch in batches_of(sources) {
        let batch = match batch {
            Ok(batch) => batch,
            Err(error) => {
                unreadable = unreadable.or(Some(error));
                continue;
            }
        };
        if std::mem::take(&mut is_first) && is_report(&batch.bytes) {
            return Ok(None);
        }
        let found = selections
            .iter()
            .find_map(|selection| find_call_in(&batch, selection));
        if found.is_some() {
            return Ok(found);
        }
    }
    unreadable.map_or(Ok(None), Err)
}

/// Returns the first call in the batch. Broken JSON counts only in text: a Parquet file may look
/// like it.
fn find_call_in(batch: &Batch, selection: &Selection) -> Option<FoundCall> {
    let is_binary = memchr::memchr(0, &batch.bytes).is_some();
    let locator = batch.locator();
    let mut found = None;
    let mut visit = |item: Item, _: &mut Counts| {
        let (line, is_broken) = match &item {
            _ if found.is_some() => return,
            Item::Call(body) => (body.position().line, false),
            Item::NonCall(other) if other.kind == NonCallKind::Broken && !is_binary => {
                (other.locator.position(other.offset).line, true)
            }
            Item::NonCall(_) => return,
        };
        found = Some(FoundCall { line, is_broken });
    };
    let _ = selection.for_each_item(batch, &locator, &mut Counts::default(), &mut visit);
    found
}

/// Returns true if `text` starts as a report for people or a file of rejects does. These repeat
/// parts of the input, among them calls, and a later run may replace them.
fn is_report(text: &[u8]) -> bool {
    let line = text.split(|byte| *byte == b'\n').next();
    let line = String::from_utf8_lossy(line.unwrap_or_default());
    let is_finding = |level: &Level| {
        let rule = line.strip_prefix(level.name());
        let rule = rule.and_then(|rule| rule.strip_prefix('[')?.split_once("]: "));
        rule.is_some_and(|(id, _)| registry().any(|rule| rule.id == id))
    };
    let mut members = [",\"line\":", ",\"column\":", ",\"reason\":\""].into_iter();
    let mut is_reject =
        || line.starts_with("{\"source\":\"") && members.all(|name| line.contains(name));
    Level::ALL.iter().any(is_finding) || is_reject()
}
