//! Parquet: typed columns for `DuckDB`, Spark, pandas and their kin. Rows come in, row groups of bounded size go out, so that memory does not
//! follow their number.
//!
//! Types: whole numbers are INT64, others DOUBLE, times TIMESTAMP in UTC microseconds, all as long as every value of the column can be one
//! exactly; text is STRING. Columns of several types, lists and objects are JSON text.

use std::io::Write;
use std::sync::Arc;

use anyhow::Context as _;
use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::column::writer::ColumnWriterImpl;
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

use super::buffer::Buffer;
use crate::call::timestamp::Timestamp;
use crate::table::column::{Column, Holds};
use crate::table::number::Number;
use crate::table::row::{Cell, CellKind};
use crate::table::survey::{Contents, Survey};

/// A row group is written when its values have so many bytes…
const GROUP_BYTES: usize = 16 * 1024 * 1024;

/// …or it has so many rows.
const GROUP_ROWS: usize = 122_880;

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
    texts: Vec<ByteArray>,
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
        }
    }

    /// Adds a row's value; how many bytes it takes is returned.
    fn push(&mut self, cell: Option<&Cell>) -> usize {
        let Some(cell) = cell else {
            self.levels.push(0);
            return size_of::<i16>();
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
                self.texts.push(ByteArray::from(quoted));
            }
            ColumnType::Text | ColumnType::Json => self.texts.push(ByteArray::from(text)),
        }
        // What a text takes besides its letters is the most that a value takes.
        size_of::<i16>() + size_of::<ByteArray>() + text.len()
    }

    /// Writes the values as a column of a row group, and is empty again.
    fn write(&mut self, mut column: SerializedColumnWriter) -> Result<(), ParquetError> {
        let levels = &self.levels;
        match self.column_type {
            ColumnType::Integer | ColumnType::Time => {
                batch(column.typed::<Int64Type>(), &self.integers, levels)?;
            }
            ColumnType::Double => batch(column.typed::<DoubleType>(), &self.doubles, levels)?,
            ColumnType::Boolean => batch(column.typed::<BoolType>(), &self.booleans, levels)?,
            ColumnType::Text | ColumnType::Json => {
                batch(column.typed::<ByteArrayType>(), &self.texts, levels)?;
            }
        }
        *self = Self::new(self.column_type);
        column.close()
    }
}

fn batch<T: DataType>(
    column: &mut ColumnWriterImpl<'_, T>,
    values: &[T::T],
    levels: &[i16],
) -> Result<(), ParquetError> {
    column.write_batch(values, Some(levels), None).map(|_| ())
}

/// Writes rows to a Parquet file.
pub struct ParquetWriter {
    writer: SerializedFileWriter<Buffer>,
    /// Where `writer` writes to; from here it goes on to the output.
    buffer: Buffer,
    chunks: Vec<Chunk>,
    bytes: usize,
    rows: usize,
}

impl ParquetWriter {
    /// A file with these columns, of which `survey` says what is in them.
    pub fn new(columns: &[Column], survey: &Survey) -> anyhow::Result<Self> {
        let types = columns.iter().zip(&survey.columns);
        let types = types.map(|(column, contents)| ColumnType::of(column.holds, contents));
        let chunks: Vec<_> = types.map(Chunk::new).collect();
        let fields = columns
            .iter()
            .zip(&chunks)
            .map(|(column, chunk)| chunk.column_type.column(&column.name).map(Arc::new))
            .collect::<Result<_, _>>()?;
        let schema = Type::group_type_builder("calls")
            .with_fields(fields)
            .build()?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("postcall {}", env!("CARGO_PKG_VERSION")))
            .build();
        let buffer = Buffer::default();
        Ok(Self {
            writer: SerializedFileWriter::new(buffer.clone(), Arc::new(schema), properties.into())?,
            buffer,
            chunks,
            bytes: 0,
            rows: 0,
        })
    }

    /// Writes a row: a cell for each column.
    pub fn row(&mut self, cells: &[Option<Cell>], out: &mut dyn Write) -> anyhow::Result<()> {
        for (chunk, cell) in self.chunks.iter_mut().zip(cells) {
            self.bytes += chunk.push(cell.as_ref());
        }
        self.rows += 1;
        if self.bytes >= GROUP_BYTES || self.rows >= GROUP_ROWS {
            self.group()?;
            self.buffer.pass_on(out)?;
        }
        Ok(())
    }

    /// Writes what is left, and the file's end.
    pub fn finish(mut self, out: &mut dyn Write) -> anyhow::Result<()> {
        if self.rows > 0 {
            self.group()?;
        }
        self.writer.finish().context("Parquet")?;
        drop(self.writer);
        Ok(self.buffer.pass_on(out)?)
    }

    fn group(&mut self) -> anyhow::Result<()> {
        let mut group = self.writer.next_row_group()?;
        for chunk in &mut self.chunks {
            let column = group
                .next_column()?
                .context("Parquet: a column is missing")?;
            chunk.write(column)?;
        }
        group.close()?;
        (self.bytes, self.rows) = (0, 0);
        Ok(())
    }
}
