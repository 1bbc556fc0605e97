//! The list of the inputs to read.

use std::path::PathBuf;
use std::sync::Arc;

use super::input_streams::RereadableStreams;
use super::outputs::Outputs;
use crate::capture::source::cut_sizes::CutSizes;
use crate::capture::source::named_sources::NamedSource;
use crate::capture::source::reader::{ByteCounter, SourceOptions, TableUse};
use crate::capture::source::skipped_files::SkippedFiles;
use crate::capture::source::source_name::{STDIN, SourceName};
use crate::capture::source::unpack_limit::UnpackLimit;
use crate::host::Scratch;

/// The inputs to read, and how to read them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Inputs {
    /// Files, folders, and `-` for stdin. An empty list means stdin.
    pub(crate) paths: Vec<PathBuf>,
    /// The name of stdin in messages and findings, if it is not [`STDIN`].
    pub(crate) stdin_name: Option<SourceName>,
    /// True if files of any name are read from folders, not only those with one of
    /// [`EXTENSIONS`](crate::capture::source::file_name::EXTENSIONS).
    pub(crate) include_all: bool,
    /// Limit on the size of decompressed input.
    pub(crate) limit: UnpackLimit,
    /// The inputs if they are not files. The paths are their names then.
    pub(crate) named: Option<Arc<[NamedSource]>>,
    /// The inputs that can be read only once; empty unless the run reads its input twice.
    pub(crate) streams: RereadableStreams,
    /// Number of bytes read from the inputs so far.
    pub(crate) bytes_read: ByteCounter,
    /// Files that the run writes. They are not read if they are found in a folder.
    pub(crate) outputs: Outputs,
    /// Files in folders and archives that were not read because of their names.
    pub(crate) skipped: SkippedFiles,
    /// Storage for archives that cannot be read where they are.
    pub(crate) scratch: &'static dyn Scratch,
    /// How tables of calls are read, unless they are found in folders or archives.
    pub(crate) tables: TableUse,
    /// Where sources are cut into batches.
    pub(crate) cut_sizes: CutSizes,
}

impl Inputs {
    /// True if stdin is one of the inputs.
    #[must_use]
    pub(crate) fn has_stdin(&self) -> bool {
        self.paths.is_empty() || self.paths.iter().any(|path| path.as_os_str() == "-")
    }

    /// True if the inputs are not files.
    #[must_use]
    pub(crate) fn are_named(&self) -> bool {
        self.named.is_some()
    }

    /// The name of stdin as a source.
    #[must_use]
    pub(crate) fn stdin_name(&self) -> SourceName {
        let name = self.stdin_name.clone();
        name.unwrap_or_else(|| STDIN.into())
    }

    /// The options of all sources of the inputs.
    #[must_use]
    pub(crate) fn source_options(&self) -> SourceOptions {
        SourceOptions {
            limit: self.limit,
            bytes_read: self.bytes_read.clone(),
            include_all: self.include_all,
            may_lack_calls: false,
            skipped: self.skipped.clone(),
            scratch: self.scratch,
            tables: self.tables,
            cut_sizes: self.cut_sizes,
        }
    }
}
