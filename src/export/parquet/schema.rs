//! The schema of a file.

use std::sync::Arc;

use parquet::basic::{Compression, LogicalType, Repetition, TimeUnit, Type as Physical};
use parquet::errors::ParquetError;
use parquet::file::properties::{WriterProperties, WriterPropertiesPtr};
use parquet::schema::types::{ColumnDescPtr, SchemaDescPtr, SchemaDescriptor, Type, TypePtr};

use super::fields::{Content, Field};
use crate::table::cell_type::CellType;

/// Schema and writer properties of a file, shared by its row groups.
pub(super) struct ParquetSchema {
    schema: SchemaDescPtr,
    pub(super) properties: WriterPropertiesPtr,
}

impl ParquetSchema {
    /// Creates the schema of a file with these fields.
    pub(super) fn new(fields: &[Field]) -> anyhow::Result<Self> {
        let schema = Type::group_type_builder("calls")
            .with_fields(types_of(fields)?)
            .build()?;
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(format!("postcall {}", env!("CARGO_PKG_VERSION")))
            .build();
        Ok(Self {
            schema: Arc::new(SchemaDescriptor::new(Arc::new(schema))),
            properties: Arc::new(properties),
        })
    }

    /// The leaf column with this index.
    pub(super) fn column(&self, index: usize) -> ColumnDescPtr {
        self.schema.column(index)
    }

    /// The schema of the whole file.
    pub(super) fn root(&self) -> TypePtr {
        self.schema.root_schema_ptr()
    }
}

type TypeResult = Result<Arc<Type>, ParquetError>;

fn types_of(fields: &[Field]) -> Result<Vec<Arc<Type>>, ParquetError> {
    fields.iter().map(type_of).collect()
}

/// The type of a field. Lists and maps have the levels that the format specifies (Parquet Logical
/// Type Definitions, "Nested Types").
fn type_of(field: &Field) -> TypeResult {
    let name = &field.name;
    match &field.content {
        Content::Value(_, cell_type) => value_type(name, *cell_type, Repetition::OPTIONAL),
        Content::List(_) => {
            let element = value_type("element", CellType::Text, Repetition::OPTIONAL)?;
            let list = group("list", Repetition::REPEATED, None, vec![element])?;
            group(
                name,
                Repetition::OPTIONAL,
                Some(LogicalType::List),
                vec![list],
            )
        }
        Content::Map(_) => {
            let key = value_type("key", CellType::Text, Repetition::REQUIRED)?;
            let value = value_type("value", CellType::Text, Repetition::OPTIONAL)?;
            let entry = group("key_value", Repetition::REPEATED, None, vec![key, value])?;
            group(
                name,
                Repetition::OPTIONAL,
                Some(LogicalType::Map),
                vec![entry],
            )
        }
        Content::Struct(fields) => group(name, Repetition::OPTIONAL, None, types_of(fields)?),
    }
}

fn group(
    name: &str,
    repetition: Repetition,
    logical: Option<LogicalType>,
    fields: Vec<Arc<Type>>,
) -> TypeResult {
    let group = Type::group_type_builder(name)
        .with_repetition(repetition)
        .with_logical_type(logical)
        .with_fields(fields);
    group.build().map(Arc::new)
}

fn value_type(name: &str, cell_type: CellType, repetition: Repetition) -> TypeResult {
    let (physical, logical) = match cell_type {
        CellType::Integer => (Physical::INT64, None),
        CellType::Double => (Physical::DOUBLE, None),
        CellType::Boolean => (Physical::BOOLEAN, None),
        CellType::Time => {
            let utc = LogicalType::timestamp(true, TimeUnit::MICROS);
            (Physical::INT64, Some(utc))
        }
        CellType::Text
        | CellType::AnyText
        | CellType::Inferred
        | CellType::List
        | CellType::Transcript
        | CellType::Object => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let primitive = Type::primitive_type_builder(name, physical)
        .with_repetition(repetition)
        .with_logical_type(logical);
    primitive.build().map(Arc::new)
}
