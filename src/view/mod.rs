//! What people look at: cards and tables in the terminal's width and colours, and text made safe for it.

pub mod card;
pub mod explanation;
pub mod page;
pub mod safe_text;
pub mod table;
pub mod theme;
mod value;
pub mod words;
pub mod wrap;
