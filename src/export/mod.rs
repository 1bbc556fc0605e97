//! Writers of rows, one format per file. A writer takes a `&mut dyn Write`, knows no command-line
//! flags and prints nothing on its own.
//!
//! There is one list per family of formats:
//!
//! - rows as text: [`TextFormat`], and [`TableFormat`] for the commands that print a table. Each
//!   format is a [`RowWriter`](crate::table::writer::RowWriter).
//! - rows as binary files: [`OutputFormat`], which also has the text formats of `export`. Each is a
//!   function that writes collected tables (`tables`).
//! - bodies: `BodyLayout` in `bodies`.
//!
//! Findings are in [`crate::report`].

pub(crate) mod bodies;
#[cfg(feature = "parquet")]
mod buffer;
mod copy;
pub(crate) mod counts;
mod delimited;
mod file_format;
pub(crate) mod guard;
mod json;
mod markdown;
pub(crate) mod one_pass;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
pub(crate) mod path;
pub(crate) mod program;
mod rearrange;
mod table_format;
pub(crate) mod table_text;
pub(crate) mod tables;
pub(crate) mod time_style;
pub(crate) mod xlsx;

pub use delimited::Dialect;
pub use file_format::{OutputFormat, TextFormat};
pub(crate) use table_format::{TableFormat, TableOptions, create_writer};
