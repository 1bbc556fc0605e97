//! From paths to bodies: sources are opened and cut into batches of whole values, batches are read into documents,
//! documents are searched for bodies. Everything keeps its place in the original file.
//!
//! | step | modules |
//! | --- | --- |
//! | bytes to text | [`source`], `gathering`, [`unpack`] |
//! | text to batches of whole values | [`batch`] in [`room`], `form`, `border`, and `prose` for text that is no JSON |
//! | batches to JSON values | [`document`], `syntax`, `mistake`, `recovery`; `prose`, `http`, `marked_lines`, `records` |
//! | values to bodies | [`envelope`], `search`, [`inner`] (text inside text), [`neighbour`], `lost`, `printed`, [`doubts`] |
//! | bodies to the calls asked for | [`selection`], [`filter`], [`turnstile`] with [`id_counts`] and [`copies`], [`seen`] |
//! | where it all stands | [`place`], [`excerpt`] |

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
pub mod neighbour;
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
