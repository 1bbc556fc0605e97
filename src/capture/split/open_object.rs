//! Cuts an object that is split at the elements of an array into parts.

use std::sync::Arc;

use super::boundary::{
    Cut, array_end, find_element_cut, leading_separators, match_open_brackets, next_boundary,
};
use super::log_record::{MAX_CUT_SEARCHES, MAX_RUN_BYTES, open_run_start_in_text};
use super::object_parts::{ObjectPart, PartKind, SplitObject};
use super::open_array::{ELEMENTS, OpenArray, close_head};
use crate::capture::location::position::{Gap, Position};
use crate::json::syntax::skip_value;

/// The object that is being cut.
pub(super) struct OpenObject {
    object: Arc<SplitObject>,
    /// The text before the first element.
    head: Vec<u8>,
    /// Position of the head in the source.
    start: Position,
    has_records: bool,
    /// Number of parts so far.
    parts: u64,
    is_behind_array: bool,
}

impl OpenObject {
    /// The object whose `head`, the text before its first element, starts at `start`.
    pub(super) fn new(array: OpenArray, head: &[u8], start: Position) -> Self {
        Self {
            object: Arc::new(SplitObject::new(array.pointer, array.path)),
            head: head.to_vec(),
            start,
            has_records: array.has_records,
            parts: 0,
            is_behind_array: false,
        }
    }

    /// Number of objects around the array.
    fn object_count(&self) -> usize {
        self.object.path.len()
    }

    /// Finds the end of the next part, which starts `pending`. `element` is the index of the next
    /// element; `None` behind the array. If `is_slow` is true, only the end of the array or of the
    /// object counts, which does not depend on how much text is pending.
    pub(super) fn find_cut(
        &self,
        pending: &[u8],
        element: Option<u64>,
        is_slow: bool,
    ) -> Option<Cut> {
        match element {
            None => self.find_end(pending).map(Cut::between_values),
            Some(element) if is_slow => array_end(pending, element).map(Cut::between_values),
            Some(element) => {
                let cut = find_element_cut(pending, element)?;
                if self.has_records {
                    return cut_before_run(pending, element, cut);
                }
                Some(cut)
            }
        }
    }

    /// Returns the end of the object whose text behind the array starts `pending`. An object whose
    /// brackets do not match ends before the next line that starts a value.
    fn find_end(&self, pending: &[u8]) -> Option<usize> {
        match match_open_brackets(pending, 0, vec![b'}'; self.object_count()]) {
            Ok(end) => Some(end),
            Err(stop) if stop < pending.len() => next_boundary(pending, 0),
            Err(_) => None,
        }
    }

    /// Makes a part of the `bytes` that start at `start`, and sets both to those of its batch. The
    /// array goes on in the next part if `next_element` has an index.
    pub(super) fn next_part(
        &mut self,
        bytes: &mut Vec<u8>,
        start: &mut Position,
        next_element: Option<u64>,
    ) -> ObjectPart {
        let mut gap = None;
        let kind = if self.parts == 0 {
            close_head(bytes, self.object_count());
            gap = Some(Gap {
                start: self.head.len(),
                end: bytes.len(),
                position: *start,
            });
            PartKind::Head
        } else if self.is_behind_array {
            gap = Some(Gap {
                start: self.head.len(),
                end: self.head.len() + ELEMENTS.len(),
                position: *start,
            });
            bytes.splice(..0, [&self.head, ELEMENTS].concat());
            *start = self.start;
            PartKind::Tail
        } else {
            PartKind::Elements
        };
        self.is_behind_array = next_element.is_none();
        self.parts += 1;
        ObjectPart::new(Arc::clone(&self.object), kind, gap, self.parts - 1)
    }
}

/// Moves `cut` before an incomplete run of log records. The elements from index `element` on start
/// `bytes`.
fn cut_before_run(bytes: &[u8], element: u64, mut cut: Cut) -> Option<Cut> {
    let mut elements = Vec::new();
    let mut at = 0;
    while at < cut.end {
        at += leading_separators(&bytes[at..]);
        let Ok(length) = skip_value(&bytes[at..cut.end]) else {
            break;
        };
        elements.push(at..at + length);
        at += length;
        at += leading_separators(&bytes[at..]);
        at += usize::from(bytes.get(at) == Some(&b','));
    }
    if cut.element != Some(element + elements.len() as u64) {
        // The array has ended, or an element is broken.
        return Some(cut);
    }
    for _ in 0..MAX_CUT_SEARCHES {
        let Some(start) = open_run_start_in_text(bytes, &elements, cut.end) else {
            return Some(cut);
        };
        let first = elements.partition_point(|range| range.start < start);
        if first == 0 || cut.end - start > MAX_RUN_BYTES {
            break;
        }
        elements.truncate(first);
        cut = Cut {
            end: start,
            element: Some(element + first as u64),
            ..cut
        };
    }
    (cut.end > MAX_RUN_BYTES).then_some(cut)
}
