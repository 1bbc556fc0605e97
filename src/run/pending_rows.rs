//! Rows that wait until all columns are known. The first ones wait in memory. If there are more,
//! they are written to the file, under a header of the columns known by then. If the header turns
//! out to be complete, so is the file; otherwise its rows are rearranged into another one.
//!
//! A [`Spool`](crate::table::spool::Spool) before the file would be simpler, for 0.6 % more
//! instructions. But it needs as much temporary space as the output, and writing and reading that
//! makes the processor time 40 % longer.

use std::io::{self, BufReader, Read, Seek, SeekFrom, Write};
use std::sync::Arc;

use super::session::Session;
use crate::exit::UsageError;
use crate::export::one_pass::RowEncoder;
use crate::export::one_pass::guard_counts::GuardCounts;
use crate::host::{AtomicFile, OutputProgress, Scratch, ScratchFile};
use crate::table::cell_split::CellSplit;
use crate::table::column::Columns;
use crate::table::column_plan::ColumnPlan;
use crate::table::row::{Rows, for_each_row};

/// Maximum number of bytes that wait in memory.
const MAX_MEMORY_BYTES: usize = 4 * 1024 * 1024;

/// Approximate size of the text that is formatted before it is written.
const CHUNK_BYTES: usize = 256 * 1024;

/// A run of rows in one representation.
enum PendingPiece {
    /// Delimited text in the columns of a plan.
    Text(Arc<ColumnPlan>),
    /// Compact rows whose cells carry column numbers. The numbers from `first_new` on are those of
    /// new columns of one batch. The bytes of the piece start with `numbers` final column numbers
    /// for them, followed by the rows.
    Rows { first_new: usize, numbers: usize },
}

/// Rows that wait, and the output that they will be written to.
pub(crate) struct PendingRows {
    /// Pieces in input order, each with its length in bytes.
    pieces: Vec<(PendingPiece, usize)>,
    /// Bytes of all pieces, until they are spilled to the store.
    in_memory: Vec<u8>,
    store: PendingStore,
    /// Plan and length of the header in the store. `None` until rows are spilled.
    spilled: Option<(Arc<ColumnPlan>, usize)>,
    guards: GuardCounts,
    scratch: &'static dyn Scratch,
}

/// The output file; `None` means standard output.
type OutputChoice = Option<Box<dyn AtomicFile>>;

/// Storage for rows that exceed the memory limit.
enum PendingStore {
    /// The output file itself.
    Output(Box<dyn AtomicFile>),
    /// A temporary file, created when it is first needed, because the output cannot be read back.
    /// The output file, if there is one, is written after all rows are known.
    Temporary(Option<Box<dyn ScratchFile>>, Option<Box<dyn AtomicFile>>),
}

impl PendingRows {
    /// No rows yet. They are to be written to `file`, or to standard output if there is none.
    pub(crate) fn new(file: Option<Box<dyn AtomicFile>>, scratch: &'static dyn Scratch) -> Self {
        Self {
            pieces: Vec::new(),
            in_memory: Vec::new(),
            store: match file {
                Some(file) if file.is_readable() => PendingStore::Output(file),
                file => PendingStore::Temporary(None, file),
            },
            spilled: None,
            guards: GuardCounts::default(),
            scratch,
        }
    }

    /// Adds rows of text in the columns of `plan`, and their guarded cells.
    pub(crate) fn push_text(
        &mut self,
        plan: &Arc<ColumnPlan>,
        text: &[u8],
        guards: &GuardCounts,
    ) -> anyhow::Result<()> {
        self.guards.merge(guards);
        if text.is_empty() {
            return Ok(());
        }
        self.push(PendingPiece::Text(Arc::clone(plan)), &[text])
    }

    /// Adds compact rows whose columns from `first_new` on have these final `numbers`.
    pub(crate) fn push_rows(
        &mut self,
        first_new: usize,
        numbers: &[usize],
        rows: &Rows,
    ) -> anyhow::Result<()> {
        if rows.is_empty() {
            return Ok(());
        }
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        let piece = PendingPiece::Rows {
            first_new,
            numbers: numbers.len(),
        };
        self.push(piece, &[&bytes, rows.bytes()])
    }

    /// Adds a piece whose bytes are the concatenated `parts`.
    fn push(&mut self, piece: PendingPiece, parts: &[&[u8]]) -> anyhow::Result<()> {
        self.pieces
            .push((piece, parts.iter().map(|part| part.len()).sum()));
        for part in parts {
            if self.spilled.is_some() {
                self.write(part)?;
            } else {
                self.in_memory.extend_from_slice(part);
            }
        }
        Ok(())
    }

    /// Appends `bytes` to the store.
    fn write(&mut self, bytes: &[u8]) -> anyhow::Result<()> {
        match &mut self.store {
            PendingStore::Output(file) => file.write_all(bytes)?,
            PendingStore::Temporary(file, _) => {
                let file = match file {
                    Some(file) => file,
                    None => file.insert(self.scratch.create_in_memory(0)),
                };
                file.write_all(bytes)?;
            }
        }
        Ok(())
    }

    /// Spills the rows to the store if too many bytes wait in memory, under a header of the columns
    /// known so far.
    pub(crate) fn spill_if_large(
        &mut self,
        columns: &mut Columns,
        cell_split: &CellSplit,
        encoder: &RowEncoder,
    ) -> anyhow::Result<()> {
        if self.spilled.is_some() || self.in_memory.len() <= MAX_MEMORY_BYTES {
            return Ok(());
        }
        let plan = Arc::new(encoder.provisional_plan(columns, cell_split));
        let in_memory = std::mem::take(&mut self.in_memory);
        let pieces = std::mem::take(&mut self.pieces);
        // Guarded cells of the header are counted when the final header is known.
        let header = file_start(&plan, encoder, &mut 0);
        self.write(&header)?;
        let (mut rest, mut guards) = (&in_memory[..], GuardCounts::default());
        for (piece, length) in pieces {
            let (bytes, tail) = rest.split_at(length);
            piece.for_each_text(bytes, &plan, encoder, &mut guards, &mut |text| {
                let piece = PendingPiece::Text(Arc::clone(&plan));
                self.pieces.push((piece, text.len()));
                self.write(text)
            })?;
            rest = tail;
        }
        self.guards.merge(&guards);
        self.spilled = Some((plan, header.len()));
        Ok(())
    }

    /// Writes all rows in the selected columns. `reopen` opens the output again if it must be
    /// written anew. Returns the number of guarded cells.
    pub(crate) fn finish(
        self,
        columns: &mut Columns,
        cell_split: &CellSplit,
        encoder: &RowEncoder,
        reopen: impl FnOnce() -> anyhow::Result<Box<dyn AtomicFile>>,
        session: &mut Session,
    ) -> anyhow::Result<u64> {
        let is_empty = session.counts().selected() == 0;
        let plan = encoder.final_plan(columns, cell_split, is_empty);
        let (plan, notes) = plan.map_err(UsageError)?;
        let plan = Arc::new(plan);
        session.print_messages(&notes);
        let mut guarded_names = 0;
        let header = file_start(&plan, encoder, &mut guarded_names);
        let is_final = |piece: &PendingPiece| match piece {
            PendingPiece::Text(earlier) => earlier.has_same_cells(&plan),
            PendingPiece::Rows { .. } => false,
        };
        let has_final_header =
            |(earlier, _): &(Arc<ColumnPlan>, usize)| earlier.has_same_cells(&plan);
        let is_complete = self.spilled.as_ref().is_some_and(has_final_header)
            && self.pieces.iter().all(|(piece, _)| is_final(piece));
        let Self {
            pieces,
            in_memory,
            store,
            spilled,
            mut guards,
            scratch: _,
        } = self;
        if is_complete && let PendingStore::Output(file) = store {
            file.complete()?;
            return Ok(guarded_names + guards.count_in(&plan));
        }
        let header_length = spilled.map(|(_, length)| length);
        let (mut rows, output) = store.open(in_memory, header_length, reopen)?;
        let to_output = |out: &mut dyn Write, _: &dyn OutputProgress| -> anyhow::Result<()> {
            out.write_all(&header)?;
            if is_complete {
                io::copy(&mut rows, out)?;
                return Ok(());
            }
            for (piece, length) in &pieces {
                let mut bytes = vec![0; *length];
                rows.read_exact(&mut bytes)?;
                let mut emit = |text: &[u8]| Ok(out.write_all(text)?);
                piece.for_each_text(&bytes, &plan, encoder, &mut guards, &mut emit)?;
            }
            Ok(())
        };
        session.write_after_reading(output, true, to_output)?;
        Ok(guarded_names + guards.count_in(&plan))
    }
}

impl PendingStore {
    /// Returns a reader of all rows, and the output that they are to be written to. `header_length`
    /// is the length of the header in the store; if it is `None`, all rows are still `in_memory`.
    fn open(
        self,
        in_memory: Vec<u8>,
        header_length: Option<usize>,
        reopen: impl FnOnce() -> anyhow::Result<Box<dyn AtomicFile>>,
    ) -> anyhow::Result<(Box<dyn Read>, OutputChoice)> {
        match (self, header_length) {
            (Self::Output(file), None) => Ok((Box::new(io::Cursor::new(in_memory)), Some(file))),
            (Self::Temporary(_, file), None) => Ok((Box::new(io::Cursor::new(in_memory)), file)),
            (Self::Output(mut file), Some(length)) => {
                let stored = file.reopen_for_reading()?;
                let stored = stored
                    .ok_or(io::ErrorKind::NotSeekable)
                    .map_err(io::Error::from)?;
                Ok((skip_start(stored, length)?, Some(reopen()?)))
            }
            (Self::Temporary(stored, file), Some(length)) => {
                let stored = stored.expect("rows were spilled to it");
                Ok((skip_start(stored, length)?, file))
            }
        }
    }
}

impl PendingPiece {
    /// Passes the rows of this piece, stored in `bytes`, to `emit` as text in the columns of
    /// `plan`, which includes all of their columns. Emits a few rows at a time, because empty cells
    /// of many columns make the text much larger than `bytes`.
    fn for_each_text(
        &self,
        bytes: &[u8],
        plan: &ColumnPlan,
        encoder: &RowEncoder,
        guards: &mut GuardCounts,
        emit: &mut dyn FnMut(&[u8]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut text = Vec::new();
        let mut emit_if_over = |threshold: usize, text: &mut Vec<u8>| {
            if text.len() > threshold {
                emit(text)?;
                text.clear();
            }
            anyhow::Ok(())
        };
        match self {
            Self::Text(earlier) if earlier.has_same_cells(plan) => {
                return emit(bytes);
            }
            Self::Text(earlier) => {
                let cells = plan.changes_since(earlier);
                let dialect = encoder.dialect;
                dialect.rearrange(bytes, &cells, &mut text, |text| {
                    emit_if_over(CHUNK_BYTES, text)
                })?;
            }
            Self::Rows { first_new, numbers } => {
                let (numbers, rows) = bytes.split_at(numbers * size_of::<usize>());
                let (numbers, _) = numbers.as_chunks();
                let number = |column: usize| {
                    let new_index = column.checked_sub(*first_new);
                    new_index.map_or(column, |index| usize::from_le_bytes(numbers[index]))
                };
                for_each_row(rows, |row| {
                    let cells = row.drain(..);
                    let exported = cells
                        .filter_map(|(column, cell)| Some((plan.position(number(column))?, cell)));
                    let mut exported: Vec<_> = exported.collect();
                    exported.sort_unstable_by_key(|(position, _)| *position);
                    encoder.push_cells(plan, exported.into_iter(), &mut text, guards);
                    emit_if_over(CHUNK_BYTES, &mut text)
                })?;
            }
        }
        emit_if_over(0, &mut text)
    }
}

/// Returns the start of a file with the columns of `plan`.
fn file_start(plan: &ColumnPlan, encoder: &RowEncoder, guards: &mut u64) -> Vec<u8> {
    let names = plan.header();
    let names = names.iter().map(String::as_str);
    encoder.dialect.file_start(names, guards)
}

/// Returns a reader of the content of `file` after its first `length` bytes.
fn skip_start(mut file: impl Read + Seek + 'static, length: usize) -> io::Result<Box<dyn Read>> {
    file.seek(SeekFrom::Start(length as u64))?;
    Ok(Box::new(BufReader::new(file)))
}
