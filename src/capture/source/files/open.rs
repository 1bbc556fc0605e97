//! Opens the inputs one at a time: files, the captures in folders in sorted order, and stdin. An
//! input that cannot be opened yields an error, and the iteration goes on.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::folder::{FoundFile, file_patterns, walk_folder};
use super::inputs::{Inputs, SkippedFiles};
use super::outputs::OutputIds;
use super::read_ahead::ReadAhead;
use crate::capture::source::reader::{
    STDIN, Source, SourceOptions, UnreadableInput, source_from_reader,
};
use crate::text::io_error::describe_io_error;

/// Opens the sources lazily, in the order of `inputs.paths`; files in folders are sorted by path.
pub(crate) fn open_sources(
    inputs: &Inputs,
) -> impl Iterator<Item = Result<Source, UnreadableInput>> + Send + use<> {
    let paths = if inputs.paths.is_empty() {
        vec![PathBuf::from("-")]
    } else {
        inputs.paths.clone()
    };
    let (include_all, copies) = (inputs.include_all, inputs.copies.clone());
    let (outputs, skipped) = (
        OutputIds::of(&inputs.outputs).with_streams(),
        inputs.skipped.clone(),
    );
    skipped.reset();
    let options = SourceOptions {
        limit: inputs.limit,
        bytes_read: inputs.bytes_read.clone(),
    };
    paths
        .into_iter()
        .enumerate()
        .flat_map(move |(index, path)| {
            let is_stdin = path.as_os_str() == "-";
            let sources: Box<dyn Iterator<Item = _> + Send> = if let Some(copy) = copies.open(index)
            {
                let name = if is_stdin {
                    STDIN.into()
                } else {
                    display_name(&path)
                };
                Box::new(std::iter::once(source_from_file(name, copy, &options)))
            } else if is_stdin {
                let stdin = ReadAhead::new(io::stdin());
                Box::new(std::iter::once(source_from_reader(
                    STDIN.into(),
                    stdin,
                    &options,
                )))
            } else if path.is_dir() {
                let files = walk_folder(&path, include_all, outputs.clone());
                Box::new(folder_sources(&path, files, &skipped, &options))
            } else {
                Box::new(std::iter::once(open_path(&path, &options)))
            };
            sources
        })
}

fn open_path(path: &Path, options: &SourceOptions) -> Result<Source, UnreadableInput> {
    source_from_file(display_name(path), File::open(path), options)
}

/// Opens `file` as a source with this name. Pipes and devices are read ahead in a buffer.
fn source_from_file(
    name: Arc<str>,
    file: io::Result<File>,
    options: &SourceOptions,
) -> Result<Source, UnreadableInput> {
    match file {
        Ok(file) if file.metadata().is_ok_and(|metadata| metadata.is_file()) => {
            source_from_reader(name, file, options)
        }
        Ok(file) => source_from_reader(name, ReadAhead::new(file), options),
        Err(error) => Err(UnreadableInput {
            name,
            reason: describe_io_error(&error),
            is_partial: false,
        }),
    }
}

/// Opens a file found in a folder, or returns `None` for anything but a regular file: opening a
/// pipe without a writer would block forever.
fn open_folder_file(
    path: &Path,
    promises_calls: bool,
    options: &SourceOptions,
) -> Option<Result<Source, UnreadableInput>> {
    let is_special = path.metadata().is_ok_and(|metadata| !metadata.is_file());
    (!is_special).then(|| {
        open_path(path, options).map(|source| Source {
            may_lack_calls: !promises_calls,
            ..source
        })
    })
}

/// Opens the captures among the `files` that were found below the folder `path`, and counts those
/// that are `skipped`. A folder without captures yields an error.
fn folder_sources<F: Iterator<Item = Result<FoundFile, ignore::Error>> + Send>(
    path: &Path,
    files: F,
    skipped: &SkippedFiles,
    options: &SourceOptions,
) -> impl Iterator<Item = Result<Source, UnreadableInput>> + Send + use<F> {
    let (options, skipped, folder) = (options.clone(), skipped.clone(), path.to_owned());
    let mut files = files
        .filter_map(move |found| match found {
            Ok(FoundFile::Capture {
                path,
                promises_calls,
            }) => open_folder_file(&path, promises_calls, &options),
            Ok(FoundFile::Skipped(kind)) => {
                skipped.add(kind);
                None
            }
            Ok(FoundFile::Output(_)) => None,
            Err(error) => Some(Err(walk_failure(&folder, &error))),
        })
        .peekable();
    let no_files = files.peek().is_none().then(|| {
        Err(UnreadableInput {
            name: display_name(path),
            reason: format!(
                "no {} files in this folder (--all reads any extension; name hidden and git-ignored files explicitly)",
                file_patterns()
            ),
            is_partial: false,
        })
    });
    files.chain(no_files)
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
    }
}

fn display_name(path: &Path) -> Arc<str> {
    path.to_string_lossy().into()
}
