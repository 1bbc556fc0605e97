//! The inputs in the file system: files, folders, pipes and stdin. Only this folder opens files.

pub mod folder;
pub mod inputs;
pub mod open;
pub(crate) mod read_ahead;
pub mod rereadable;
