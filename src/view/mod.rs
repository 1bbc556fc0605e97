//! Output for people: cards and tables in the width and colours of the terminal, text made safe for
//! it, and the progress of a long run.

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
