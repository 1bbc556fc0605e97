//! Rows that wait until the whole input has been read, because only then all columns are known. Few wait in memory, many in a temporary
//! file; reading them back gives them in order, any number of times, by one thread or by several.

use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::ops::Range;
use std::sync::Arc;

use anyhow::Context as _;
use tempfile::SpooledTempFile;

use super::column::{Column, Columns, places};
use super::row::{Cell, Rows, first_rows, for_each_row};
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
            bytes: size.bytes,
            rows: (size.cells / order.len().max(1)).clamp(1, size.rows),
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
        Ok((Blocks(BufReader::new(self.file.get_mut())), table))
    }
}

/// How much is handed on together.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// About so many bytes of rows, in their compact form…
    pub bytes: usize,
    /// …of no more rows than that…
    pub rows: usize,
    /// …with no more cells, empty ones included; but a row always.
    pub cells: usize,
}

/// Which cell of a row a value of a column is.
struct Table<'s> {
    columns: &'s Columns,
    /// For each column's number.
    places: Vec<Option<usize>>,
    /// How many a row has.
    cells: usize,
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
                    let extra = table.columns.place_of_extra(column);
                    let number = extra.map_or(column, |extra| block.numbers[extra]);
                    if let Some(place) = table.places[number] {
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

impl Piece {
    /// Takes the first rows off, at most so many; how many those are.
    fn split(&mut self, most: usize) -> (Self, usize) {
        let (length, rows) = first_rows(&self.block.rows[self.bytes.clone()], most);
        let first = Self {
            block: Arc::clone(&self.block),
            bytes: self.bytes.start..self.bytes.start + length,
        };
        self.bytes.start = first.bytes.end;
        (first, rows)
    }
}

/// The blocks of a spool, one after another.
struct Blocks<'s>(BufReader<&'s mut SpooledTempFile>);

impl Iterator for Blocks<'_> {
    type Item = anyhow::Result<Block>;

    fn next(&mut self) -> Option<Self::Item> {
        read_block(&mut self.0)
            .context("temporary file")
            .transpose()
    }
}

/// Rows of the blocks, in portions.
struct Portions<'s> {
    blocks: Blocks<'s>,
    /// What is left of the block that was read last.
    rest: Option<Piece>,
    /// A portion has so many bytes, if there are…
    bytes: usize,
    /// …and not more rows than that.
    rows: usize,
}

impl Iterator for Portions<'_> {
    type Item = anyhow::Result<Vec<Piece>>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut pieces: Vec<Piece> = Vec::new();
        let (mut bytes, mut rows) = (0, 0);
        while bytes < self.bytes && rows < self.rows {
            let mut block = match self.rest.take() {
                Some(rest) => rest,
                None => match self.blocks.next() {
                    Some(Ok(block)) => Piece::from(block),
                    Some(Err(error)) => return Some(Err(error)),
                    None => break,
                },
            };
            let (first, count) = block.split(self.rows - rows);
            self.rest = Some(block).filter(|rest| !rest.bytes.is_empty());
            bytes += first.bytes.len();
            rows += count;
            pieces.push(first);
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
