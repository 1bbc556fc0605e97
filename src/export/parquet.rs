//! Parquet: typed columns for `DuckDB`, Spark, pandas and their kin. Rows come in, row groups of bounded size go out, so that memory does not
//! follow their number.
//!
//! Types: whole numbers are INT64, others DOUBLE, times TIMESTAMP in UTC microseconds, all as long as every value of the column can be one
//! exactly; text is STRING. Columns of several types, lists and objects are JSON text.

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

use super::buffer::Buffer;
use crate::call::timestamp::Timestamp;
use crate::table::column::{Column, Holds};
use crate::table::number::Number;
use crate::table::row::{Cell, CellKind};
use crate::table::spool::Size;
use crate::table::survey::{Contents, Survey};

/// What goes into one row group with so many columns: enough to be read fast, and little enough that several can be made at once.
///
/// An empty cell takes two bytes until it is encoded. It counts for less here, because what the file's end tells of each column of each group is more:
/// with many columns, a few large groups take less room than many small ones.
#[must_use]
pub fn group_size(columns: usize) -> Size {
    Size {
        bytes: 8 * 1024 * 1024,
        row_bytes: columns / 4,
        rows: 122_880,
    }
}

/// What a column's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ColumnType {
    Integer,
    Double,
    Boolean,
    Time,
    Text,
    Json,
}

impl ColumnType {
    /// The kind that every value of a column can be, exactly.
    fn of(holds: Holds, contents: &Contents) -> Self {
        let filled = contents.filled();
        match holds {
            Holds::Integers | Holds::Seconds if contents.integers == filled => Self::Integer,
            Holds::Times if contents.times == filled => Self::Time,
            _ if contents.texts == filled => Self::Text,
            _ if contents.booleans == filled => Self::Boolean,
            _ if contents.integers == filled => Self::Integer,
            _ if contents.exact_doubles == filled => Self::Double,
            _ => Self::Json,
        }
    }

    fn column(self, name: &str) -> Result<Type, ParquetError> {
        let (physical, logical) = match self {
            Self::Integer => (Physical::INT64, None),
            Self::Double => (Physical::DOUBLE, None),
            Self::Boolean => (Physical::BOOLEAN, None),
            Self::Time => {
                let utc = LogicalType::timestamp(true, TimeUnit::MICROS);
                (Physical::INT64, Some(utc))
            }
            // Not the type JSON: readers refuse all of the file for one lone surrogate, which JSON of strangers may hold.
            Self::Text | Self::Json => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
        };
        Type::primitive_type_builder(name, physical)
            .with_repetition(Repetition::OPTIONAL)
            .with_logical_type(logical)
            .build()
    }
}

/// Why a cell can be read as its column's kind.
const SURVEYED: &str = "the survey saw that every value is one";

/// The values of one column in a row group.
struct Chunk {
    column_type: ColumnType,
    /// For each row 1 if it has a value, 0 if not (the format's definition levels).
    levels: Vec<i16>,
    integers: Vec<i64>,
    doubles: Vec<f64>,
    booleans: Vec<bool>,
    /// All texts, one behind the other, and where each ends.
    texts: Vec<u8>,
    ends: Vec<usize>,
}

impl Chunk {
    fn new(column_type: ColumnType) -> Self {
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

    /// Adds a row's value.
    fn push(&mut self, cell: Option<&Cell>) {
        let Some(cell) = cell else {
            self.levels.push(0);
            return;
        };
        self.levels.push(1);
        let text = cell.text.as_ref();
        match self.column_type {
            ColumnType::Integer => match Number::read(text) {
                Number::Integer(integer) => self.integers.push(integer),
                other => unreachable!("{SURVEYED}: {other:?}"),
            },
            ColumnType::Double => self.doubles.push(text.parse().expect(SURVEYED)),
            ColumnType::Boolean => self.booleans.push(text == "true"),
            ColumnType::Time => {
                let time = Timestamp::read(text).expect(SURVEYED);
                self.integers.push(time.time.timestamp_micros());
            }
            ColumnType::Json if cell.kind == CellKind::Text => {
                let quoted = serde_json::to_vec(text).expect("a string is always JSON");
                self.push_text(&quoted);
            }
            ColumnType::Text | ColumnType::Json => self.push_text(text.as_bytes()),
        }
    }

    fn push_text(&mut self, text: &[u8]) {
        self.texts.extend_from_slice(text);
        self.ends.push(self.texts.len());
    }

    /// The values as they stand in a row group.
    fn encode(
        self,
        column: ColumnDescPtr,
        properties: WriterPropertiesPtr,
    ) -> Result<EncodedChunk, ParquetError> {
        let make = Encoder {
            column,
            properties,
            levels: self.levels,
        };
        match self.column_type {
            ColumnType::Integer | ColumnType::Time => make.encode::<Int64Type>(&self.integers),
            ColumnType::Double => make.encode::<DoubleType>(&self.doubles),
            ColumnType::Boolean => make.encode::<BoolType>(&self.booleans),
            ColumnType::Text | ColumnType::Json => {
                let all = Bytes::from(self.texts);
                let mut start = 0;
                let texts = self.ends.into_iter().map(|end| {
                    let text = all.slice(start..end);
                    start = end;
                    ByteArray::from(text)
                });
                make.encode::<ByteArrayType>(&texts.collect::<Vec<_>>())
            }
        }
    }
}

/// The values of one column in a row group, as they stand in the file, and what its end tells of them.
type EncodedChunk = (Bytes, ColumnCloseResult);

/// How the values of one column are encoded.
struct Encoder {
    column: ColumnDescPtr,
    properties: WriterPropertiesPtr,
    levels: Vec<i16>,
}

impl Encoder {
    fn encode<T: DataType>(self, values: &[T::T]) -> Result<EncodedChunk, ParquetError> {
        let mut bytes = TrackedWrite::new(Vec::new());
        let pages = Box::new(SerializedPageWriter::new(&mut bytes));
        let mut writer = ColumnWriterImpl::<T>::new(self.column, self.properties, pages);
        writer.write_batch(values, Some(&self.levels), None)?;
        let end = writer.close()?;
        Ok((bytes.into_inner()?.into(), end))
    }
}

/// What all parts of a file have in common.
pub struct ParquetTable {
    types: Vec<ColumnType>,
    schema: SchemaDescPtr,
    properties: WriterPropertiesPtr,
}

impl ParquetTable {
    /// A table with these columns, of which `survey` says what is in them.
    pub fn new(columns: &[Column], survey: &Survey) -> anyhow::Result<Self> {
        let types = columns.iter().zip(&survey.columns);
        let types = types.map(|(column, contents)| ColumnType::of(column.holds, contents));
        let types: Vec<_> = types.collect();
        let fields = columns.iter().zip(&types);
        let fields = fields
            .map(|(column, column_type)| column_type.column(&column.name).map(Arc::new))
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

    /// A file without rows.
    pub fn begin(&self) -> anyhow::Result<ParquetFile> {
        let buffer = Buffer::default();
        let schema = self.schema.root_schema_ptr();
        let writer =
            SerializedFileWriter::new(buffer.clone(), schema, Arc::clone(&self.properties))?;
        Ok(ParquetFile { writer, buffer })
    }

    /// A row group without rows.
    #[must_use]
    pub fn group(&self) -> Group<'_> {
        Group {
            table: self,
            chunks: self.types.iter().copied().map(Chunk::new).collect(),
        }
    }
}

/// Rows that stand together in a file.
pub struct Group<'t> {
    table: &'t ParquetTable,
    chunks: Vec<Chunk>,
}

impl Group<'_> {
    /// Adds a row: a cell for each column.
    pub fn push(&mut self, cells: &[Option<Cell>]) {
        for (chunk, cell) in self.chunks.iter_mut().zip(cells) {
            chunk.push(cell.as_ref());
        }
    }

    /// The rows as they stand in a file.
    pub fn encode(self) -> anyhow::Result<EncodedGroup> {
        let Self { table, chunks } = self;
        let chunks = chunks.into_iter().enumerate().map(|(place, chunk)| {
            chunk.encode(table.schema.column(place), Arc::clone(&table.properties))
        });
        Ok(EncodedGroup(chunks.collect::<Result<_, _>>()?))
    }
}

/// A row group as it stands in a file.
pub struct EncodedGroup(Vec<EncodedChunk>);

/// A Parquet file, to which row groups are added.
pub struct ParquetFile {
    writer: SerializedFileWriter<Buffer>,
    /// Where `writer` writes to; from here it goes on to the output.
    buffer: Buffer,
}

impl ParquetFile {
    /// Writes a row group.
    pub fn push(&mut self, group: EncodedGroup, out: &mut dyn Write) -> anyhow::Result<()> {
        let mut own = self.writer.next_row_group()?;
        for (bytes, end) in group.0 {
            own.append_column(&bytes, end)?;
        }
        own.close()?;
        Ok(self.buffer.pass_on(out)?)
    }

    /// Writes the file's end.
    pub fn finish(mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        self.writer.finish().context("Parquet")?;
        drop(self.writer);
        Ok(self.buffer.pass_on(out)?)
    }
}
