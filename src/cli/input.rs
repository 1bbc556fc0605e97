//! Arguments about the inputs and the search for bodies in them.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::calls::CallArgs;
use crate::capture::find::search::Search;
use crate::capture::source::files::inputs::Inputs;
use crate::capture::source::files::rereadable::InputCopies;
use crate::capture::source::reader::ByteCounter;
use crate::capture::source::unpack::UnpackLimit;
use crate::run::read_plan::ReadOptions;
use crate::time::zone::Zone;

/// Where bodies come from.
#[derive(Args, Clone, Debug)]
pub(crate) struct InputArgs {
    /// Files, folders or - for stdin [default: stdin]
    ///
    /// Of a folder all *.json, *.jsonl, *.ndjson, *.har, *.http, *.log, *.txt and *.csv below are read, also with .gz or .zst behind that, but
    /// hidden files and those that git ignores. Whatever bodies were saved in is opened: arrays, JSON Lines, logs, HTTP requests, exports.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Where the body is in each value, as a JSON Pointer, * for every element; nothing else is searched
    #[arg(
        long,
        value_name = "POINTER",
        help_heading = "Input options",
        conflicts_with = "no_search"
    )]
    at: Option<Search>,
    /// Take each value for a body; search none
    #[arg(long, help_heading = "Input options")]
    no_search: bool,
    /// Of folders, read files of any name
    #[arg(long, help_heading = "Input options")]
    all: bool,
    /// What compressed input may unfold to, such as 500M or 20G [default: 16G, and 256M for one value]
    #[arg(long, value_name = "SIZE", help_heading = "Input options")]
    max_unpacked: Option<UnpackLimit>,
    #[command(flatten)]
    pub(crate) calls: CallArgs,
}

impl InputArgs {
    /// The inputs to read, and the conditions on their calls.
    #[must_use]
    pub(crate) fn read_options(&self) -> ReadOptions {
        ReadOptions {
            inputs: Inputs {
                paths: self.paths.clone(),
                include_all: self.all,
                limit: self.max_unpacked.unwrap_or_default(),
                copies: InputCopies::default(),
                bytes_read: ByteCounter::default(),
            },
            search: match &self.at {
                Some(at) => at.clone(),
                None if self.no_search => Search::At(Vec::new()),
                None => Search::Everywhere,
            },
            filter: self.calls.filter(),
            dedupe: self.calls.dedupe,
            limit: self.calls.limit,
        }
    }

    /// The time zone for printing times and for reading dates without an offset.
    #[must_use]
    pub(crate) fn zone(&self) -> Zone {
        self.calls.zone()
    }
}
