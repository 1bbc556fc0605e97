//! Writers of rows, one format per file. A writer takes a `&mut dyn Write`, knows no command-line
//! flags and prints nothing on its own.
//!
//! There is one list per family of formats:
//!
//! - rows as text: [`TextFormat`], and [`TableFormat`] for the commands that print a table. Each
//!   format is a [`RowWriter`](crate::table::writer::RowWriter).
//! - rows as binary files: [`BinaryFormat`]. Each format is a function that writes collected tables
//!   (`tables`).
//! - bodies: `BodyLayout` in `bodies`.
//!
//! `export` writes an [`OutputFormat`]: a text format or a binary one. Findings are written by
//! [`crate::report`].

mod binary_format;
pub(crate) mod bodies;
#[cfg(feature = "parquet")]
mod buffer;
mod copy;
pub(crate) mod counts;
mod delimited;
pub(crate) mod guard;
mod json;
mod markdown;
pub(crate) mod one_pass;
mod output_format;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub(crate) mod path;
pub(crate) mod program;
mod rearrange;
mod table_format;
pub(crate) mod table_text;
pub(crate) mod tables;
mod text_format;
pub(crate) mod time_style;
pub(crate) mod xlsx;

pub use binary_format::BinaryFormat;
pub use delimited::Dialect;
pub use output_format::OutputFormat;
pub(crate) use table_format::{TableFormat, TableOptions, create_writer};
pub use text_format::TextFormat;
