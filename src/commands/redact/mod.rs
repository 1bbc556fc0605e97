//! `redact`: bodies without personal data, with the findings and figures of the originals.

mod report;

use std::env;
use std::path::Path;

use anyhow::Context as _;
use chrono::TimeDelta;

use report::{KeySource, Report};

use crate::capture::source::reader::TableUse;
use crate::cli::{RedactArgs, TimesMode};
use crate::exit::{Exit, UsageError};
use crate::export::bodies::BodyLayout;
use crate::redact::body::{Redaction, TextMode};
use crate::redact::counts::RedactionCounts;
use crate::redact::dates::TimeShift;
use crate::redact::keep_list::KeepList;
use crate::redact::key::RedactKey;
use crate::redact::pseudonyms::Pseudonyms;
use crate::redact::residuals::Residuals;
use crate::run::bodies::{self, BodyForm};
use crate::run::claims::OUTPUT_OPTION;
use crate::run::host::random_bytes;
use crate::run::output_file::OutputFile;
use crate::run::session::Session;
use crate::settings::redact_key::{create_key_file, is_readable_by_others, read_key_file};
use crate::table::sort::SortOrder;
use crate::text::path_name::path_name;
use crate::text::plural::format_count;
use crate::text::shorten::shorten;

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
    let redaction = redaction(args, &key, session)?;
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
    let counts = match &args.split {
        Some(folder) => bodies::write_files(&read, folder, form, session)?,
        None => bodies::write_bodies(&read, output, form, &SortOrder::default(), session)?,
    };
    session.flush()?;
    if let Some(mut file) = report {
        let report = Report::new(args, key_source, &counts, session);
        serde_json::to_writer_pretty(&mut file, &report)?;
        std::io::Write::write_all(&mut file, b"\n")?;
        file.complete()?;
    }
    if session.counts().calls > 0 {
        print_summary(args, key_source, &counts, &redaction, session);
    }
    let has_residuals = counts.kept_texts > 0 || counts.residuals.count() > 0;
    if args.strict && (has_residuals || !session.skipped_input().is_empty()) {
        session.fail(Exit::BadData);
    }
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

fn redaction(args: &RedactArgs, key: &RedactKey, session: &Session) -> anyhow::Result<Redaction> {
    let keep = session.config.redact_keep.iter().chain(&args.keep);
    let keep: Vec<String> = keep.cloned().collect();
    let keep = KeepList::new(&keep)
        .map_err(|error| UsageError(anyhow::Error::msg(format!("--keep {}", shorten(&error)))))?;
    let pseudonyms = Pseudonyms::new(key);
    let by = match args.times {
        TimesMode::Shift => pseudonyms.shift(),
        TimesMode::Keep => TimeDelta::zero(),
    };
    let now = session.clock.now();
    Ok(Redaction {
        pseudonyms,
        text: args.text,
        times: TimeShift { by, now },
        keep,
    })
}

/// Prints what was done, and what was not.
fn print_summary(
    args: &RedactArgs,
    key_source: KeySource,
    counts: &RedactionCounts,
    redaction: &Redaction,
    session: &mut Session,
) {
    for glob in redaction.keep.unmatched() {
        let glob = shorten(glob);
        session.print_message(&format!(
            "--keep {glob}: no variable or undocumented member has such a name"
        ));
    }
    if counts.future_times > 0 {
        let times = format_count(counts.future_times, "time");
        session.print_message(&format!("{times} in the future not shifted"));
    }
    if counts.short_ids > 0 {
        let ids = format_count(counts.short_ids, "id");
        session.print_message(&format!(
            "{ids} of fewer than 6 digits became ids of 9 digits"
        ));
    }
    if args.text == TextMode::Keep {
        let texts = format_count(counts.kept_texts, "text");
        session.print_message(&format!(
            "warning: {texts} may hold personal data (--text keep)"
        ));
    }
    if args.text == TextMode::Scrub {
        print_residuals(&counts.residuals, session);
    }
    let result = match args.text {
        TextMode::Shape => "the result is pseudonymous, not anonymous",
        TextMode::Scrub | TextMode::Keep => "the result may still identify people",
    };
    let calls = format_count(session.counts().selected(), "call");
    let written = args
        .file()
        .map_or(String::new(), |path| format!(" → {}", path_name(path)));
    let key = match key_source {
        KeySource::Random => "; the key was random, so the next run gives other pseudonyms",
        KeySource::File | KeySource::Environment => "",
    };
    session.print_message(&format!("{calls} redacted{written}; {result}{key}"));
}

/// Prints what `--text scrub` left.
fn print_residuals(residuals: &Residuals, session: &mut Session) {
    const MOST_TEXTS: usize = 20;
    session.print_message(
        "warning: --text scrub misses some personal data: read the texts before you share them",
    );
    if residuals.count() == 0 {
        return;
    }
    let texts = residuals.texts();
    let shown = texts
        .iter()
        .take(MOST_TEXTS)
        .map(|(text, count)| match count {
            1 => shorten(text).into_owned(),
            count => format!("{} ({count})", shorten(text)),
        });
    let mut shown = shown.collect::<Vec<_>>().join(", ");
    if texts.len() > MOST_TEXTS {
        shown.push_str(", …");
    }
    let counts = [(residuals.words, "word"), (residuals.numbers, "number")];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts
        .map(|(count, noun)| format_count(*count, noun))
        .collect();
    session.print_message(&format!(
        "{} left that may be personal: {shown}",
        counts.join(" and ")
    ));
}
