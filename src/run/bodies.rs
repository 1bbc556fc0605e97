//! Writes bodies: to one output, or to one file per call.

use std::path::Path;

use super::output_file::{OutputFile, create_folder};
use super::read_plan::ReadOptions;
use super::session::Session;
use super::sorted::SortedRecords;
use super::split_folder::{SplitFolder, file_stem};
use crate::capture::find::item::Body;
use crate::export::bodies::{BodyLayout, BodyStream};
use crate::table::sort::SortOrder;
use crate::text::path_name::path_name;
use crate::text::plural::format_count;

/// Writes the selected bodies, in the order of `sort`, to the file `output`, or to standard output
/// if that is `None`. The file appears when it is complete; without a call it is not written.
pub(crate) fn write_bodies(
    read: &ReadOptions,
    output: Option<&Path>,
    layout: BodyLayout,
    sort: &SortOrder,
    session: &mut Session,
) -> anyhow::Result<()> {
    if !sort.is_empty() {
        return write_sorted_bodies(read, output, layout, sort, session);
    }
    let append = |body: &Body, text: &mut String| layout.push(body.value(), text);
    let mut stream = BodyStream::new(layout);
    let mut file = output.map(OutputFile::create).transpose()?;
    if file.is_none() {
        session.guard_terminal();
    }
    session.for_each_call(read, append, |stdout, text| {
        let out = file.as_mut().map_or(stdout, |file| file);
        Ok(stream.write(text.as_bytes(), out)?)
    })?;
    let Some(mut file) = file else {
        return Ok(stream.finish(&mut session.out)?);
    };
    if session.lacks_calls() {
        return Ok(());
    }
    stream.finish(&mut file)?;
    file.complete()
}

/// Writes bodies like [`write_bodies`], after all of them were read and sorted.
fn write_sorted_bodies(
    read: &ReadOptions,
    output: Option<&Path>,
    layout: BodyLayout,
    sort: &SortOrder,
    session: &mut Session,
) -> anyhow::Result<()> {
    let file = output.map(OutputFile::create).transpose()?;
    let records = SortedRecords::read(read, sort, session, |body, record| {
        let mut text = String::new();
        layout.push(body.value(), &mut text);
        record.extend_from_slice(text.as_bytes());
    })?;
    if file.is_some() && session.lacks_calls() {
        return Ok(());
    }
    let mut stream = BodyStream::new(layout);
    session.write_after_reading(file, true, |out, _| {
        records.for_each(|record| Ok(stream.write(record, out)?))?;
        Ok(stream.finish(out)?)
    })
}

/// Writes one file per call to `folder`.
pub(crate) fn write_files(
    read: &ReadOptions,
    folder: &Path,
    layout: BodyLayout,
    session: &mut Session,
) -> anyhow::Result<()> {
    create_folder(folder)?;
    let mut files = SplitFolder::open(folder);
    session.for_each_call(
        read,
        |body, bodies: &mut Vec<(String, String)>| {
            let mut text = String::new();
            layout.push(body.value(), &mut text);
            bodies.push((file_stem(body), text));
        },
        |_, bodies| {
            bodies
                .into_iter()
                .try_for_each(|(stem, text)| files.write(&stem, text.as_bytes()))
        },
    )?;
    let written = format_count(files.written, "file");
    let existing = match files.unchanged {
        0 => String::new(),
        existing => format!(", {} already present", format_count(existing, "file")),
    };
    session.print_message(&format!(
        "{written} written to {}{existing}",
        path_name(folder)
    ));
    Ok(())
}
