//! The values of one leaf column in one row group, and their encoding.

use bytes::Bytes;
use parquet::basic::Type as Physical;
use parquet::column::writer::{ColumnCloseResult, ColumnWriterImpl};
use parquet::data_type::{BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterPropertiesPtr;
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use crate::table::cell_type::TypedValue;

/// The values of one leaf column in one row group, with their levels (Parquet format, "Nested
/// Encoding"). One of the lists of values is used.
#[derive(Default)]
pub(super) struct ColumnChunk {
    /// For each entry, how many of the optional and repeated fields on its path are present.
    definition_levels: Vec<i16>,
    /// For each entry, 0 if it starts a row, and 1 if it continues a list or a map. `None` outside
    /// of these.
    repetition_levels: Option<Vec<i16>>,
    integers: Vec<i64>,
    doubles: Vec<f64>,
    booleans: Vec<bool>,
    /// All texts, concatenated.
    texts: Vec<u8>,
    /// End of each text in `texts`.
    ends: Vec<usize>,
}

/// The encoded values of one leaf column in one row group, and their metadata for the file footer.
pub(super) type EncodedChunk = (Bytes, ColumnCloseResult);

impl ColumnChunk {
    /// A chunk of `column` without entries.
    pub(super) fn new(column: &ColumnDescPtr) -> Self {
        Self {
            repetition_levels: (column.max_rep_level() > 0).then(Vec::new),
            ..Self::default()
        }
    }

    /// Adds an entry without a value.
    pub(super) fn push_absent(&mut self, definition: i16) {
        self.push_levels(definition, true);
    }

    fn push_levels(&mut self, definition: i16, is_first: bool) {
        self.definition_levels.push(definition);
        if let Some(levels) = &mut self.repetition_levels {
            levels.push(i16::from(!is_first));
        }
    }

    /// Adds a value. All values have the type of the column.
    pub(super) fn push(&mut self, value: TypedValue, definition: i16) {
        self.push_absent(definition);
        match value {
            TypedValue::Integer(value) | TypedValue::Time(value) => self.integers.push(value),
            TypedValue::Double(value) => self.doubles.push(value),
            TypedValue::Boolean(value) => self.booleans.push(value),
            TypedValue::Text(text) | TypedValue::Json(text) => self.push_text(text),
        }
    }

    /// Adds a text of a list or a map, or an entry without one.
    pub(super) fn push_repeated(&mut self, text: Option<&str>, definition: i16, is_first: bool) {
        self.push_levels(definition, is_first);
        if let Some(text) = text {
            self.push_text(text);
        }
    }

    fn push_text(&mut self, text: &str) {
        self.texts.extend_from_slice(text.as_bytes());
        self.ends.push(self.texts.len());
    }

    /// Encodes the values as they are stored in the file.
    pub(super) fn encode(
        self,
        column: ColumnDescPtr,
        properties: WriterPropertiesPtr,
    ) -> Result<EncodedChunk, ParquetError> {
        let physical = column.physical_type();
        let encoder = ChunkEncoder {
            repetition_levels: self.repetition_levels,
            definition_levels: self.definition_levels,
            column,
            properties,
        };
        match physical {
            Physical::INT64 => encoder.encode_values::<Int64Type>(&self.integers),
            Physical::DOUBLE => encoder.encode_values::<DoubleType>(&self.doubles),
            Physical::BOOLEAN => encoder.encode_values::<BoolType>(&self.booleans),
            _ => {
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

/// Encodes the values of one leaf column in one row group.
struct ChunkEncoder {
    column: ColumnDescPtr,
    properties: WriterPropertiesPtr,
    definition_levels: Vec<i16>,
    /// `None` outside lists and maps.
    repetition_levels: Option<Vec<i16>>,
}

impl ChunkEncoder {
    /// Encodes `values`, those of the entries that have one.
    fn encode_values<T: DataType>(self, values: &[T::T]) -> Result<EncodedChunk, ParquetError> {
        let mut bytes = TrackedWrite::new(Vec::new());
        let pages = Box::new(SerializedPageWriter::new(&mut bytes));
        let mut writer = ColumnWriterImpl::<T>::new(self.column, self.properties, pages);
        writer.write_batch(
            values,
            Some(&self.definition_levels),
            self.repetition_levels.as_deref(),
        )?;
        let end = writer.close()?;
        Ok((bytes.into_inner()?.into(), end))
    }
}
