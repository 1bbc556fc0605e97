//! Writes bodies: to one output, or to one file per call.

use anyhow::bail;

use super::read_plan::ReadOptions;
use super::session::Session;
use super::sorted::SortedRecords;
use crate::capture::find::item::Body;
use crate::export::bodies::{BodyLayout, BodyStream};
use crate::host::AtomicFile;
use crate::json::Json;
use crate::redact::body::Redaction;
use crate::redact::counts::RedactionCounts;
use crate::redact::memo::Memo;
use crate::table::sort::SortOrder;

/// How bodies are written.
#[derive(Clone, Copy)]
pub(crate) struct BodyForm<'r> {
    pub(crate) layout: BodyLayout,
    /// What takes the personal data out; `None` leaves it in.
    pub(crate) redaction: Option<&'r Redaction>,
}

/// The texts of some bodies, and what was redacted in them.
#[derive(Default)]
pub(super) struct FormattedBodies {
    pub(super) text: String,
    pub(super) counts: RedactionCounts,
    /// The last body, redacted but not laid out.
    pub(super) redacted: String,
    memo: Memo,
}

impl BodyForm<'_> {
    /// Appends a body.
    pub(super) fn push(self, body: &Body, bodies: &mut FormattedBodies) {
        match self.redaction {
            None => self.layout.push(body.value(), &mut bodies.text),
            Some(redaction) => self.push_redacted(redaction, body, bodies),
        }
    }

    fn push_redacted(self, redaction: &Redaction, body: &Body, bodies: &mut FormattedBodies) {
        bodies.redacted.clear();
        redaction.push_body(
            body.value(),
            &mut bodies.redacted,
            &mut bodies.counts,
            &mut bodies.memo,
        );
        let redacted = bodies.redacted.as_str();
        let is_line = memchr::memchr2(b'\n', b'\r', redacted.as_bytes()).is_none();
        if is_line && self.layout == BodyLayout::Line {
            // Fast path: the check of the layout takes longer.
            self.layout.push_line(redacted, &mut bodies.text);
        } else {
            let redacted = Json::from_well_formed(redacted);
            self.layout.push(redacted, &mut bodies.text);
        }
    }

    /// Fails if two ids or two phone numbers have the same pseudonym.
    pub(super) fn check_collisions(self) -> anyhow::Result<()> {
        let has_collision =
            (self.redaction).is_some_and(|redaction| redaction.pseudonyms.has_collision());
        if has_collision {
            bail!(
                "two ids or two phone numbers got the same pseudonym: use another key, or redact \
                 fewer calls at once"
            );
        }
        Ok(())
    }
}

impl From<BodyLayout> for BodyForm<'_> {
    fn from(layout: BodyLayout) -> Self {
        Self {
            layout,
            redaction: None,
        }
    }
}

/// Writes the selected bodies, in the order of `sort`, to `file`, or to standard output if that
/// is `None`. The file appears when it is complete; without a call it is not written.
pub(crate) fn write_bodies(
    read: &ReadOptions,
    file: Option<Box<dyn AtomicFile>>,
    form: BodyForm,
    sort: &SortOrder,
    session: &mut Session,
) -> anyhow::Result<RedactionCounts> {
    let mut counts = RedactionCounts::default();
    if !sort.is_empty() {
        write_sorted_bodies(read, file, form, sort, session)?;
        return Ok(counts);
    }
    let append = |body: &Body, bodies: &mut FormattedBodies| form.push(body, bodies);
    let mut stream = BodyStream::new(form.layout);
    let mut file = file;
    if file.is_none() {
        session.guard_terminal();
    }
    session.for_each_call(read, append, |stdout, bodies| {
        form.check_collisions()?;
        counts += bodies.counts;
        let out = file.as_mut().map_or(stdout, |file| file);
        Ok(stream.write(bodies.text.as_bytes(), out)?)
    })?;
    let Some(mut file) = file else {
        stream.finish(&mut session.out)?;
        return Ok(counts);
    };
    if !session.lacks_calls() {
        stream.finish(&mut file)?;
        file.complete()?;
    }
    Ok(counts)
}

/// Writes bodies like [`write_bodies`], after all of them were read and sorted.
fn write_sorted_bodies(
    read: &ReadOptions,
    file: Option<Box<dyn AtomicFile>>,
    form: BodyForm,
    sort: &SortOrder,
    session: &mut Session,
) -> anyhow::Result<()> {
    let records = SortedRecords::read(read, sort, session, |body, record| {
        let mut bodies = FormattedBodies::default();
        form.push(body, &mut bodies);
        record.extend_from_slice(bodies.text.as_bytes());
    })?;
    if file.is_some() && session.lacks_calls() {
        return Ok(());
    }
    let mut stream = BodyStream::new(form.layout);
    session.write_after_reading(file, true, |out, _| {
        records.for_each(|record| Ok(stream.write(record, out)?))?;
        Ok(stream.finish(out)?)
    })
}
