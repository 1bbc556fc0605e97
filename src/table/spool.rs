//! Rows that wait until the whole input has been read, because only then all columns are known. Few wait in memory, many in a temporary
//! file; reading them back gives them in order, any number of times, by one thread or by several.

use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::sync::Arc;

use anyhow::Context as _;
use tempfile::SpooledTempFile;

use super::column::{Column, Columns, places};
use super::row::{Cell, Rows, first_row, for_each_row};
use crate::pipeline;

/// Rows up to this many bytes wait in memory.
const IN_MEMORY_BYTES: usize = 4 * 1024 * 1024;

/// Waiting rows and all their columns.
pub struct Spool {
    columns: Columns,
    file: BufWriter<SpooledTempFile>,
    /// How often rows were taken in.
    blocks: usize,
}

impl Spool {
    /// No rows yet, in a table that has these columns.
    #[must_use]
    pub fn new(columns: Columns) -> Self {
        Self {
            columns,
            file: BufWriter::new(SpooledTempFile::new(IN_MEMORY_BYTES)),
            blocks: 0,
        }
    }

    /// Takes rows in, behind those that wait already, with the columns that they brought.
    pub fn push(&mut self, columns: Columns, rows: &Rows) -> anyhow::Result<()> {
        let numbers = self.columns.merge(columns);
        if rows.is_empty() {
            return Ok(());
        }
        self.blocks += 1;
        self.write(&numbers, rows.bytes())
            .with_context(|| format!("temporary file in {}", std::env::temp_dir().display()))
    }

    fn write(&mut self, numbers: &[usize], rows: &[u8]) -> io::Result<()> {
        self.file.write_all(&numbers.len().to_le_bytes())?;
        for number in numbers {
            self.file.write_all(&number.to_le_bytes())?;
        }
        self.file.write_all(&rows.len().to_le_bytes())?;
        self.file.write_all(rows)
    }

    /// All columns so far.
    #[must_use]
    pub fn columns(&self) -> &Columns {
        &self.columns
    }

    /// Gives each waiting row to `each`, as one optional cell for each of the columns `order`.
    pub fn for_each(
        &mut self,
        order: &[Column],
        mut each: impl FnMut(&[Option<Cell>]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let (blocks, table) = self.read(order)?;
        for block in blocks {
            let portion = Portion {
                pieces: vec![Piece::from(block?)],
                table: &table,
            };
            portion.for_each(&mut each)?;
        }
        Ok(())
    }

    /// Lets `work` make something of the waiting rows, in so many threads, a portion of this size at a time, and gives it to `sink`, in the rows' order.
    pub fn for_each_portion<T: Send>(
        &mut self,
        order: &[Column],
        size: Size,
        threads: usize,
        work: impl Fn(Portion) -> anyhow::Result<T> + Sync,
        mut sink: impl FnMut(T) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        // One block is no work for many.
        let threads = threads.min(self.blocks);
        let (blocks, table) = self.read(order)?;
        let portions = Portions {
            blocks,
            rest: None,
            size,
            table: &table,
        };
        let work = |pieces: anyhow::Result<_>| {
            work(Portion {
                pieces: pieces?,
                table: &table,
            })
        };
        pipeline::in_order(threads, portions, work, |made| sink(made?))
    }

    /// Reads from the beginning, for cells in the columns `order`.
    fn read(&mut self, order: &[Column]) -> anyhow::Result<(Blocks<'_>, Table<'_>)> {
        self.file
            .seek(SeekFrom::Start(0))
            .context("temporary file")?;
        let table = Table {
            places: places(order, self.columns.count()),
            columns: &self.columns,
            cells: order.len(),
        };
        let file = BufReader::new(self.file.get_mut());
        Ok((Blocks(Some(file)), table))
    }
}

/// Of more columns, what portions of rows become is too much to be kept for each of them.
pub const MANY_COLUMNS: usize = 1_000;

/// How much is handed on together.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// So many bytes, as soon as there are: those of the values, and some for each of them…
    pub bytes: usize,
    /// …and so many for each row, whatever is in it.
    pub row_bytes: usize,
    /// But no more rows than that.
    pub rows: usize,
}

/// What a value takes besides its text.
const VALUE_BYTES: usize = 8;

/// So many times its own bytes a portion keeps in memory at most, because blocks are kept whole: also what is not asked for, and numbers of columns.
const KEPT_PER_BYTE: usize = 4;

/// Which cell of a row a value of a column is.
struct Table<'s> {
    columns: &'s Columns,
    /// For each column's number.
    places: Vec<Option<usize>>,
    /// How many a row has.
    cells: usize,
}

impl Table<'_> {
    /// The place of the cell that a row of `block` has for this column.
    fn place(&self, block: &Block, column: usize) -> Option<usize> {
        let extra = self.columns.place_of_extra(column);
        self.places[extra.map_or(column, |extra| block.numbers[extra])]
    }
}

/// Rows that follow each other.
pub struct Portion<'s> {
    pieces: Vec<Piece>,
    table: &'s Table<'s>,
}

impl Portion<'_> {
    /// Gives each row to `each`, as one optional cell for each column.
    pub fn for_each(
        self,
        mut each: impl FnMut(&[Option<Cell>]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let Self { pieces, table } = self;
        for Piece { block, bytes } in pieces {
            let mut cells = vec![None; table.cells];
            for_each_row(&block.rows[bytes], |row| {
                cells.fill(None);
                for (column, cell) in row.drain(..) {
                    if let Some(place) = table.place(&block, column) {
                        cells[place] = Some(cell);
                    }
                }
                each(&cells)
            })?;
        }
        Ok(())
    }
}

/// Rows that were pushed together, with the numbers of their extra columns.
struct Block {
    numbers: Vec<usize>,
    rows: Vec<u8>,
}

/// Some of the rows of a block.
struct Piece {
    block: Arc<Block>,
    bytes: Range<usize>,
}

impl From<Block> for Piece {
    /// All of them.
    fn from(block: Block) -> Self {
        Self {
            bytes: 0..block.rows.len(),
            block: Arc::new(block),
        }
    }
}

/// What a portion may still take.
struct Room {
    bytes: usize,
    rows: usize,
    /// Of memory.
    kept: usize,
}

impl Room {
    fn is_left(&self) -> bool {
        self.bytes > 0 && self.rows > 0 && self.kept > 0
    }
}

impl Piece {
    /// Takes the first rows off, as far as there is room for them.
    fn split(&mut self, table: &Table, size: Size, room: &mut Room) -> Self {
        let Block { numbers, rows } = &*self.block;
        room.kept = room
            .kept
            .saturating_sub(rows.len() + size_of_val(&**numbers));
        let start = self.bytes.start;
        while room.bytes > 0 && room.rows > 0 && !self.bytes.is_empty() {
            let mut bytes = size.row_bytes.max(1);
            self.bytes.start += first_row(&rows[self.bytes.clone()], |column, length| {
                if table.place(&self.block, column).is_some() {
                    bytes += VALUE_BYTES + length;
                }
            });
            room.bytes = room.bytes.saturating_sub(bytes);
            room.rows -= 1;
        }
        Self {
            block: Arc::clone(&self.block),
            bytes: start..self.bytes.start,
        }
    }
}

/// The blocks of a spool, one after another, until one can not be read.
struct Blocks<'s>(Option<BufReader<&'s mut SpooledTempFile>>);

impl Iterator for Blocks<'_> {
    type Item = anyhow::Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        let block = read_block(self.0.as_mut()?).context("temporary file");
        if block.is_err() {
            self.0 = None;
        }
        block.transpose()
    }
}

/// Rows of the blocks, in portions.
struct Portions<'s> {
    blocks: Blocks<'s>,
    /// What is left of the block that was read last.
    rest: Option<Piece>,
    size: Size,
    table: &'s Table<'s>,
}

impl Iterator for Portions<'_> {
    type Item = anyhow::Result<Vec<Piece>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut room = Room {
            bytes: self.size.bytes,
            rows: self.size.rows,
            kept: self.size.bytes * KEPT_PER_BYTE,
        };
        let mut pieces: Vec<Piece> = Vec::new();
        while room.is_left() {
            let mut block = match self.rest.take() {
                Some(rest) => rest,
                None => match self.blocks.next() {
                    Some(Ok(block)) => Piece::from(block),
                    Some(Err(error)) => return Some(Err(error)),
                    None => break,
                },
            };
            pieces.push(block.split(self.table, self.size, &mut room));
            self.rest = Some(block).filter(|rest| !rest.bytes.is_empty());
        }
        (!pieces.is_empty()).then_some(Ok(pieces))
    }
}

fn read_block(file: &mut impl Read) -> io::Result<Option<Block>> {
    let Some(count) = read_number(file)? else {
        return Ok(None);
    };
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let numbers = (0..count)
        .map(|_| read_number(file)?.ok_or_else(cut))
        .collect::<io::Result<Vec<usize>>>()?;
    let length = read_number(file)?.ok_or_else(cut)?;
    let mut rows = vec![0; length];
    file.read_exact(&mut rows)?;
    Ok(Some(Block { numbers, rows }))
}

fn read_number(file: &mut impl Read) -> io::Result<Option<usize>> {
    let mut bytes = [0; size_of::<usize>()];
    match file.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(usize::from_le_bytes(bytes))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::table::turns;

    /// The numbers in the rows of each portion, where so many rows were pushed together.
    fn portions(pushed: usize, size: Size, threads: usize) -> Vec<Vec<String>> {
        let columns = || Columns::fixed(turns::COLUMNS);
        let mut spool = Spool::new(columns());
        let all: Vec<i128> = (0..100).collect();
        for numbers in all.chunks(pushed) {
            let mut rows = Rows::default();
            for number in numbers {
                // The second column is not asked for.
                let unasked = Cell::text("x".repeat(1000 * (pushed % 3)));
                rows.push_row([Some(Cell::number(*number)), Some(unasked)]);
            }
            spool.push(columns(), &rows).expect("a disk with room");
            spool.push(columns(), &Rows::default()).expect("nothing");
        }
        let order = &columns().in_order()[..1];
        let numbers = |portion: Portion| {
            let mut numbers = Vec::new();
            portion.for_each(|cells| {
                numbers.extend(cells.iter().flatten().map(|cell| cell.text.to_string()));
                Ok(())
            })?;
            Ok(numbers)
        };
        let mut all = Vec::new();
        let result = spool.for_each_portion(order, size, threads, numbers, |numbers| {
            all.push(numbers);
            Ok(())
        });
        assert!(result.is_ok());
        all
    }

    #[test]
    fn portions_are_the_same_however_rows_came() {
        let size = |bytes, row_bytes, rows| Size {
            bytes,
            row_bytes,
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
                    assert_eq!(portions(pushed, size, threads), expected, "{pushed}");
                }
            }
        }
    }
}
