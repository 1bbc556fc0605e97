//! `stats`: what came out of the calls, as tables, JSON, CSV or one HTML file.

use std::io::Write;
use std::path::Path;

use crate::cli::{StatsArgs, StatsFormat};
use crate::exit::UsageError;
use crate::export::stats_rows::{figure_rows, headings};
use crate::export::{RowFormat, TableOptions};
use crate::run::claims::OUTPUT_OPTION;
use crate::run::figure_tables::{write_heading, write_tables};
use crate::run::output_file::OutputFile;
use crate::run::session::Session;
use crate::stats::model::Stats;
use crate::stats::section::{StatsSection, StatsSections};
use crate::stats::{GroupBy, ReportSums, StatsRequest};
use crate::table::writer::Heading;
use crate::text::plural::format_count;
use crate::text::safe_text;
use crate::view::figures::{comparison_lines, tables};
use crate::view::html::{ReportOptions, report};
use crate::view::terminal::Terminal;

pub(crate) fn run(args: &StatsArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format().map_err(UsageError)?;
    args.check_options(format).map_err(UsageError)?;
    let mut read = args.input.read_options(&session.config, session.clock)?;
    let windows = args.windows(session.clock).map_err(UsageError)?;
    if let Some(windows) = &windows {
        read.filter = read.filter.within(windows);
    }
    let output = args.file().map(|path| (OUTPUT_OPTION, path));
    let outputs: Vec<_> = output.into_iter().collect();
    session.claim_outputs(&mut read, &outputs, None)?;
    let is_replaced = args.file().is_some_and(Path::is_file);
    let file = args.file().map(OutputFile::create).transpose()?;
    let request = StatsRequest {
        zone: args.input.zone(),
        goal: args.goal.clone().unwrap_or_default(),
        by: args.by.clone(),
        only_completed: session.config.only_completed,
        price: args.per_minute,
        windows,
        sections: sections(args, format),
    };
    let goal_names = request.goal.names();
    let group_names = request.by.as_ref().and_then(GroupBy::names);
    let sum = session.sum_distinct_calls(
        &read,
        |body, batch: &mut ReportSums| {
            if !batch.add(body.object, &request) {
                return;
            }
            if request.goal.is_given {
                goal_names.observe(body.object);
            }
            if let Some(names) = &group_names {
                names.observe(body.object);
            }
        },
        ReportSums::merge,
    )?;
    if session.lacks_calls() {
        return Ok(());
    }
    if request.goal.is_given && session.counts().selected() > 0 {
        for absence in goal_names.absent() {
            session.print_message(&absence);
        }
    }
    if let (Some(by), Some(names)) = (&request.by, group_names)
        && session.counts().selected() > 0
    {
        for absence in names.absent() {
            session.print_message(&by.absence(absence));
        }
    }
    let stats = sum.sum.into_stats(&request, sum.input);
    let terminal = match file {
        Some(_) => session.terminal.in_file(),
        None => session.terminal,
    };
    session.write_after_reading(file, !format.is_for_people(), |out, _| {
        write_stats(&stats, format, args, terminal, out)
    })?;
    if let Some(path) = args.file() {
        let counts = match &stats.compare {
            Some(compare) => vec![
                format_count(compare.window.calls, "call"),
                format!(
                    "{} before",
                    format_count(compare.window_before.calls, "call")
                ),
            ],
            None => vec![format_count(stats.counted_calls(), "call")],
        };
        session.print_written(&counts, path, is_replaced);
    }
    Ok(())
}

/// The sections to compute: those of `--only`, or else an overview for people, and all for programs
/// and for the HTML report.
fn sections(args: &StatsArgs, format: StatsFormat) -> StatsSections {
    if !args.only.is_empty() {
        args.only.iter().copied().collect()
    } else if format.is_for_people() {
        let billing = args.per_minute.map(|_| StatsSection::Billing);
        StatsSection::OVERVIEW.into_iter().chain(billing).collect()
    } else {
        StatsSections::ALL
    }
}

fn write_stats(
    stats: &Stats,
    format: StatsFormat,
    args: &StatsArgs,
    terminal: Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let heading = stats.compare.as_ref().map(comparison_lines);
    let heading = heading.unwrap_or_default();
    match format {
        StatsFormat::Table => {
            write_heading(&heading, RowFormat::Table, terminal, out)?;
            write_tables(&tables(stats, terminal), RowFormat::Table, terminal, out)
        }
        StatsFormat::Vertical => {
            let terminal = terminal.without_bars();
            write_heading(&heading, RowFormat::Vertical, terminal, out)?;
            write_tables(&tables(stats, terminal), RowFormat::Vertical, terminal, out)
        }
        StatsFormat::Markdown => {
            let terminal = terminal.without_bars();
            write_heading(&heading, RowFormat::Markdown, terminal, out)?;
            write_tables(&tables(stats, terminal), RowFormat::Markdown, terminal, out)
        }
        StatsFormat::Json => {
            let json = serde_json::to_string_pretty(stats)?;
            Ok(writeln!(out, "{}", safe_text::json(&json))?)
        }
        StatsFormat::Csv => {
            let headings: Vec<Heading> =
                headings(stats).iter().copied().map(Heading::new).collect();
            let mut writer = TableOptions::from(RowFormat::Csv).create_writer(&headings, terminal);
            for row in figure_rows(stats) {
                writer.write_row(&row[..headings.len()], out)?;
            }
            Ok(writer.finish(out)?)
        }
        StatsFormat::Html => {
            let options = ReportOptions {
                language: args.lang.unwrap_or_default(),
                with_calls: args.with_calls,
            };
            let page = report(stats, args.title.as_deref(), options);
            Ok(out.write_all(page.as_bytes())?)
        }
    }
}
