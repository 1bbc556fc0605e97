//! Parquet files: typed columns for `DuckDB`, Spark, pandas and similar tools. Rows are written in
//! row groups of bounded size, so that memory does not grow with the number of rows.
//!
//! Whole numbers are INT64, other numbers DOUBLE, booleans BOOLEAN, times TIMESTAMP in UTC
//! microseconds, provided that every value of the column fits exactly. Any other column is STRING:
//! text verbatim, other values as JSON, as in CSV.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context as _;
use bytes::Bytes;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::column::writer::{ColumnCloseResult, ColumnWriterImpl};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite};
use parquet::schema::types::{ColumnDescPtr, SchemaDescPtr, SchemaDescriptor, Type};

use super::buffer::SharedBuffer;
use super::tables::ExportTable;
use crate::host::Workers;
use crate::json::exact_number::Number;
use crate::table::column::{Column, ColumnType};
use crate::table::row::Cell;
use crate::table::spool::{MANY_COLUMNS, Portion, PortionSize};
use crate::table::survey::{ColumnContents, Survey};
use crate::time::timestamp::Timestamp;

/// Writes the table as Parquet, encoded by `workers`.
pub(crate) fn write_table(
    table: &mut ExportTable,
    workers: impl Workers,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let ExportTable { columns, spool, .. } = table;
    let survey = Survey::run(spool, columns, workers)?;
    // Each thread holds the values of a whole row group in memory.
    let max_workers = if columns.len() > MANY_COLUMNS { 1 } else { 8 };
    let size = group_size(columns.len());
    let schema = ParquetSchema::new(columns, &survey)?;
    let mut file = schema.start_file()?;
    let group_of = |portion: Portion| {
        let mut group = schema.start_row_group();
        portion.for_each(|cells| {
            group.push(cells);
            Ok(())
        })?;
        group.encode()
    };
    spool.for_each_portion(
        columns,
        size,
        workers.at_most(max_workers),
        group_of,
        |group| file.push(group, out),
    )?;
    file.finish(out)
}

/// Size of one row group of a table with this many columns. It is large enough to be read fast, and
/// small enough that several groups can be encoded at once.
///
/// An empty cell takes two bytes until it is encoded. It counts as a quarter of a byte here,
/// because the file footer describes each column of each group and outweighs empty cells: with many
/// columns, a few large groups take less space than many small ones.
#[must_use]
pub(crate) fn group_size(columns: usize) -> PortionSize {
    PortionSize {
        bytes: 8 * 1024 * 1024,
        overhead_per_row: columns / 4,
        rows: 122_880,
    }
}

/// Type of the values in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ParquetType {
    Integer,
    Double,
    Boolean,
    Time,
    Text,
}

impl ParquetType {
    /// Selects the type that represents every value of the column exactly.
    fn of(column_type: ColumnType, contents: &ColumnContents) -> Self {
        let filled = contents.non_empty_cells();
        match column_type {
            ColumnType::Integer | ColumnType::Seconds if contents.integers == filled => {
                Self::Integer
            }
            // Shares of 0 and 1 are written as integers.
            ColumnType::Share => Self::Double,
            ColumnType::Time if contents.times == filled => Self::Time,
            _ if contents.texts == filled => Self::Text,
            _ if contents.booleans == filled => Self::Boolean,
            _ if contents.integers == filled => Self::Integer,
            _ if contents.exact_doubles == filled => Self::Double,
            _ => Self::Text,
        }
    }

    /// The column `name` in the schema of the file. Every column is optional.
    fn schema_column(self, name: &str) -> Result<Type, ParquetError> {
        let (physical, logical) = match self {
            Self::Integer => (Physical::INT64, None),
            Self::Double => (Physical::DOUBLE, None),
            Self::Boolean => (Physical::BOOLEAN, None),
            Self::Time => {
                let utc = LogicalType::timestamp(true, TimeUnit::MICROS);
                (Physical::INT64, Some(utc))
            }
            Self::Text => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
    }
}

/// Panic message if a cell is not of the type that the survey found for its column.
const SURVEYED: &str = "the survey saw that every value is one";

/// The values of one column in one row group.
struct ColumnChunk {
    column_type: ParquetType,
    /// Definition level of each row: 1 if it has a value, 0 if not.
    levels: Vec<i16>,
    integers: Vec<i64>,
    doubles: Vec<f64>,
    booleans: Vec<bool>,
    /// All texts, concatenated.
    texts: Vec<u8>,
    /// End of each text in `texts`.
    ends: Vec<usize>,
}

impl ColumnChunk {
    fn new(column_type: ParquetType) -> Self {
        Self {
            column_type,
            levels: Vec::new(),
            integers: Vec::new(),
            doubles: Vec::new(),
            booleans: Vec::new(),
            texts: Vec::new(),
            ends: Vec::new(),
        }
    }

    fn push(&mut self, cell: Option<&Cell>) {
        let Some(cell) = cell else {
            self.levels.push(0);
            return;
        };
        self.levels.push(1);
        let text = cell.text.as_ref();
        match self.column_type {
            ParquetType::Integer => match Number::parse(text) {
                Number::Integer(integer) => self.integers.push(integer),
                number => unreachable!("{SURVEYED}: {number:?}"),
            },
            ParquetType::Double => self.doubles.push(text.parse().expect(SURVEYED)),
            ParquetType::Boolean => self.booleans.push(text == "true"),
            ParquetType::Time => {
                let time = Timestamp::read(text).expect(SURVEYED);
                self.integers.push(time.time.timestamp_micros());
            }
            ParquetType::Text => self.push_text(text.as_bytes()),
        }
    }

    fn push_text(&mut self, text: &[u8]) {
        self.texts.extend_from_slice(text);
        self.ends.push(self.texts.len());
    }

    /// Encodes the values as they are stored in the file.
    fn encode(
        self,
        column: ColumnDescPtr,
        properties: WriterPropertiesPtr,
    ) -> Result<EncodedChunk, ParquetError> {
        let encoder = ChunkEncoder {
            column,
            properties,
            levels: self.levels,
        };
        match self.column_type {
            ParquetType::Integer | ParquetType::Time => {
                encoder.encode_values::<Int64Type>(&self.integers)
            }
            ParquetType::Double => encoder.encode_values::<DoubleType>(&self.doubles),
            ParquetType::Boolean => encoder.encode_values::<BoolType>(&self.booleans),
            ParquetType::Text => {
                let bytes = Bytes::from(self.texts);
                let mut start = 0;
                let texts = self.ends.into_iter().map(|end| {
                    let text = bytes.slice(start..end);
                    start = end;
                    ByteArray::from(text)
                });
                encoder.encode_values::<ByteArrayType>(&texts.collect::<Vec<_>>())
            }
        }
    }
}

/// The encoded values of one column in one row group, and their metadata for the file footer.
type EncodedChunk = (Bytes, ColumnCloseResult);

/// Encodes the values of one column in one row group.
struct ChunkEncoder {
    column: ColumnDescPtr,
    properties: WriterPropertiesPtr,
    levels: Vec<i16>,
}

impl ChunkEncoder {
    /// Encodes `values`, those of the rows with definition level 1.
    fn encode_values<T: DataType>(self, values: &[T::T]) -> Result<EncodedChunk, ParquetError> {
        let mut bytes = TrackedWrite::new(Vec::new());
        let pages = Box::new(SerializedPageWriter::new(&mut bytes));
        let mut writer = ColumnWriterImpl::<T>::new(self.column, self.properties, pages);
        writer.write_batch(values, Some(&self.levels), None)?;
        let end = writer.close()?;
        Ok((bytes.into_inner()?.into(), end))
    }
}

/// Schema and writer properties of a file, shared by its row groups.
pub(crate) struct ParquetSchema {
    types: Vec<ParquetType>,
    schema: SchemaDescPtr,
    properties: WriterPropertiesPtr,
}

impl ParquetSchema {
    /// Creates the schema of these columns. `survey` decides their types.
    pub(crate) fn new(columns: &[Column], survey: &Survey) -> anyhow::Result<Self> {
        let types = columns.iter().zip(&survey.columns);
        let types = types.map(|(column, contents)| ParquetType::of(column.column_type, contents));
        let types: Vec<_> = types.collect();
        let fields = columns.iter().zip(&types);
        let fields = fields
            .map(|(column, column_type)| column_type.schema_column(&column.name).map(Arc::new))
            .collect::<Result<_, _>>()?;
        let schema = Type::group_type_builder("calls")
            .with_fields(fields)
            .build()?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("postcall {}", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self {
            types,
            schema: Arc::new(SchemaDescriptor::new(Arc::new(schema))),
            properties: Arc::new(properties),
        })
    }

    /// Starts a file without rows.
    pub(crate) fn start_file(&self) -> anyhow::Result<ParquetFile> {
        let buffer = SharedBuffer::default();
        let schema = self.schema.root_schema_ptr();
        let writer =
            SerializedFileWriter::new(buffer.clone(), schema, Arc::clone(&self.properties))?;
        Ok(ParquetFile { writer, buffer })
    }

    /// Starts a row group without rows.
    #[must_use]
    pub(crate) fn start_row_group(&self) -> RowGroup<'_> {
        RowGroup {
            schema: self,
            chunks: self.types.iter().copied().map(ColumnChunk::new).collect(),
        }
    }
}

/// Rows that are stored together in a file.
pub(crate) struct RowGroup<'t> {
    schema: &'t ParquetSchema,
    chunks: Vec<ColumnChunk>,
}

impl RowGroup<'_> {
    /// Adds a row with one cell per column.
    pub(crate) fn push(&mut self, cells: &[Option<Cell>]) {
        for (chunk, cell) in self.chunks.iter_mut().zip(cells) {
            chunk.push(cell.as_ref());
        }
    }

    /// Encodes the rows as they are stored in a file.
    pub(crate) fn encode(self) -> anyhow::Result<EncodedRowGroup> {
        let Self { schema, chunks } = self;
        let chunks = chunks.into_iter().enumerate().map(|(index, chunk)| {
            chunk.encode(schema.schema.column(index), Arc::clone(&schema.properties))
        });
        Ok(EncodedRowGroup(chunks.collect::<Result<_, _>>()?))
    }
}

/// A row group in encoded form.
pub(crate) struct EncodedRowGroup(Vec<EncodedChunk>);

/// A Parquet file that is written one row group at a time.
pub(crate) struct ParquetFile {
    writer: SerializedFileWriter<SharedBuffer>,
    /// Buffer that `writer` writes to; it is drained to the output.
    buffer: SharedBuffer,
}

impl ParquetFile {
    /// Writes a row group.
    pub(crate) fn push(
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
    pub(crate) fn finish(mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        self.writer.finish().context("Parquet")?;
        drop(self.writer);
        Ok(self.buffer.drain_to(out)?)
    }
}
