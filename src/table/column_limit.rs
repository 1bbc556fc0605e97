//! Limits on the number of columns, so that calls whose names of variables are all different do not
//! fill the memory or write a table that no program can open.

use anyhow::{anyhow, bail};

use super::candidate_filter::CandidateFilter;
use super::column::Columns;
use crate::text::shorten::shorten;

/// Maximum number of columns of a table. Spreadsheets show at most 16,384.
pub(crate) const MAX_COLUMNS: usize = 100_000;

/// Maximum number of names that are remembered while a list selects some of them.
pub(crate) const MAX_NAMES: usize = 1_100_000;

/// Maximum size in bytes of all these names.
const MAX_NAME_BYTES: usize = 128 * 1024 * 1024;

/// Checks the columns of a table while they are found.
#[derive(Debug, Default)]
pub(crate) struct ColumnLimit {
    candidates: CandidateFilter,
    /// True if a column may be exported, by column number.
    may_be_exported: Vec<bool>,
    /// Number of columns that may be exported.
    exported: usize,
    /// Size of all names.
    name_bytes: usize,
}

impl ColumnLimit {
    /// Limits the columns that are `candidates`.
    #[must_use]
    pub(crate) fn new(candidates: CandidateFilter) -> Self {
        Self {
            candidates,
            ..Self::default()
        }
    }

    /// Fails if `columns`, which only grow from call to call, are too many. `what` is the plural of
    /// their kind, and `advice` the next step of the user.
    pub(crate) fn check(
        &mut self,
        columns: &Columns,
        what: &str,
        advice: &str,
    ) -> anyhow::Result<()> {
        let checked = self.may_be_exported.len();
        if columns.count() == checked {
            return Ok(());
        }
        let flags = &mut self.may_be_exported;
        self.candidates.extend_flags(columns, 0, flags);
        let new = flags[checked..].iter().filter(|flag| **flag);
        self.exported += new.count();
        let pointers = (checked..columns.count()).map(|number| columns.pointer(number));
        self.name_bytes += pointers.map(str::len).sum::<usize>();
        if self.exported > MAX_COLUMNS {
            let last = flags.iter().rposition(|flag| *flag).unwrap_or_default();
            return Err(too_many(MAX_COLUMNS, what, columns.pointer(last), advice));
        }
        if columns.count() > MAX_NAMES {
            let last = columns.pointer(columns.count() - 1);
            return Err(too_many(MAX_NAMES, "names", last, advice));
        }
        if self.name_bytes > MAX_NAME_BYTES {
            let megabytes = MAX_NAME_BYTES / (1024 * 1024);
            bail!("the names of the {what} take more than {megabytes} MiB; {advice}");
        }
        Ok(())
    }
}

/// The error for more than `limit` columns, of which one is at `pointer`.
fn too_many(limit: usize, what: &str, pointer: &str, advice: &str) -> anyhow::Error {
    let pointer = shorten(pointer);
    anyhow!("more than {limit} different {what}, such as {pointer}; {advice}")
}
