//! What people look at: cards and tables in the terminal's width and colours, text made safe for it, and how far a long run is.

pub mod card;
pub mod explanation;
pub mod page;
pub mod progress;
pub mod safe_text;
pub mod table;
pub mod theme;
mod value;
pub mod words;
pub mod wrap;
