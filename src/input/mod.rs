//! From paths to bodies: opens sources, cuts them into batches of whole values, parses batches into
//! documents, and searches documents for bodies. Each step keeps the location in the original file.
//!
//! | step | modules |
//! | --- | --- |
//! | bytes to text | [`source`], `gathering`, [`unpack`] |
//! | text to batches of whole values | [`batch`], [`room`], `form`, `border`, `prose` |
//! | batches to JSON values | [`document`], `syntax`, `mistake`, `recovery` |
//! | JSON inside other text | `prose`, `http`, `marked_lines`, `records` |
//! | values to bodies | [`envelope`], `search`, [`inner`], `lost`, `printed` |
//! | input that is not a call | [`neighbour`], [`doubts`] |
//! | bodies to selected calls | [`selection`], [`filter`], [`turnstile`], [`id_counts`] |
//! | inputs read twice; counts | [`copies`]; [`seen`] |
//! | locations | [`place`], [`excerpt`] |

pub mod batch;
mod border;
pub mod copies;
pub mod document;
pub mod doubts;
pub mod envelope;
pub mod excerpt;
pub mod filter;
mod form;
mod gathering;
mod http;
pub mod id_counts;
pub mod inner;
mod lost;
mod marked_lines;
mod mistake;
pub mod place;
mod printed;
mod prose;
mod records;
mod recovery;
pub mod room;
mod search;
pub mod seen;
pub mod selection;
pub mod source;
mod syntax;
pub mod turnstile;
pub mod unpack;
