//! The parts of an object that is split at the elements of an array: its head, batches of elements,
//! and its tail. They are searched by any threads, and share the findings that matter to the other
//! parts. The result is that of a search of the whole object.

use std::collections::HashSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use encoding_rs::Encoding;

use crate::capture::location::position::{Gap, Position};

/// Limit on the fingerprints of calls that are kept, in about 9 MiB. In larger objects, a call
/// behind the array is not recognized as the copy of an element.
const MAX_CALLS: usize = 900_000;

/// Limits on the elements without a call that are held until the first call shows that they matter.
const MAX_HELD: usize = 10_000;
const MAX_HELD_BYTES: usize = 4 * 1024 * 1024;

/// An object that is split.
#[derive(Debug)]
pub(crate) struct SplitObject {
    /// JSON Pointer to the array.
    pub(crate) pointer: String,
    /// For each object around the array, from outside, the index of the member that leads to it.
    pub(crate) path: Vec<usize>,
    findings: Mutex<Findings>,
    changed: Condvar,
}

/// The findings in the parts that were searched so far.
#[derive(Debug, Default)]
struct Findings {
    /// Number of parts that were searched.
    parts: u64,
    is_head_searched: bool,
    head: Arc<HeadFindings>,
    /// Fingerprints of the calls in elements.
    calls: Arc<HashSet<u64>>,
    /// True if something was found in an element: a call, or something that was reported.
    has_items: bool,
    /// The first part of elements with a call.
    first_with_call: Option<u64>,
    held: HeldElements,
}

/// The findings in the head.
#[derive(Debug, Default)]
pub(crate) struct HeadFindings {
    /// Fingerprints of the calls.
    pub(crate) calls: HashSet<u64>,
    /// For each object around the array, from outside: true if something was found in its members
    /// before the array.
    pub(crate) has_items: Vec<bool>,
    /// The encoding that a head declares for the array, unless it is UTF-8.
    pub(crate) charset: Option<&'static Encoding>,
}

/// Elements without a call. They are reported if another element has one.
#[derive(Clone, Debug, Default)]
pub(crate) struct HeldElements {
    pub(crate) elements: Vec<HeldElement>,
    bytes: usize,
    /// Number of elements that were not held because of the limits.
    pub(crate) omitted: u64,
}

/// An element without a call.
#[derive(Clone, Debug)]
pub(crate) struct HeldElement {
    pub(crate) position: Position,
    /// JSON Pointer to it.
    pub(crate) pointer: String,
    pub(crate) text: String,
}

impl HeldElements {
    /// Adds an element.
    pub(crate) fn add(&mut self, text: &str, pointer: &str, position: impl FnOnce() -> Position) {
        let is_full = self.elements.len() >= MAX_HELD || self.bytes + text.len() > MAX_HELD_BYTES;
        if is_full || self.omitted > 0 {
            self.omitted += 1;
            return;
        }
        self.bytes += text.len();
        self.elements.push(HeldElement {
            position: position(),
            pointer: pointer.to_owned(),
            text: text.to_owned(),
        });
    }
}

/// How the elements of a part that have no call are treated.
#[derive(Debug)]
pub(crate) enum ElementsWithoutCall {
    /// No call was found up to this part: they are held.
    Held,
    /// They are reported, behind those that were held.
    Reported(HeldElements),
}

/// A part of a split object.
#[derive(Debug)]
pub(crate) struct ObjectPart {
    pub(crate) object: Arc<SplitObject>,
    pub(crate) kind: PartKind,
    /// The bytes of the batch that are not in the source.
    pub(crate) gap: Option<Gap>,
    /// Index among the parts of the object, from 0.
    index: u64,
    /// True if the findings of this part are known to the others. A part may be searched twice.
    is_searched: AtomicBool,
}

/// The kind of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PartKind {
    /// The text before the elements. A gap behind it closes the array and the objects around it.
    Head,
    /// Elements of the array.
    Elements,
    /// The head again, a gap in place of the elements, and the text behind the array.
    Tail,
}

impl SplitObject {
    pub(super) fn new(pointer: String, path: Vec<usize>) -> Self {
        Self {
            pointer,
            path,
            findings: Mutex::default(),
            changed: Condvar::new(),
        }
    }

    fn findings(&self) -> MutexGuard<'_, Findings> {
        self.findings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until the findings are as needed. Parts wait for earlier parts only, which were passed
    /// to other threads before, so this ends.
    fn wait_while(&self, is_incomplete: impl Fn(&Findings) -> bool) -> MutexGuard<'_, Findings> {
        let findings = self
            .changed
            .wait_while(self.findings(), |findings| is_incomplete(findings));
        findings.unwrap_or_else(PoisonError::into_inner)
    }
}

impl ObjectPart {
    pub(super) fn new(
        object: Arc<SplitObject>,
        kind: PartKind,
        gap: Option<Gap>,
        index: u64,
    ) -> Self {
        Self {
            object,
            kind,
            gap,
            index,
            is_searched: AtomicBool::new(false),
        }
    }

    /// Adds the findings of this part, if that has not happened before.
    fn add_to(&self, findings: &mut Findings, add: impl FnOnce(&mut Findings)) {
        if self.is_searched.swap(true, Ordering::Relaxed) {
            return;
        }
        add(findings);
        findings.parts += 1;
        findings.is_head_searched |= matches!(self.kind, PartKind::Head);
        self.object.changed.notify_all();
    }

    /// Adds the findings in the head.
    pub(crate) fn finish_head(&self, head: HeadFindings) {
        let mut findings = self.object.findings();
        self.add_to(&mut findings, |findings| findings.head = Arc::new(head));
    }

    /// Waits for the findings in the head.
    pub(crate) fn wait_for_head(&self) -> Arc<HeadFindings> {
        let findings = self
            .object
            .wait_while(|findings| !findings.is_head_searched);
        Arc::clone(&findings.head)
    }

    /// Adds the findings in elements: the fingerprints of their `calls`, and whether there are
    /// other items. If no call was found so far, `hold` adds the elements without a call. Until the
    /// first call was found, that waits for all earlier parts.
    pub(crate) fn finish_elements(
        &self,
        calls: &[u64],
        has_items: bool,
        hold: impl FnOnce(&mut HeldElements),
    ) -> ElementsWithoutCall {
        let mut findings = self.object.wait_while(|findings| {
            findings.first_with_call.is_none() && findings.parts < self.index
        });
        self.add_to(&mut findings, |findings| {
            findings.has_items |= has_items;
            let known = Arc::make_mut(&mut findings.calls);
            let room = MAX_CALLS.saturating_sub(known.len());
            known.extend(calls.iter().take(room));
            if findings.first_with_call.is_none() {
                if calls.is_empty() {
                    hold(&mut findings.held);
                } else {
                    findings.first_with_call = Some(self.index);
                }
            }
        });
        match findings.first_with_call {
            Some(first) if first == self.index => {
                ElementsWithoutCall::Reported(findings.held.clone())
            }
            Some(first) if first < self.index => {
                ElementsWithoutCall::Reported(HeldElements::default())
            }
            _ => ElementsWithoutCall::Held,
        }
    }

    /// Waits for the findings in all parts before this one, the tail. Returns those in the head,
    /// the fingerprints of the calls in elements, and true if something was found in an element.
    pub(crate) fn wait_for_elements(&self) -> (Arc<HeadFindings>, Arc<HashSet<u64>>, bool) {
        let findings = self
            .object
            .wait_while(|findings| findings.parts < self.index);
        let (head, calls) = (&findings.head, &findings.calls);
        (Arc::clone(head), Arc::clone(calls), findings.has_items)
    }
}

impl Drop for ObjectPart {
    /// Counts a part that was not searched, because its thread panicked or the run has ended, so
    /// that no other thread waits for it.
    fn drop(&mut self) {
        let mut findings = self.object.findings();
        self.add_to(&mut findings, |_| {});
    }
}

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    fn parts(count: u64) -> Vec<ObjectPart> {
        let object = Arc::new(SplitObject::new("/data".to_owned(), vec![0]));
        let part = |index| {
            let kind = match index {
                0 => PartKind::Head,
                _ if index + 1 < count => PartKind::Elements,
                _ => PartKind::Tail,
            };
            ObjectPart::new(Arc::clone(&object), kind, None, index)
        };
        (0..count).map(part).collect()
    }

    #[test]
    fn parts_that_are_not_searched_do_not_block_others() {
        let mut parts = parts(4);
        let tail = parts.pop().expect("a tail");
        let last = parts.pop().expect("elements");
        thread::scope(|scope| {
            scope.spawn(|| {
                let _ = last.wait_for_head();
                let verdict = last.finish_elements(&[7], true, |_| {});
                assert!(matches!(verdict, ElementsWithoutCall::Reported(_)));
            });
            // As if the thread that searches them had panicked.
            drop(parts);
            let (_, calls, has_items) = tail.wait_for_elements();
            assert!(calls.contains(&7) && has_items);
        });
    }

    #[test]
    fn elements_without_a_call_are_held_up_to_a_limit() {
        let mut held = HeldElements::default();
        for _ in 0..MAX_HELD + 2 {
            held.add("{}", "/data/0", || Position::START);
        }
        assert_eq!((held.elements.len(), held.omitted), (MAX_HELD, 2));
        let mut held = HeldElements::default();
        let large = "x".repeat(MAX_HELD_BYTES / 2);
        for text in [&large, &large, "{}"] {
            held.add(text, "/data/0", || Position::START);
        }
        assert_eq!((held.elements.len(), held.omitted), (2, 1));
    }
}
