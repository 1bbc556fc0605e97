//! Text for people: text from strangers made safe for a terminal, wrapping, counts, and comparison
//! of names with globs and with similar names. Knows nothing of calls.

pub mod glob;
pub mod io_error;
pub mod plural;
pub mod safe_text;
pub mod similar;
pub mod tone;
pub mod wrap;
