//! Writers of rows, one format per file. A writer takes a `&mut dyn Write`, knows no command-line
//! flags and prints nothing on its own.
//!
//! There is one list per family of formats:
//!
//! - [`RowFormat`]: the names of the formats of rows, which all commands share.
//! - [`TextFormat`]: such a format with its options. Each is a
//!   [`RowWriter`](crate::table::writer::RowWriter); those for people are in [`crate::view`].
//! - [`BinaryFormat`]: rows as binary files. Each format is a function that writes collected tables
//!   (`tables`).
//! - [`ExportFormat`]: the formats of `export`, which are the two above.
//! - `BodyLayout` in `bodies`: the layouts of whole bodies.
//!
//! Findings are written by [`crate::report`].

pub(crate) mod bodies;
#[cfg(feature = "parquet")]
mod buffer;
pub(crate) mod call_list;
pub(crate) mod campaigns_json;
pub(crate) mod code_path;
pub(crate) mod collected_text;
mod copy;
pub(crate) mod counts;
mod delimited;
mod export_binary_format;
mod export_format;
mod export_output;
mod export_text_format;
mod json;
mod markdown;
pub(crate) mod one_pass;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
mod rearrange;
pub(crate) mod reject;
mod row_format;
mod source_columns;
pub(crate) mod spreadsheet_program;
pub(crate) mod stats_rows;
pub(crate) mod tables;
pub(crate) mod time_style;
mod typed_columns;
pub(crate) mod xlsx;

pub use delimited::Dialect;
pub(crate) use delimited::LineBreaks;
pub use export_binary_format::BinaryFormat;
pub use export_format::ExportFormat;
pub(crate) use export_output::ExportOutput;
pub(crate) use export_text_format::FOR_PEOPLE;
pub use export_text_format::TextFormat;
pub(crate) use markdown::escape as escape_markdown;
pub(crate) use row_format::{RowFormat, TableOptions};
