//! The inputs of a run, which may be in the file system: files, folders, pipes and stdin. Only this
//! folder opens files.

#[cfg(feature = "cli")]
pub(crate) mod file_id;
#[cfg(test)]
pub(crate) mod files_below;
#[cfg(feature = "cli")]
pub(crate) mod folder;
#[cfg(feature = "cli")]
pub(crate) mod input_facts;
pub(crate) mod input_streams;
pub(crate) mod inputs;
#[cfg(feature = "cli")]
mod open;
pub(crate) mod open_sources;
#[cfg(feature = "cli")]
pub(crate) mod output_ids;
pub(crate) mod outputs;
#[cfg(feature = "cli")]
pub(crate) mod read_ahead;
#[cfg(feature = "cli")]
pub(crate) mod readiness;
#[cfg(feature = "cli")]
pub(crate) mod rereadable;
