//! Text for people: text from strangers made safe for a terminal, wrapping, counts, and comparison
//! of names with globs and with similar names. Also recognizes text that was encoded wrongly. Knows
//! nothing of calls.

#[cfg(test)]
pub(crate) mod any_text;
pub(crate) mod cell_start;
pub(crate) mod cell_units;
pub(crate) mod digit;
pub(crate) mod double_escape;
pub(crate) mod email;
pub(crate) mod filler;
pub(crate) mod glob;
pub(crate) mod invisible;
pub(crate) mod io_error;
pub(crate) mod mojibake;
pub(crate) mod named_stream;
pub(crate) mod operator;
pub(crate) mod path_name;
pub(crate) mod plural;
pub(crate) mod safe_text;
pub(crate) mod search;
pub(crate) mod shorten;
pub(crate) mod similar;
pub(crate) mod star_pattern;
pub(crate) mod symbols;
pub(crate) mod tone;
pub(crate) mod truncate;
pub(crate) mod utf8;
pub(crate) mod visible_escape;
pub(crate) mod windows_1252;
pub(crate) mod workflow_commands;
pub(crate) mod wrap;
