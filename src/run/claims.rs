//! Keeps the files that a run writes apart from those that it reads: they are refused as inputs,
//! and an existing one is never replaced if it was found in an input folder and holds a call.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::output_file::is_same_file;
use super::read_plan::ReadOptions;
use super::session::Session;
use super::split_folder::is_split_name;
use crate::capture::find::item::{Item, NonCallKind};
use crate::capture::find::search::Search;
use crate::capture::location::position::Locator;
use crate::capture::source::files::file_id::{FileId, stdout_is_empty};
use crate::capture::source::files::folder::{FoundFile, walk_folder};
use crate::capture::source::files::inputs::Inputs;
use crate::capture::source::files::open::open_sources;
use crate::capture::source::files::outputs::{OutputIds, Outputs};
use crate::capture::source::reader::{Source, UnreadableInput};
use crate::capture::split::batch::{Batch, batches_of};
use crate::exit::UsageError;
use crate::lint::rule_data::Level;
use crate::lint::rules::registry;
use crate::select::counts::Counts;
use crate::select::filter::Filter;
use crate::select::selection::Selection;
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
        };
        if let Some(folder) = folder {
            refuse_inputs_in(&read.inputs, folder)?;
        }
        let ids = OutputIds::of(&read.inputs.outputs);
        for output in outputs_in_folders(&read.inputs, &ids) {
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
                    output.display()
                ));
            }
        }
        Ok(())
    }

    /// Fails if standard output is written to one of the inputs. A file in an input folder is
    /// skipped: the run only adds to it. There is a message unless the shell has just created it.
    pub(super) fn check_stdout(&mut self, inputs: &Inputs) -> anyhow::Result<()> {
        let Some(stdout) = FileId::of_stdout() else {
            return Ok(());
        };
        if let Some(input) = input_with_id(inputs, &stdout) {
            bail!("refusing to read {input}: standard output is written to the same file");
        }
        if stdout_is_empty() {
            return Ok(());
        }
        let ids = OutputIds::of_file(stdout);
        for output in outputs_in_folders(inputs, &ids) {
            let output = output.display();
            self.print_message(&format!(
                "skipped {output}: standard output is written to it"
            ));
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
            let folder = folder.display();
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
        let error = anyhow!("{}: {reason}", path.display());
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
        let stdout = FileId::of_stdout().filter(|_| *option != OUTPUT_OPTION && path.is_file());
        if stdout.is_some() && stdout == FileId::of_path(path) {
            let reason = format!("{option} and standard output must be different files");
            return usage_error(path, reason);
        }
    }
    Ok(())
}

/// Fails if the output file `path` holds the settings of this run.
fn refuse_settings(settings_files: &[PathBuf], path: &Path) -> anyhow::Result<()> {
    if settings_files.iter().any(|file| is_same_file(file, path)) {
        let path = path.display();
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
            path.display()
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
        is_file.then(|| path.display().to_string())
    })
}

/// Fails if an input is `folder`, where the run creates files, or something in it.
fn refuse_inputs_in(inputs: &Inputs, folder: &Path) -> anyhow::Result<()> {
    let ids = OutputIds::of(&inputs.outputs);
    let is_stdin = |path: &Path| path.as_os_str() == "-";
    let mut named = inputs.paths.iter().filter(|path| !is_stdin(path));
    let folder_name = folder.display();
    if let Some(input) = named.find(|input| ids.has_in_folder(input)) {
        let input = input.display();
        bail!("refusing to write to {folder_name}: {input} is an input; name another folder");
    }
    let reads_stdin = inputs.paths.is_empty() || inputs.paths.iter().any(|path| is_stdin(path));
    if reads_stdin && let Some(stdin) = FileId::of_stdin() {
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

fn has_split_name(path: &Path) -> bool {
    let name = path.file_name();
    name.is_some_and(|name| is_split_name(&name.to_string_lossy()))
}

/// Fails if the existing file `path` holds a call, or if that cannot be found out, because the run
/// writes to `output`, which is that file or a folder above it.
fn refuse_call(read: &ReadOptions, path: &Path, output: &Path) -> anyhow::Result<()> {
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
            output.display()
        );
    }
    bail!(
        "refusing to write to {}: it is in an input folder, and {} {reason}; write to another folder, or move or delete the file",
        output.display(),
        path.display()
    );
}

/// The first call in a file, which may be broken.
#[derive(Clone, Copy)]
struct FoundCall {
    line: u64,
    is_broken: bool,
}

/// Returns the first call in the file, by the usual search and by that of `read`. Fails if there is
/// none and a part of the file cannot be read.
fn find_call(read: &ReadOptions, path: &Path) -> Result<Option<FoundCall>, UnreadableInput> {
    let inputs = Inputs {
        paths: vec![path.to_owned()],
        limit: read.inputs.limit,
        ..Inputs::default()
    };
    let selection = |search| Selection::new(search, Filter::default());
    let mut selections = vec![selection(Search::Everywhere)];
    if read.search != Search::Everywhere {
        selections.push(selection(read.search.clone()));
    }
    let mut unreadable = None;
    let mut is_first = true;
    let sources = open_sources(&inputs).map(|source| {
        source.map(|source| Source {
            // The file may be empty.
            may_lack_calls: true,
            ..source
        })
    });
    for batch in batches_of(sources) {
        let batch = match batch {
            Ok(batch) => batch,
            Err(error) => {
                unreadable = unreadable.or(Some(error));
                continue;
            }
        };
        if std::mem::take(&mut is_first) && is_report(&batch.bytes) {
            return Ok(None);
        }
        let found = selections
            .iter()
            .find_map(|selection| find_call_in(&batch, selection));
        if found.is_some() {
            return Ok(found);
        }
    }
    unreadable.map_or(Ok(None), Err)
}

/// Returns the first call in the batch. Broken JSON counts only in text: a Parquet file may look
/// like it.
fn find_call_in(batch: &Batch, selection: &Selection) -> Option<FoundCall> {
    let is_binary = memchr::memchr(0, &batch.bytes).is_some();
    let locator = Locator::new(&batch.bytes, batch.start, batch.coding);
    let mut found = None;
    let mut visit = |item: Item, _: &mut Counts| {
        let (line, is_broken) = match &item {
            _ if found.is_some() => return,
            Item::Call(body) => (body.position().line, false),
            Item::NonCall(other) if other.kind == NonCallKind::Broken && !is_binary => {
                (other.locator.position(other.offset).line, true)
            }
            Item::NonCall(_) => return,
        };
        found = Some(FoundCall { line, is_broken });
    };
    let _ = selection.for_each_item(batch, &locator, &mut Counts::default(), &mut visit);
    found
}

/// Returns true if `text` starts as a report for people or a file of rejects does. These repeat
/// parts of the input, among them calls, and a later run may replace them.
fn is_report(text: &[u8]) -> bool {
    let line = text.split(|byte| *byte == b'\n').next();
    let line = String::from_utf8_lossy(line.unwrap_or_default());
    let is_finding = |level: &Level| {
        let rule = line.strip_prefix(level.name());
        let rule = rule.and_then(|rule| rule.strip_prefix('[')?.split_once("]: "));
        rule.is_some_and(|(id, _)| registry().any(|rule| rule.id == id))
    };
    let mut members = [",\"line\":", ",\"column\":", ",\"reason\":\""].into_iter();
    let mut is_reject =
        || line.starts_with("{\"source\":\"") && members.all(|name| line.contains(name));
    Level::ALL.iter().any(is_finding) || is_reject()
}
