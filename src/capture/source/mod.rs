//! Opens inputs: files, folders and stdin become sources, decompressed and converted to UTF-8.

#[cfg(feature = "cli")]
pub(crate) mod files;
pub mod reader;
pub mod unpack;
