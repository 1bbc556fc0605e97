//! The inputs in the file system: files, folders, pipes and stdin. Only this folder opens files.

pub(crate) mod file_id;
pub(crate) mod folder;
pub(crate) mod inputs;
pub(crate) mod open;
pub(crate) mod outputs;
pub(crate) mod read_ahead;
pub(crate) mod readiness;
pub(crate) mod rereadable;
