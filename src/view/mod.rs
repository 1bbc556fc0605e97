//! Output for people: cards and tables in the width and colours of the terminal, and the report of
//! `stats` in HTML.

pub(crate) mod card;
pub(crate) mod explanation;
pub(crate) mod figures;
pub(crate) mod html;
pub(crate) mod marks;
pub(crate) mod page;
pub(crate) mod table;
pub(crate) mod table_layout;
pub(crate) mod terminal;
pub(crate) mod theme;
pub(crate) mod value;
pub(crate) mod vertical;
