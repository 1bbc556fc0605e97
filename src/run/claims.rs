//! Keeps the files that a run writes apart from those that it reads: they are refused as inputs,
//! and an existing one is never replaced if it was found in an input folder and holds a call.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::call_search::{FoundCall, find_call, is_binary_table};
use super::output_file::is_same_file;
use super::read_plan::ReadOptions;
use super::session::Session;
use super::split_folder::is_split_name;
use crate::capture::source::files::file_id::{FileId, OutputStream};
use crate::capture::source::files::folder::{FoundFile, walk_folder};
use crate::capture::source::files::inputs::Inputs;
use crate::capture::source::files::output_ids::OutputIds;
use crate::capture::source::files::outputs::Outputs;
use crate::exit::UsageError;
use crate::text::path_name::path_name;
use crate::text::plural::format_count;

/// The option of the file that is written instead of standard output.
pub(crate) const OUTPUT_OPTION: &str = "--output";

impl Session {
    /// Declares that the run writes to `files`, each named by an option, and creates files in
    /// `folder`. Call it before anything is written.
    ///
    /// Fails if two outputs are one file, if an output is a settings file or named as an input, or
    /// if an existing one was found in an input folder and holds a call. An output without a call
    /// that was found in an input folder is skipped, with a message.
    pub(crate) fn claim_outputs(
        &mut self,
        read: &mut ReadOptions,
        files: &[(&'static str, &Path)],
        folder: Option<&Path>,
    ) -> anyhow::Result<()> {
        refuse_shared_files(files)?;
        for (_, path) in files {
            refuse_settings(&read.settings_files, path)?;
            refuse_input(&read.inputs, path)?;
        }
        let files = files.iter().map(|(_, path)| (*path).to_owned());
        read.inputs.outputs = Outputs {
            files: files.collect(),
            folder: folder.map(Path::to_owned),
            baseline: None,
        };
        if let Some(folder) = folder {
            refuse_inputs_in(&read.inputs, folder)?;
        }
        let ids = OutputIds::of(&read.inputs.outputs);
        let found = outputs_in_folders(&read.inputs, &ids);
        for output in unread_outputs(&read.inputs, &found) {
            refuse_call(read, &output, &output)?;
        }
        for output in found {
            if output.is_dir() {
                self.check_output_folder(read, &output)?;
            } else {
                let name = output.canonicalize().unwrap_or_else(|_| output.clone());
                let is_own = ids.has_in_folder(&output) && has_split_name(&name);
                if !is_own {
                    refuse_call(read, &output, &output)?;
                }
                self.print_message(&format!(
                    "skipped {}: this run writes to it",
                    path_name(&output)
                ));
            }
        }
        Ok(())
    }

    /// Fails if standard output or standard error is written to one of the inputs. A file in an
    /// input folder is skipped: the run only adds to it. There is a message unless the shell has
    /// just created it.
    pub(super) fn check_streams(&mut self, inputs: &Inputs) -> anyhow::Result<()> {
        let mut earlier = None;
        for stream in OutputStream::ALL {
            let id = FileId::of_output(stream);
            let Some(file) = id.clone().filter(|_| id != earlier) else {
                continue;
            };
            earlier = id;
            let name = stream.name();
            if let Some(input) = input_with_id(inputs, &file) {
                bail!("refusing to read {input}: {name} is written to the same file");
            }
            if stream.is_empty_file() {
                continue;
            }
            for output in outputs_in_folders(inputs, &OutputIds::of_file(file)) {
                let output = path_name(&output);
                self.print_message(&format!("skipped {output}: {name} is written to it"));
            }
        }
        Ok(())
    }

    /// Fails if a file in the output folder `folder`, which is in an input folder, holds a call,
    /// unless it has the name of an output file: these are never replaced. The files in the folder
    /// are counted in a message.
    fn check_output_folder(&mut self, read: &ReadOptions, folder: &Path) -> anyhow::Result<()> {
        let files = walk_folder(folder, read.inputs.include_all, OutputIds::default());
        let mut skipped = 0;
        for found in files.flatten() {
            let FoundFile::Capture { path, .. } = found else {
                continue;
            };
            if !has_split_name(&path) {
                refuse_call(read, &path, folder)?;
            }
            skipped += 1;
        }
        if skipped > 0 {
            let files = format_count(skipped, "file");
            let folder = path_name(folder);
            self.print_message(&format!(
                "skipped {files} in {folder}: this run writes there"
            ));
        }
        Ok(())
    }
}

/// Fails if two of the output files are one file.
fn refuse_shared_files(files: &[(&'static str, &Path)]) -> anyhow::Result<()> {
    let usage_error = |path: &Path, reason: String| {
        let error = anyhow!("{}: {reason}", path_name(path));
        Err(UsageError(error).into())
    };
    for (index, (option, path)) in files.iter().enumerate() {
        let same = |(_, other): &&(&str, &Path)| is_same_file(other, path);
        match files[..index].iter().find(same) {
            Some((other, _)) if other == option => {
                return usage_error(path, format!("each {option} needs a file of its own"));
            }
            Some((other, _)) => {
                return usage_error(
                    path,
                    format!("{other} and {option} must be different files"),
                );
            }
            None => {}
        }
        let file = FileId::of_path(path).filter(|_| path.is_file());
        let is_file = |stream: &OutputStream| file.is_some() && FileId::of_output(*stream) == file;
        // With `--output`, nothing is written to standard output.
        let is_written =
            |stream: &OutputStream| *option != OUTPUT_OPTION || *stream != OutputStream::Stdout;
        let mut streams = OutputStream::ALL.into_iter().filter(is_written);
        if let Some(stream) = streams.find(is_file) {
            let reason = format!("{option} and {} must be different files", stream.name());
            return usage_error(path, reason);
        }
    }
    Ok(())
}

/// Fails if the output file `path` holds the settings of this run.
fn refuse_settings(settings_files: &[PathBuf], path: &Path) -> anyhow::Result<()> {
    if settings_files.iter().any(|file| is_same_file(file, path)) {
        let path = path_name(path);
        bail!("refusing to overwrite {path}: it holds the settings of this run");
    }
    Ok(())
}

/// Fails if the output file `path` is named as an input, whether it exists or not.
fn refuse_input(inputs: &Inputs, path: &Path) -> anyhow::Result<()> {
    let is_file = |id: &FileId| input_with_id(inputs, id).is_some();
    let exists_as_input = FileId::of_path(path).filter(|_| !path.is_dir());
    let is_stdin = |input: &&PathBuf| input.as_os_str() == "-";
    let is_named = || {
        let mut files = inputs.paths.iter().filter(|input| !is_stdin(input));
        files.any(|input| is_same_file(input, path))
    };
    if exists_as_input.as_ref().is_some_and(is_file) || (!path.is_dir() && is_named()) {
        bail!(
            "refusing to overwrite {}: it is one of the inputs",
            path_name(path)
        );
    }
    Ok(())
}

/// Returns the name of the input that is the file `id`: a named file, or standard input.
fn input_with_id(inputs: &Inputs, id: &FileId) -> Option<String> {
    let is_stdin = || FileId::of_stdin().as_ref() == Some(id);
    if inputs.paths.is_empty() {
        return is_stdin().then(|| "standard input".to_owned());
    }
    inputs.paths.iter().find_map(|path| {
        if path.as_os_str() == "-" {
            return is_stdin().then(|| "standard input".to_owned());
        }
        let is_file = FileId::of_path(path).as_ref() == Some(id);
        is_file.then(|| path_name(path))
    })
}

/// Fails if an input is `folder`, where the run creates files, or something in it.
fn refuse_inputs_in(inputs: &Inputs, folder: &Path) -> anyhow::Result<()> {
    let ids = OutputIds::of(&inputs.outputs);
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    let mut named = inputs.paths.iter().filter(|path| !is_stdin(path));
    let folder_name = path_name(folder);
    if let Some(input) = named.find(|input| ids.has_in_folder(input)) {
        let input = path_name(input);
        bail!("refusing to write to {folder_name}: {input} is an input; name another folder");
    }
    if inputs.has_stdin()
        && let Some(stdin) = FileId::of_stdin()
    {
        let stdin = OutputIds::of_file(stdin);
        let mut files = walk_folder(folder, true, stdin).flatten();
        if files.any(|found| matches!(found, FoundFile::Output(_))) {
            bail!(
                "refusing to write to {folder_name}: standard input is a file in it; name another folder"
            );
        }
    }
    Ok(())
}

/// Returns the paths of the outputs that the run would find in its input folders: existing files,
/// and the output folder. A file that is found twice is listed once.
fn outputs_in_folders(inputs: &Inputs, ids: &OutputIds) -> Vec<PathBuf> {
    let mut outputs: Vec<(PathBuf, Option<FileId>)> = Vec::new();
    if ids.is_empty() {
        return Vec::new();
    }
    for folder in inputs.paths.iter().filter(|path| path.is_dir()) {
        let found = walk_folder(folder, inputs.include_all, ids.clone()).flatten();
        for found in found {
            let FoundFile::Output(path) = found else {
                continue;
            };
            let id = FileId::of_path(&path);
            if outputs.iter().all(|(_, other)| *other != id) {
                outputs.push((path, id));
            }
        }
    }
    outputs.into_iter().map(|(path, _)| path).collect()
}

/// Returns the existing output files that are below an input folder, but are not among those that
/// are `found` there: their names are not those of captures, or they are hidden or ignored by git.
fn unread_outputs(inputs: &Inputs, found: &[PathBuf]) -> Vec<PathBuf> {
    let folders = inputs.paths.iter().filter(|path| path.is_dir());
    let folders: Vec<PathBuf> = folders
        .filter_map(|path| path.canonicalize().ok())
        .collect();
    let found: Vec<Option<FileId>> = found.iter().map(|path| FileId::of_path(path)).collect();
    let is_unread = |path: &&PathBuf| {
        let is_below = |path: PathBuf| folders.iter().any(|folder| path.starts_with(folder));
        path.is_file()
            && path.canonicalize().is_ok_and(is_below)
            && !found.contains(&FileId::of_path(path))
    };
    inputs
        .outputs
        .files
        .iter()
        .filter(is_unread)
        .cloned()
        .collect()
}

fn has_split_name(path: &Path) -> bool {
    let name = path.file_name();
    name.is_some_and(|name| is_split_name(&name.to_string_lossy()))
}

/// Fails if the existing file `path` holds a call, or if that cannot be found out, because the run
/// writes to `output`, which is that file or a folder above it.
fn refuse_call(read: &ReadOptions, path: &Path, output: &Path) -> anyhow::Result<()> {
    if is_binary_table(path) {
        return Ok(());
    }
    let reason = match find_call(read, path) {
        Ok(None) => return Ok(()),
        Ok(Some(FoundCall { line, is_broken })) => {
            let call = if is_broken { "broken JSON" } else { "a call" };
            format!("has {call} on line {line}")
        }
        Err(unreadable) => format!("may have calls: {}", unreadable.reason),
    };
    if path == output {
        bail!(
            "refusing to overwrite {}: it is in an input folder and {reason}; write to another folder, or move or delete the file",
            path_name(output)
        );
    }
    bail!(
        "refusing to write to {}: it is in an input folder, and {} {reason}; write to another folder, or move or delete the file",
        path_name(output),
        path_name(path)
    );
}
