//! Arguments about the inputs and the search for bodies in them.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::anyhow;

use super::filter_args::CallArgs;
use crate::capture::find::search::Search;
use crate::capture::source::cut_sizes::CutSizes;
use crate::capture::source::files::inputs::Inputs;
use crate::capture::source::named_sources::NamedSource;
use crate::capture::source::reader::TableUse;
use crate::capture::source::source_name::SourceName;
use crate::capture::source::unpack_limit::UnpackLimit;
use crate::exit::UsageError;
use crate::host::Clock;
use crate::run::read_plan::{EmptyInput, ReadOptions};
use crate::run::surroundings::SCRATCH;
use crate::text::path_name::path_name;
use crate::text::search::TextSearch;
use crate::time::zone::Zone;

/// The help heading of options about the input.
pub(crate) const INPUT_HEADING: &str = "Input options";

/// Where bodies come from.
#[derive(Clone, Debug, Default)]
#[cfg_attr(feature = "cli", derive(clap::Args))]
pub(crate) struct InputArgs {
    /// Files, folders or - for stdin [default: stdin]
    ///
    /// Folders and zip archives are searched recursively for .json, .jsonl, .ndjson, .har, .http,
    /// .log, .txt, .csv, .tsv, .eml, .mbox, .html, .sql and .zip files, also compressed (.gz, .zst)
    /// or rotated (.log.1, .log-20260101). Hidden and git-ignored files are skipped, and so are the
    /// files that the run writes. Bodies are found in arrays, JSON Lines, CSV, logs, HTTP requests
    /// and exports from other tools.
    #[cfg_attr(feature = "cli", arg(value_name = "PATH", value_hint = clap::ValueHint::AnyPath))]
    pub(crate) paths: Vec<PathBuf>,
    /// Name of stdin in locations, findings and messages
    ///
    /// For pipes such as `git show HEAD:a.json | postcall validate --stdin-filename a.json`:
    /// reports name the file, and a baseline has its findings.
    #[cfg_attr(feature = "cli", arg(
        long,
        value_name = "NAME",
        value_hint = clap::ValueHint::FilePath,
        help_heading = INPUT_HEADING
    ))]
    pub(crate) stdin_filename: Option<PathBuf>,
    /// In each JSON value, read only the body at this JSON Pointer
    ///
    /// In POINTER, * matches any element or member: `/items/*/body`.
    #[cfg_attr(feature = "cli", arg(
        long,
        value_name = "POINTER",
        help_heading = INPUT_HEADING,
        conflicts_with = "no_search"
    ))]
    pub(crate) at: Option<Search>,
    /// Treat each JSON value as a body; do not search inside it
    #[cfg_attr(feature = "cli", arg(long, help_heading = INPUT_HEADING))]
    pub(crate) no_search: bool,
    /// In folders and archives, read files regardless of extension
    #[cfg_attr(feature = "cli", arg(long, help_heading = INPUT_HEADING))]
    pub(crate) all: bool,
    /// Limit on decompressed size, such as 500M [default: 16G per input, 256M per value]
    #[cfg_attr(feature = "cli", arg(long, value_name = "SIZE", help_heading = INPUT_HEADING))]
    pub(crate) max_unpacked: Option<UnpackLimit>,
    /// Accept input without a call: exit with 0 instead of 3
    ///
    /// The output then has no rows, but is complete: a table has its heading, and FILE is written.
    /// Input that is missing or cannot be read still fails.
    #[cfg_attr(feature = "cli", arg(long, help_heading = INPUT_HEADING))]
    pub(crate) allow_empty: bool,
    /// The inputs if they are not files; `paths` has their names.
    #[cfg_attr(feature = "cli", arg(skip))]
    pub(crate) named: Option<Arc<[NamedSource]>>,
    #[cfg_attr(feature = "cli", command(flatten))]
    pub(crate) calls: CallArgs,
}

impl InputArgs {
    /// The options as far as they do not depend on settings. Fails if stdin has a name but is not
    /// read.
    pub(crate) fn options_without_settings(&self, clock: Clock) -> anyhow::Result<ReadOptions> {
        let stdin_name = self.stdin_filename.as_deref().map(path_name);
        let search = match &self.at {
            Some(at) => at.clone(),
            None if self.no_search => Search::At(Vec::new()),
            None => Search::Everywhere,
        };
        let inputs = Inputs {
            // A path may lead to a whole object, or to an array in it.
            cut_sizes: match search {
                Search::Everywhere => CutSizes::default(),
                Search::At(_) => CutSizes::WHOLE_OBJECTS,
            },
            paths: self.paths.clone(),
            named: self.named.clone(),
            stdin_name: stdin_name.map(SourceName::from),
            include_all: self.all,
            limit: self.max_unpacked.unwrap_or_default(),
            scratch: SCRATCH,
            tables: TableUse::Read,
            ..Inputs::default()
        };
        if inputs.stdin_name.is_some() && !inputs.has_stdin() {
            let error = anyhow!("--stdin-filename applies only to standard input");
            return Err(UsageError(error).into());
        }
        Ok(ReadOptions {
            inputs,
            search,
            filter: self.calls.filter(clock),
            dedupe: self.calls.dedupe,
            limit: self.calls.limit,
            settings_files: Vec::new(),
            empty_input: if self.allow_empty {
                EmptyInput::Accepted
            } else {
                EmptyInput::Failure
            },
        })
    }

    /// The search whose matches are marked.
    #[must_use]
    pub(crate) fn search(&self) -> TextSearch {
        self.calls.search()
    }

    /// The time zone for printing times and for reading dates without an offset. By default, each
    /// time keeps its own offset.
    #[must_use]
    pub(crate) fn zone(&self) -> Zone {
        self.calls.zone()
    }
}
