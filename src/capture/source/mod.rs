//! Opens inputs: files, folders and stdin become sources, decompressed and converted to UTF-8. An
//! archive has a source for each member.

pub mod cut_sizes;
pub(crate) mod decode_error;
pub(crate) mod file_name;
pub(crate) mod files;
mod inflate;
mod limited_decoder;
pub mod named_sources;
pub(crate) mod other_formats;
pub mod reader;
pub(crate) mod skipped_files;
pub mod source_name;
pub mod sources;
pub(crate) mod unpack;
pub mod unpack_limit;
mod zip;
#[cfg(feature = "zstd")]
mod zstd_frames;
