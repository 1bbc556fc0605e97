//! Opens inputs: files, folders and stdin become sources, decompressed and converted to UTF-8.

pub mod inputs;
pub(crate) mod read_ahead;
pub mod rereadable;
pub mod unpack;
