//! From paths to bodies: sources are opened and cut into batches of whole values, batches are read into documents,
//! documents are searched for bodies. Everything keeps its place in the original file.

pub mod batch;
mod border;
pub mod document;
pub mod envelope;
pub mod excerpt;
pub mod neighbour;
pub mod place;
mod recovery;
pub mod source;
mod syntax;
