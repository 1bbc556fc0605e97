//! The arguments of the commands that the program and [`crate::in_memory`] have in common, as plain
//! structs. In the program, clap fills them: the `///` comments on their fields are the help text,
//! whose first paragraph is for `-h` and has to fit on one line. Conversions to other types are
//! next to the arguments they convert.

pub(crate) mod command_args;
pub(crate) mod export_args;
pub(crate) mod filter_args;
pub(crate) mod input_args;
mod redact_args;
mod sort_args;

pub(crate) use command_args::{ListArgs, ShowArgs, ShowFormat, StatsArgs, StatsFormat, TableArgs};
pub(crate) use export_args::ExportArgs;
pub(crate) use input_args::InputArgs;
pub(crate) use redact_args::{RedactArgs, TimesMode};
pub(crate) use sort_args::SortArgs;
