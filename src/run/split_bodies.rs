//! Writes bodies to one file per call.

use std::path::Path;

use super::bodies::{BodyForm, FormattedBodies};
use super::output_file::create_folder;
use super::read_plan::ReadOptions;
use super::session::Session;
use super::split_folder::{SplitFolder, file_stem};
use crate::capture::find::item::Body;
use crate::contract::CALL_ID;
use crate::json::Json;
use crate::redact::counts::RedactionCounts;
use crate::text::path_name::path_name;
use crate::text::plural::format_count;

impl BodyForm<'_> {
    /// The stem of the name of the file for the body that was appended last.
    fn file_stem(self, body: &Body, bodies: &FormattedBodies) -> String {
        if self.redaction.is_none() {
            return file_stem(body.id());
        }
        let members = Json::from_well_formed(&bodies.redacted).members();
        let id = members.and_then(|members| {
            let mut names = ["id", CALL_ID].iter();
            names.find_map(|name| members.get(name))
        });
        file_stem(id)
    }
}

/// Writes one file per call to `folder`.
pub(crate) fn write_files(
    read: &ReadOptions,
    folder: &Path,
    form: BodyForm,
    session: &mut Session,
) -> anyhow::Result<RedactionCounts> {
    create_folder(folder)?;
    let mut counts = RedactionCounts::default();
    let mut files = SplitFolder::open(folder);
    session.for_each_call(
        read,
        |body, files: &mut Vec<(String, String, RedactionCounts)>| {
            let mut bodies = FormattedBodies::default();
            form.push(body, &mut bodies);
            let stem = form.file_stem(body, &bodies);
            files.push((stem, bodies.text, bodies.counts));
        },
        |_, formatted| {
            form.check_collisions()?;
            formatted.into_iter().try_for_each(|(stem, text, more)| {
                counts += more;
                files.write(&stem, text.as_bytes())
            })
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
    Ok(counts)
}
