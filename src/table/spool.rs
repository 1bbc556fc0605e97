//! Rows that wait until the whole input has been read, because only then all columns are known. Few wait in memory, many in a temporary
//! file; reading them back gives them in order, any number of times.

use std::io::{self, BufReader, BufWriter, Read, Seek, SeekFrom, Write};

use anyhow::Context as _;
use tempfile::SpooledTempFile;

use super::column::{Column, Columns, places};
use super::row::{Cell, Rows};

/// Rows up to this many bytes wait in memory.
const IN_MEMORY_BYTES: usize = 4 * 1024 * 1024;

/// Waiting rows and all their columns.
pub struct Spool {
    columns: Columns,
    file: BufWriter<SpooledTempFile>,
}

impl Spool {
    /// No rows yet, in a table that has these columns.
    #[must_use]
    pub fn new(columns: Columns) -> Self {
        Self {
            columns,
            file: BufWriter::new(SpooledTempFile::new(IN_MEMORY_BYTES)),
        }
    }

    /// Takes rows in, behind those that wait already, with the columns that they brought.
    pub fn push(&mut self, columns: Columns, rows: &Rows) -> anyhow::Result<()> {
        let numbers = self.columns.merge(columns);
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
        self.file
            .seek(SeekFrom::Start(0))
            .context("temporary file")?;
        let places = places(order, self.columns.count());
        let mut file = BufReader::new(self.file.get_mut());
        while let Some((numbers, rows)) = read_block(&mut file).context("temporary file")? {
            let mut cells = vec![None; order.len()];
            rows.for_each(|row| {
                cells.fill(None);
                for (column, cell) in row.drain(..) {
                    let number = self
                        .columns
                        .place_of_extra(column)
                        .map_or(column, |extra| numbers[extra]);
                    if let Some(place) = places[number] {
                        cells[place] = Some(cell);
                    }
                }
                each(&cells)
            })?;
        }
        Ok(())
    }
}

/// The rows that were pushed together, with the numbers of their extra columns.
fn read_block(file: &mut impl Read) -> io::Result<Option<(Vec<usize>, Rows)>> {
    let Some(count) = read_number(file)? else {
        return Ok(None);
    };
    let cut = || io::Error::from(io::ErrorKind::UnexpectedEof);
    let numbers = (0..count)
        .map(|_| read_number(file)?.ok_or_else(cut))
        .collect::<io::Result<Vec<usize>>>()?;
    let length = read_number(file)?.ok_or_else(cut)?;
    let mut bytes = vec![0; length];
    file.read_exact(&mut bytes)?;
    Ok(Some((numbers, Rows::from_bytes(bytes))))
}

fn read_number(file: &mut impl Read) -> io::Result<Option<usize>> {
    let mut bytes = [0; size_of::<usize>()];
    match file.read_exact(&mut bytes) {
        Ok(()) => Ok(Some(usize::from_le_bytes(bytes))),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(None),
        Err(error) => Err(error),
    }
}
