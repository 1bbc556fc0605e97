//! Output for people: cards and tables in the width and colours of the terminal.

pub mod card;
pub mod explanation;
pub mod page;
pub mod table;
pub mod theme;
pub(crate) mod value;
