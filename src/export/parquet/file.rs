//! A file that is written one row group at a time.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context as _;
use parquet::file::writer::SerializedFileWriter;

use super::row_group::EncodedRowGroup;
use super::schema::ParquetSchema;
use crate::export::buffer::SharedBuffer;

/// A Parquet file that is written one row group at a time.
pub(super) struct ParquetFile {
    writer: SerializedFileWriter<SharedBuffer>,
    /// Buffer that `writer` writes to; it is drained to the output.
    buffer: SharedBuffer,
}

impl ParquetFile {
    /// Starts a file without rows.
    pub(super) fn new(schema: &ParquetSchema) -> anyhow::Result<Self> {
        let buffer = SharedBuffer::default();
        let properties = Arc::clone(&schema.properties);
        let writer = SerializedFileWriter::new(buffer.clone(), schema.root(), properties)?;
        Ok(Self { writer, buffer })
    }

    /// Writes a row group.
    pub(super) fn push(
        &mut self,
        group: EncodedRowGroup,
        out: &mut dyn Write,
    ) -> anyhow::Result<()> {
        let mut row_group = self.writer.next_row_group()?;
        for (bytes, end) in group.0 {
            row_group.append_column(&bytes, end)?;
        }
        row_group.close()?;
        Ok(self.buffer.drain_to(out)?)
    }

    /// Writes the file footer.
    pub(super) fn finish(mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        self.writer.finish().context("Parquet")?;
        drop(self.writer);
        Ok(self.buffer.drain_to(out)?)
    }
}
