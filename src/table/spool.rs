//! Holds rows until the whole input has been read, because only then are all columns known. A small
//! number of rows stays in memory; more go to a temporary file. They can be read back in order, any
//! number of times, by one thread or several.

use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::sync::Arc;

use super::column::{Column, Columns, output_positions};
use super::record_store::RecordStore;
use super::row::{Cell, Rows, first_row_length, for_each_row};
use crate::host::{Scratch, ScratchFile, Workers};

/// Rows up to this size stay in memory; more go to a file.
const IN_MEMORY_BYTES: usize = 4 * 1024 * 1024;

/// Minimum size of a block of rows that were reordered.
const REORDERED_BYTES: usize = 256 * 1024;

/// Rows and all their columns, in the order in which they were pushed.
pub(crate) struct Spool {
    columns: Columns,
    file: BufWriter<Box<dyn ScratchFile>>,
    /// Number of blocks in `file`.
    blocks: usize,
    /// Number of rows in `file`.
    rows: u64,
}

impl Spool {
    /// Creates a spool without rows for a table with these columns.
    #[must_use]
    pub(crate) fn new(columns: Columns, scratch: &dyn Scratch) -> Self {
        Self {
            columns,
            file: BufWriter::new(scratch.create_in_memory(IN_MEMORY_BYTES)),
            blocks: 0,
            rows: 0,
        }
    }

    /// Appends rows and adds their columns. `columns` must have the fixed columns of the spool and
    /// must not start from a snapshot. Fails if the temporary file cannot be written.
    pub(crate) fn push(&mut self, columns: Columns, rows: &Rows) -> anyhow::Result<()> {
        let numbers = self.columns.merge(columns);
        if rows.is_empty() {
            return Ok(());
        }
        self.rows += rows.count();
        Ok(self.write_block(&numbers, rows.bytes())?)
    }

    /// Appends a block to the file: how many column numbers follow, the numbers, the length of the
    /// rows in bytes, and the rows.
    fn write_block(&mut self, numbers: &[usize], rows: &[u8]) -> io::Result<()> {
        self.blocks += 1;
        self.file.write_all(&numbers.len().to_le_bytes())?;
        for number in numbers {
            self.file.write_all(&number.to_le_bytes())?;
        }
        self.file.write_all(&rows.len().to_le_bytes())?;
        self.file.write_all(rows)
    }

    /// Number of rows so far.
    #[must_use]
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// Replaces the rows by those with the indices `order`, in this order.
    pub(crate) fn reorder(&mut self, order: &[usize], scratch: &dyn Scratch) -> anyhow::Result<()> {
        let mut records = RecordStore::new(scratch);
        let (blocks, cell_map) = self.rewind(&[])?;
        let mut record = Rows::default();
        for block in blocks {
            let block = block?;
            for_each_row(&block.rows, |row| {
                record.clear();
                for (column, cell) in row.drain(..) {
                    record.push(cell_map.column_number(&block, column), &cell);
                }
                record.end_row();
                records.push(record.bytes())
            })?;
        }
        let columns = 0..self.columns.count();
        let numbers: Vec<usize> = columns
            .filter(|number| self.columns.extra_index(*number).is_some())
            .collect();
        // The numbers are written with each block.
        let block_bytes = REORDERED_BYTES.max(size_of_val(&*numbers));
        *self = Self::new(std::mem::take(&mut self.columns), scratch);
        let mut block = Vec::new();
        for index in order {
            block.extend_from_slice(records.read(*index)?);
            if block.len() >= block_bytes {
                self.write_block(&numbers, &block)?;
                block.clear();
            }
        }
        if !block.is_empty() {
            self.write_block(&numbers, &block)?;
        }
        self.rows = order.len() as u64;
        Ok(())
    }

    /// All columns so far.
    #[must_use]
    pub(crate) fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Calls `visit` with each row, as one optional cell per column of `order`. Stops at the first
    /// error.
    pub(crate) fn for_each(
        &mut self,
        order: &[Column],
        mut visit: impl FnMut(&[Option<Cell>]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let (blocks, cell_map) = self.rewind(order)?;
        for block in blocks {
            SpoolPiece::from(block?).for_each(&cell_map, &mut visit)?;
        }
        Ok(())
    }

    /// Splits the rows into portions of `size`, runs `process` on them on `workers`, and passes the
    /// results to `sink` in row order. Stops at the first error.
    pub(crate) fn for_each_portion<T: Send>(
        &mut self,
        order: &[Column],
        size: PortionSize,
        workers: impl Workers,
        process: impl Fn(Portion) -> anyhow::Result<T> + Sync,
        mut sink: impl FnMut(T) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        // Workers beyond the number of blocks would be idle.
        let workers = workers.at_most(self.blocks);
        let (blocks, cell_map) = self.rewind(order)?;
        let portions = PortionReader {
            blocks,
            rest: None,
            rows: 0,
            size,
            cell_map: &cell_map,
        };
        let process = |portion: anyhow::Result<_>| process(portion?);
        workers.run_in_order(portions, process, |result| sink(result?))
    }

    /// Starts reading from the first block, with one cell per column of `order`.
    fn rewind(&mut self, order: &[Column]) -> anyhow::Result<(BlockReader<'_>, CellMap<'_>)> {
        self.file.seek(SeekFrom::Start(0))?;
        let cell_map = CellMap {
            positions: output_positions(order, self.columns.count()),
            columns: &self.columns,
            cell_count: order.len(),
        };
        let file = BufReader::new(self.file.get_mut());
        Ok((BlockReader(Some(file)), cell_map))
    }
}

/// Above this many columns, keeping a result with one entry per column for every portion takes too
/// much memory.
pub(crate) const MANY_COLUMNS: usize = 1_000;

/// Size of a portion of rows that one thread processes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PortionSize {
    /// A portion is complete once it has this many bytes: the texts of its values, a fixed overhead
    /// per value, and `overhead_per_row`.
    pub(crate) bytes: usize,
    /// Bytes that each row counts in addition to its values.
    pub(crate) overhead_per_row: usize,
    /// Maximum number of rows.
    pub(crate) rows: usize,
}

/// Bytes that each value counts in addition to its text.
const VALUE_BYTES: usize = 8;

/// Limit on the memory that a portion retains, as a multiple of its size. Blocks are retained
/// whole, including column numbers and the values of columns that are not read.
const RETAINED_PER_BYTE: usize = 4;

/// Maps the columns of a block to the cells of a row.
struct CellMap<'s> {
    columns: &'s Columns,
    /// Maps a column number to its cell index.
    positions: Vec<Option<usize>>,
    /// Number of cells per row.
    cell_count: usize,
}

impl CellMap<'_> {
    /// The number in the spool of column number `column` of `block`.
    fn column_number(&self, block: &RowBlock, column: usize) -> usize {
        let extra_index = self.columns.extra_index(column);
        extra_index.map_or(column, |index| block.numbers[index])
    }

    /// Index of the cell for column number `column` of `block`, or `None` if it is not read.
    fn cell_index(&self, block: &RowBlock, column: usize) -> Option<usize> {
        self.positions[self.column_number(block, column)]
    }
}

/// Consecutive rows, from one or several blocks.
pub(crate) struct Portion<'s> {
    /// Index of the first row in the spool.
    pub(crate) first_row: u64,
    pieces: Vec<SpoolPiece>,
    cell_map: &'s CellMap<'s>,
}

impl Portion<'_> {
    /// Calls `visit` with each row, as one optional cell per requested column. Stops at the first
    /// error.
    pub(crate) fn for_each(
        self,
        mut visit: impl FnMut(&[Option<Cell>]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut pieces = self.pieces.into_iter();
        pieces.try_for_each(|piece| piece.for_each(self.cell_map, &mut visit))
    }
}

/// Rows that were pushed together.
struct RowBlock {
    /// For each extra column of the block, its column number in the spool.
    numbers: Vec<usize>,
    /// The rows, encoded by [`Rows`].
    rows: Vec<u8>,
}

/// Consecutive rows of one block.
struct SpoolPiece {
    block: Arc<RowBlock>,
    /// The range of these rows in the block's `rows`.
    bytes: Range<usize>,
}

impl From<RowBlock> for SpoolPiece {
    /// Contains all rows of the block.
    fn from(block: RowBlock) -> Self {
        Self {
            bytes: 0..block.rows.len(),
            block: Arc::new(block),
        }
    }
}

/// Remaining capacity of a portion.
struct PortionBudget {
    bytes: usize,
    rows: usize,
    /// Bytes of memory, counting whole blocks.
    retained: usize,
}

impl PortionBudget {
    /// True if another row may be added.
    fn has_room(&self) -> bool {
        self.bytes > 0 && self.rows > 0 && self.retained > 0
    }
}

impl SpoolPiece {
    /// Calls `visit` with each row, as one optional cell per requested column. Stops at the first
    /// error.
    fn for_each(
        self,
        cell_map: &CellMap,
        visit: &mut impl FnMut(&[Option<Cell>]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let mut cells = vec![None; cell_map.cell_count];
        for_each_row(&self.block.rows[self.bytes], |row| {
            cells.fill(None);
            for (column, cell) in row.drain(..) {
                if let Some(index) = cell_map.cell_index(&self.block, column) {
                    cells[index] = Some(cell);
                }
            }
            visit(&cells)
        })
    }

    /// Splits off the first rows, as many as the budget allows, and subtracts them from it.
    fn split_front(
        &mut self,
        cell_map: &CellMap,
        size: PortionSize,
        budget: &mut PortionBudget,
    ) -> Self {
        let RowBlock { numbers, rows } = &*self.block;
        budget.retained = budget
            .retained
            .saturating_sub(rows.len() + size_of_val(&**numbers));
        let start = self.bytes.start;
        while budget.bytes > 0 && budget.rows > 0 && !self.bytes.is_empty() {
            let mut bytes = size.overhead_per_row.max(1);
            self.bytes.start += first_row_length(&rows[self.bytes.clone()], |column, length| {
                if cell_map.cell_index(&self.block, column).is_some() {
                    bytes += VALUE_BYTES + length;
                }
            });
            budget.bytes = budget.bytes.saturating_sub(bytes);
            budget.rows -= 1;
        }
        Self {
            block: Arc::clone(&self.block),
            bytes: start..self.bytes.start,
        }
    }
}

/// Iterator over the blocks of a spool. Ends after the first block that cannot be read.
struct BlockReader<'s>(Option<BufReader<&'s mut Box<dyn ScratchFile>>>);

impl Iterator for BlockReader<'_> {
    type Item = anyhow::Result<RowBlock>;

    fn next(&mut self) -> Option<Self::Item> {
        let block = read_block(self.0.as_mut()?).map_err(Into::into);
        if block.is_err() {
            self.0 = None;
        }
        block.transpose()
    }
}

/// Iterator that regroups the rows of all blocks into portions.
struct PortionReader<'s> {
    blocks: BlockReader<'s>,
    /// The remaining rows of the last block that was read.
    rest: Option<SpoolPiece>,
    /// Number of rows in the portions so far.
    rows: u64,
    size: PortionSize,
    cell_map: &'s CellMap<'s>,
}

impl<'s> Iterator for PortionReader<'s> {
    type Item = anyhow::Result<Portion<'s>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut budget = PortionBudget {
            bytes: self.size.bytes,
            rows: self.size.rows,
            retained: self.size.bytes * RETAINED_PER_BYTE,
        };
        let mut pieces: Vec<SpoolPiece> = Vec::new();
        while budget.has_room() {
            let mut piece = match self.rest.take() {
                Some(rest) => rest,
                None => match self.blocks.next() {
                    Some(Ok(block)) => SpoolPiece::from(block),
                    Some(Err(error)) => return Some(Err(error)),
                    None => break,
                },
            };
            pieces.push(piece.split_front(self.cell_map, self.size, &mut budget));
            self.rest = Some(piece).filter(|rest| !rest.bytes.is_empty());
        }
        let first_row = self.rows;
        self.rows += (self.size.rows - budget.rows) as u64;
        let portion = Portion {
            first_row,
            pieces,
            cell_map: self.cell_map,
        };
        (!portion.pieces.is_empty()).then_some(Ok(portion))
    }
}

/// Reads a block that [`Spool::write_block`] wrote; `None` at the end of the file.
fn read_block(file: &mut impl Read) -> io::Result<Option<RowBlock>> {
    let Some(count) = read_number(file)? else {
        return Ok(None);
    };
    let truncated = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let numbers = (0..count)
        .map(|_| read_number(file)?.ok_or_else(truncated))
        .collect::<io::Result<Vec<usize>>>()?;
    let length = read_number(file)?.ok_or_else(truncated)?;
    let mut rows = vec![0; length];
    file.read_exact(&mut rows)?;
    Ok(Some(RowBlock { numbers, rows }))
}

/// Reads a number of a block; `None` at the end of the file.
fn read_number(file: &mut impl Read) -> io::Result<Option<usize>> {
    let mut bytes = [0; size_of::<usize>()];
    match file.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(usize::from_le_bytes(bytes))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(all(test, feature = "cli"))]
mod tests {
    use super::*;
    use crate::host::InMemory;
    use crate::run::pipeline::Threads;
    use crate::table::turns;

    /// Spools the numbers 0 to 99 in blocks of `pushed` rows. Returns the numbers of each portion.
    fn collect_portions(pushed: usize, size: PortionSize, threads: usize) -> Vec<Vec<String>> {
        let columns = || Columns::with_fixed(turns::COLUMNS);
        let mut spool = Spool::new(columns(), &InMemory);
        let all: Vec<i128> = (0..100).collect();
        for numbers in all.chunks(pushed) {
            let mut rows = Rows::default();
            for number in numbers {
                // The second column is not read.
                let unread = Cell::text("x".repeat(1000 * (pushed % 3)));
                rows.push_row([Some(Cell::number(*number)), Some(unread)]);
            }
            spool.push(columns(), &rows).expect("a disk with room");
            spool.push(columns(), &Rows::default()).expect("nothing");
        }
        let order = &columns().in_output_order()[..1];
        let numbers = |portion: Portion| {
            let mut numbers = Vec::new();
            portion.for_each(|cells| {
                numbers.extend(cells.iter().flatten().map(|cell| cell.text.to_string()));
                Ok(())
            })?;
            Ok(numbers)
        };
        let mut all = Vec::new();
        let result = spool.for_each_portion(order, size, Threads(threads), numbers, |numbers| {
            all.push(numbers);
            Ok(())
        });
        assert!(result.is_ok());
        all
    }

    #[test]
    fn portions_do_not_depend_on_blocks_or_threads() {
        let size = |bytes, row_bytes, rows| PortionSize {
            bytes,
            overhead_per_row: row_bytes,
            rows,
        };
        for (size, rows) in [
            (size(200_000, 0, 7), 7),
            (size(200_000, 20_000, 100), 10),
            (size(1_000_000, 1, 100), 100),
        ] {
            let expected: Vec<String> = (0..100).map(|number| number.to_string()).collect();
            let expected: Vec<_> = expected.chunks(rows).map(<[String]>::to_vec).collect();
            for pushed in [1, 3, 14, 100] {
                for threads in [1, 3] {
                    assert_eq!(
                        collect_portions(pushed, size, threads),
                        expected,
                        "{pushed}"
                    );
                }
            }
        }
    }
}
