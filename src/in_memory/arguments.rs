//! Reads the arguments of the commands from the options of a request. What the page lacks stays at
//! its default; `lacking.rs` lists it.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::bail;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::request::{Options, choose};
use crate::args::command_args::{ListArgs, ShowArgs, StatsArgs, TableArgs};
use crate::args::export_args::{ColumnArgs, CsvArgs, ExportArgs, ExportFormatName, TypeArgs};
use crate::args::filter_args::CallArgs;
use crate::args::{InputArgs, RedactArgs, SortArgs};
use crate::capture::source::named_sources::NamedSource;
use crate::export::{BinaryFormat, RowFormat};
use crate::report::FindingsFormat;

/// The names of the formats that the page has for a command; the first one is the default. All
/// others are in `lacking.rs`.
pub(super) const FORMATS: &[(&str, &[&str])] = &[
    ("list", &["json", "jsonl", "csv", "tsv"]),
    ("show", &["json", "jsonl"]),
    ("validate", &["json", "jsonl"]),
    ("export", &["csv", "json", "jsonl", "tsv", "xlsx"]),
    ("stats", &["json", "csv", "html"]),
];

/// The format of a request for `command`.
fn format<T: DeserializeOwned>(options: &mut Options, command: &str) -> anyhow::Result<T> {
    let formats = FORMATS.iter().find(|(name, _)| *name == command);
    let formats = formats.map_or(&[][..], |(_, formats)| *formats);
    match options.text("format")? {
        Some(name) if !formats.contains(&&*name) => {
            bail!("format: expected one of {}", formats.join(", "))
        }
        Some(name) => choose("format", &name),
        None => choose("format", formats[0]),
    }
}

/// The sources of a request.
pub(super) type Sources = Arc<[NamedSource]>;

fn calls(options: &mut Options) -> anyhow::Result<CallArgs> {
    let calls = CallArgs {
        id: options.value_items("id")?,
        status: options.value_items("status")?,
        phone: options.values("phone")?,
        campaign: options.values("campaign")?,
        var: options.values("var")?,
        grep: options.values("grep")?,
        has: options.choices("has")?,
        since: options.value("since")?,
        until: options.value("until")?,
        min_duration: options.value("min-duration")?,
        max_duration: options.value("max-duration")?,
        dedupe: options.choice("dedupe")?,
        limit: options.value("limit")?,
        zone: options.value("tz")?,
        zone_origin: None,
    };
    if calls.needs_local_zone() {
        bail!("days that are counted from today need the option tz");
    }
    Ok(calls)
}

fn input(options: &mut Options, sources: &Sources) -> anyhow::Result<InputArgs> {
    let args = InputArgs {
        paths: (sources.iter())
            .map(|source| PathBuf::from(&source.name))
            .collect(),
        stdin_filename: None,
        at: options.value("at")?,
        no_search: options.flag("no-search")?,
        all: options.flag("all")?,
        max_unpacked: options.value("max-unpacked")?,
        allow_empty: options.flag("allow-empty")?,
        named: Some(Arc::clone(sources)),
        calls: calls(options)?,
    };
    if args.at.is_some() && args.no_search {
        bail!("the options at and no-search cannot be combined");
    }
    Ok(args)
}

fn sort(options: &mut Options) -> anyhow::Result<SortArgs> {
    Ok(SortArgs {
        sort: options.texts("sort")?,
    })
}

pub(super) fn list(options: &mut Options, sources: &Sources) -> anyhow::Result<ListArgs> {
    Ok(ListArgs {
        table: TableArgs {
            input: input(options, sources)?,
            format: format(options, "list")?,
            no_guard: options.flag("no-guard")?,
        },
        sort: sort(options)?,
    })
}

pub(super) fn show(options: &mut Options, sources: &Sources) -> anyhow::Result<ShowArgs> {
    Ok(ShowArgs {
        input: input(options, sources)?,
        only: options.choices("only")?,
        transcript: options.choice("transcript")?,
        format: format(options, "show")?,
    })
}

/// The arguments of `validate`.
pub(super) struct ValidateArgs {
    pub(super) input: InputArgs,
    pub(super) format: FindingsFormat,
    pub(super) max_findings: Option<u64>,
    pub(super) strict: bool,
    pub(super) only_completed: bool,
    pub(super) include_recording: bool,
}

pub(super) fn validate(options: &mut Options, sources: &Sources) -> anyhow::Result<ValidateArgs> {
    Ok(ValidateArgs {
        input: input(options, sources)?,
        format: format(options, "validate")?,
        max_findings: options.value("max-findings")?,
        strict: options.flag("strict")?,
        only_completed: options.flag("only-completed")?,
        include_recording: options.flag("include-recording")?,
    })
}

pub(super) fn export(options: &mut Options, sources: &Sources) -> anyhow::Result<ExportArgs> {
    let args = ExportArgs {
        input: input(options, sources)?,
        output: None,
        format: Some(format::<ExportName>(options, "export")?.into()),
        rows: options.choice("rows")?,
        headings: options.choice("headings")?,
        rejects: None,
        flat: options.flag("flat")?,
        nested: false,
        sort: sort(options)?,
        types: TypeArgs {
            variables: None,
            only_declared: false,
            with_source: options.flag("with-source")?,
        },
        columns: ColumnArgs {
            lists: options.texts("columns")?,
            list_columns: false,
            time_format: options.value("time-format")?,
        },
        csv: CsvArgs {
            program: options.choice("for")?,
            delimiter: options.value("delimiter")?,
            bom: options.flag("bom")?,
            no_header: options.flag("no-header")?,
            null: options.text("null")?,
            line_breaks: options.choice("line-breaks")?,
            booleans: options.value("bool")?,
            no_guard: options.flag("no-guard")?,
        },
    };
    args.check_types(false)?;
    Ok(args)
}

/// A format of `export`, which is a binary one or one of rows.
#[derive(Deserialize)]
#[serde(untagged)]
enum ExportName {
    Binary(BinaryFormat),
    Rows(RowFormat),
}

impl From<ExportName> for ExportFormatName {
    fn from(name: ExportName) -> Self {
        match name {
            ExportName::Binary(format) => Self::Binary(format),
            ExportName::Rows(format) => Self::Rows(format),
        }
    }
}

pub(super) fn stats(options: &mut Options, sources: &Sources) -> anyhow::Result<StatsArgs> {
    Ok(StatsArgs {
        input: input(options, sources)?,
        by: options.value("by")?,
        goal: options.value("goal")?,
        compare: options.flag("compare")?,
        per_minute: options.value("per-minute")?,
        only: options.choices("only")?,
        format: Some(format(options, "stats")?),
        output: None,
        title: options.text("title")?,
        lang: options.choice("lang")?,
        with_calls: options.flag("with-calls")?,
    })
}

/// The arguments of `redact`, and the key in hexadecimal digits.
pub(super) fn redact(
    options: &mut Options,
    sources: &Sources,
) -> anyhow::Result<(RedactArgs, Option<String>)> {
    let args = RedactArgs {
        input: input(options, sources)?,
        key_file: None,
        new_key: None,
        text: options.choice("text")?.unwrap_or_default(),
        times: options.choice("times")?.unwrap_or_default(),
        keep: options.items("keep")?,
        report: None,
        strict: options.flag("strict")?,
        pretty: options.flag("pretty")?,
        split: None,
        output: None,
    };
    Ok((args, options.text("key")?))
}
