//! Opens the inputs one at a time: files, the captures in folders in sorted order, and stdin. An
//! input that cannot be opened yields an error, and the iteration goes on.

use std::fs::File;
use std::io;
use std::iter;
use std::path::{Path, PathBuf};

use super::folder::{FoundFile, walk_folder};
use super::inputs::Inputs;
use super::output_ids::OutputIds;
use super::read_ahead::ReadAhead;
use crate::capture::source::file_name::file_patterns;
use crate::capture::source::reader::{Source, SourceOptions, UnreadableInput};
use crate::capture::source::source_name::SourceName;
use crate::capture::source::sources::{Sources, sources_from_reader, sources_from_seekable};
use crate::text::io_error::describe_io_error;
use crate::text::path_name::path_name;

/// Opens the sources lazily, in the order of `inputs.paths`; files in folders are sorted by path.
pub(crate) fn open_files(
    inputs: &Inputs,
) -> impl Iterator<Item = Result<Source, UnreadableInput>> + Send + use<> {
    let paths = if inputs.paths.is_empty() {
        vec![PathBuf::from("-")]
    } else {
        inputs.paths.clone()
    };
    let (include_all, streams) = (inputs.include_all, inputs.streams.clone());
    let stdin_name = inputs.stdin_name();
    let outputs = OutputIds::of(&inputs.outputs).with_streams();
    let options = inputs.source_options();
    paths
        .into_iter()
        .enumerate()
        .flat_map(move |(index, path)| {
            let is_stdin = path.as_os_str() == "-";
            if let Some(stream) = streams.open(index) {
                let name = if is_stdin {
                    stdin_name.clone()
                } else {
                    display_name(&path)
                };
                sources_from_reader(name, stream, &options)
            } else if is_stdin {
                sources_from_reader(stdin_name.clone(), ReadAhead::new(io::stdin()), &options)
            } else if path.is_dir() {
                let files = walk_folder(&path, include_all, outputs.clone());
                Box::new(folder_sources(&path, files, &options))
            } else {
                open_path(&path, &options)
            }
        })
}

fn open_path(path: &Path, options: &SourceOptions) -> Sources {
    sources_from_file(display_name(path), File::open(path), options)
}

/// Opens `file` with this name. Pipes and devices are read ahead in a buffer.
fn sources_from_file(name: SourceName, file: io::Result<File>, options: &SourceOptions) -> Sources {
    match file {
        Ok(file) if file.metadata().is_ok_and(|metadata| metadata.is_file()) => {
            sources_from_seekable(name, file, options)
        }
        Ok(file) => sources_from_reader(name, ReadAhead::new(file), options),
        Err(error) => Box::new(iter::once(Err(UnreadableInput::new(name, &error)))),
    }
}

/// Opens a file found in a folder, unless it is not a regular file: opening a pipe without a writer
/// would block forever.
fn open_folder_file(path: &Path, promises_calls: bool, options: &SourceOptions) -> Option<Sources> {
    let is_special = path.metadata().is_ok_and(|metadata| !metadata.is_file());
    (!is_special).then(|| open_path(path, &options.in_folder(promises_calls)))
}

/// Opens the captures among the `files` that were found below the folder `path`, and counts those
/// that are skipped. A folder without captures yields an error.
fn folder_sources<F: Iterator<Item = Result<FoundFile, ignore::Error>> + Send>(
    path: &Path,
    files: F,
    options: &SourceOptions,
) -> impl Iterator<Item = Result<Source, UnreadableInput>> + Send + use<F> {
    let (options, folder) = (options.clone(), path.to_owned());
    let mut files = files
        .filter_map(move |found| match found {
            Ok(FoundFile::Capture {
                path,
                promises_calls,
            }) => open_folder_file(&path, promises_calls, &options),
            Ok(FoundFile::Skipped(kind)) => {
                options.skipped.add(kind);
                None
            }
            Ok(FoundFile::Output(_)) => None,
            Err(error) => Some(Box::new(iter::once(Err(walk_failure(&folder, &error)))) as Sources),
        })
        .peekable();
    let no_files = files.peek().is_none().then(|| {
        let reason = format!(
            "no {} files in this folder (--all reads any extension; name hidden and git-ignored files explicitly)",
            file_patterns()
        );
        Err(UnreadableInput::empty(display_name(path), reason))
    });
    files.flatten().chain(no_files)
}

/// Converts an error of the walk through `folder`. Its path is that of the innermost error that has
/// one.
fn walk_failure(folder: &Path, error: &ignore::Error) -> UnreadableInput {
    let mut path = folder;
    let mut inner = error;
    while let ignore::Error::WithPath { err, .. }
    | ignore::Error::WithDepth { err, .. }
    | ignore::Error::WithLineNumber { err, .. } = inner
    {
        if let ignore::Error::WithPath { path: at, .. } = inner {
            path = at;
        }
        inner = err;
    }
    UnreadableInput {
        name: display_name(path),
        reason: match inner {
            ignore::Error::Io(error) => describe_io_error(error),
            error => error.to_string(),
        },
        is_partial: false,
        is_empty: false,
    }
}

fn display_name(path: &Path) -> SourceName {
    SourceName::from(path_name(path))
}
