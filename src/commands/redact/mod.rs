//! `redact`: bodies without personal data, with the findings and figures of the originals.

mod report;

use std::env;
use std::path::Path;

use anyhow::Context as _;

use report::{KeySource, Report};

use crate::args::RedactArgs;
use crate::capture::source::reader::TableUse;
use crate::exit::UsageError;
use crate::export::bodies::BodyLayout;
use crate::redact::key::RedactKey;
use crate::run::bodies::{BodyForm, write_bodies};
use crate::run::claims::OUTPUT_OPTION;
use crate::run::host::random_bytes;
use crate::run::output_file::OutputFile;
use crate::run::session::Session;
use crate::run::split_bodies::write_files;
use crate::settings::redact_key::{create_key_file, is_readable_by_others, read_key_file};
use crate::table::sort::SortOrder;
use crate::tasks::redact::{conclude, redaction};
use crate::text::path_name::path_name;

/// Environment variable with the key.
const KEY_VARIABLE: &str = "POSTCALL_REDACT_KEY";

/// The option of the report.
const REPORT_OPTION: &str = "--report";

pub(crate) fn run(args: &RedactArgs, session: &mut Session) -> anyhow::Result<()> {
    if let Some(path) = &args.new_key {
        return create_key(path, session);
    }
    session.hide_text();
    let mut read = args.input.read_options(&session.config, session.clock)?;
    read.inputs.tables = TableUse::Refuse;
    read.settings_files.extend(args.key_file.clone());
    let (key, key_source) = read_key(args, session)?;
    let redaction = redaction(args, &key, &session.config.redact_keep, session.clock)?;
    let layout = BodyLayout::new(args.pretty);
    let form = BodyForm {
        layout,
        redaction: Some(&redaction),
    };
    let output = args.file();
    let report = args.report.as_ref().map(|report| report.path.as_path());
    let outputs = [(OUTPUT_OPTION, output), (REPORT_OPTION, report)];
    let outputs: Vec<_> = (outputs.into_iter())
        .filter_map(|(option, path)| Some((option, path?)))
        .collect();
    session.claim_outputs(&mut read, &outputs, args.split.as_deref())?;
    let report = report.map(OutputFile::create).transpose()?;
    let counts = if let Some(folder) = &args.split {
        write_files(&read, folder, form, session)?
    } else {
        let file = OutputFile::create_if_named(output)?;
        write_bodies(&read, file, form, &SortOrder::default(), session)?
    };
    session.flush()?;
    if let Some(mut file) = report {
        let report = Report::new(args, key_source, &counts, session);
        serde_json::to_writer_pretty(&mut file, &report)?;
        std::io::Write::write_all(&mut file, b"\n")?;
        file.complete()?;
    }
    let is_key_random = key_source == KeySource::Random;
    conclude(args, is_key_random, &counts, &redaction, session);
    Ok(())
}

/// Creates the key file of `--new-key`.
fn create_key(path: &Path, session: &mut Session) -> anyhow::Result<()> {
    create_key_file(path, &RedactKey::new(random_bytes()?))?;
    session.print_result(&format!(
        "new key → {}: keep it apart from redacted bodies, and out of repositories",
        path_name(path)
    ));
    Ok(())
}

/// The key of the file, of the environment, or a random one.
fn read_key(args: &RedactArgs, session: &mut Session) -> anyhow::Result<(RedactKey, KeySource)> {
    if let Some(path) = &args.key_file {
        let key = read_key_file(path).map_err(UsageError)?;
        if is_readable_by_others(path) {
            let path = path_name(path);
            session.print_message(&format!(
                "warning: {path}: other users can read this key; run `chmod 600` on it"
            ));
        }
        return Ok((key, KeySource::File));
    }
    if let Some(text) = env::var_os(KEY_VARIABLE).filter(|text| !text.is_empty()) {
        let key = RedactKey::read(text.as_encoded_bytes()).map_err(anyhow::Error::msg);
        let key = key.context(KEY_VARIABLE).map_err(UsageError)?;
        return Ok((key, KeySource::Environment));
    }
    Ok((RedactKey::new(random_bytes()?), KeySource::Random))
}
