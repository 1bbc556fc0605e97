//! Rows that are stored together in a file, one chunk per leaf column.

use std::borrow::Cow;
use std::sync::Arc;

use super::chunk::{ColumnChunk, EncodedChunk};
use super::fields::{Content, Field};
use super::schema::ParquetSchema;
use crate::json::{Json, plain_text};
use crate::table::cell_type::TypedValue;

/// Rows that are stored together in a file.
pub(super) struct RowGroup<'f> {
    fields: &'f [Field],
    schema: &'f ParquetSchema,
    chunks: Vec<ColumnChunk>,
}

/// A row group in encoded form.
pub(super) struct EncodedRowGroup(pub(super) Vec<EncodedChunk>);

/// The values of a row, one per column.
pub(super) type Row<'r> = [Option<TypedValue<'r>>];

impl<'f> RowGroup<'f> {
    /// A row group without rows.
    pub(super) fn new(fields: &'f [Field], schema: &'f ParquetSchema) -> Self {
        let chunks = 0..fields.iter().map(leaf_count).sum();
        let chunks = chunks.map(|index| ColumnChunk::new(&schema.column(index)));
        Self {
            fields,
            schema,
            chunks: chunks.collect(),
        }
    }

    /// Adds a value of the next row to a flat file, in the column with this index.
    pub(super) fn push_value(&mut self, column: usize, value: Option<TypedValue>) {
        match value {
            Some(value) => self.chunks[column].push(value, 1),
            None => self.chunks[column].push_absent(0),
        }
    }

    /// Adds a row to a nested file.
    pub(super) fn push_row(&mut self, row: &Row) {
        push_fields(self.fields, row, 0, &mut self.chunks.iter_mut());
    }

    /// Encodes the rows as they are stored in a file.
    pub(super) fn encode(self) -> anyhow::Result<EncodedRowGroup> {
        let Self { schema, chunks, .. } = self;
        let chunks = chunks.into_iter().enumerate();
        let chunks = chunks.map(|(index, chunk)| {
            chunk.encode(schema.column(index), Arc::clone(&schema.properties))
        });
        Ok(EncodedRowGroup(chunks.collect::<Result<_, _>>()?))
    }
}

/// Number of leaf columns of a field.
fn leaf_count(field: &Field) -> usize {
    match &field.content {
        Content::Value(..) | Content::List(_) => 1,
        // Keys and values.
        Content::Map(_) => 2,
        Content::Struct(fields) => fields.iter().map(leaf_count).sum(),
    }
}

fn has_value(field: &Field, row: &Row) -> bool {
    match &field.content {
        Content::Value(index, _) | Content::List(index) => row[*index].is_some(),
        Content::Map(entries) => entries.iter().any(|(_, index)| row[*index].is_some()),
        Content::Struct(fields) => fields.iter().any(|field| has_value(field, row)),
    }
}

/// Adds the values of a row to the chunks of these fields. `level` is the definition level of the
/// struct that they are in.
fn push_fields<'c>(
    fields: &[Field],
    row: &Row,
    level: i16,
    chunks: &mut impl Iterator<Item = &'c mut ColumnChunk>,
) {
    for field in fields {
        match &field.content {
            Content::Struct(fields) if has_value(field, row) => {
                push_fields(fields, row, level + 1, chunks);
            }
            _ if !has_value(field, row) => {
                for chunk in chunks.take(leaf_count(field)) {
                    chunk.push_absent(level);
                }
            }
            content => push_value(content, row, level, chunks),
        }
    }
}

/// Adds the value of a field that has one and is no struct.
fn push_value<'c>(
    content: &Content,
    row: &Row,
    level: i16,
    chunks: &mut impl Iterator<Item = &'c mut ColumnChunk>,
) {
    let mut next = || chunks.next().expect("each leaf column has a chunk");
    match content {
        Content::Value(index, _) => {
            if let Some(value) = row[*index] {
                next().push(value, level + 1);
            }
        }
        Content::List(index) => {
            if let Some(TypedValue::Json(list)) = row[*index] {
                push_list(list, level + 1, next());
            }
        }
        Content::Map(entries) => {
            let (keys, values) = (next(), next());
            let texts = entries.iter();
            let texts = texts.filter_map(|(key, index)| match row[*index] {
                Some(TypedValue::Text(text)) => Some((key, text)),
                _ => None,
            });
            for (number, (key, text)) in texts.enumerate() {
                keys.push_repeated(Some(key), level + 2, number == 0);
                values.push_repeated(Some(text), level + 3, number == 0);
            }
        }
        Content::Struct(_) => unreachable!("structs have fields, not values"),
    }
}

/// Adds the elements of a list in JSON. `level` is the definition level of the list. Elements that
/// are no texts are JSON text.
fn push_list(list: &str, level: i16, chunk: &mut ColumnChunk) {
    let elements = Json::from_well_formed(list).elements().unwrap_or_default();
    if elements.is_empty() {
        chunk.push_absent(level);
    }
    for (number, element) in elements.into_iter().enumerate() {
        let is_first = number == 0;
        let text: Option<Cow<str>> = (!element.is_null()).then(|| plain_text(element));
        let definition = level + if text.is_some() { 2 } else { 1 };
        chunk.push_repeated(text.as_deref(), definition, is_first);
    }
}
