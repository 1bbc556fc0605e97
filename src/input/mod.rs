//! From paths to bodies: sources are opened and cut into batches of whole values, batches are read into documents,
//! documents are searched for bodies. Everything keeps its place in the original file.

pub mod batch;
mod border;
mod docker;
pub mod document;
pub mod doubts;
pub mod envelope;
pub mod excerpt;
mod form;
mod http;
pub mod inner;
mod lost;
mod mistake;
pub mod neighbour;
pub mod place;
mod printed;
mod prose;
mod recovery;
mod search;
pub mod source;
mod syntax;
pub mod unpack;
