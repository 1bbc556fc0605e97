//! `stats`: what came out of the calls, as tables, JSON or CSV.

use std::io::Write;
use std::path::Path;

use crate::cli::{StatsArgs, StatsFormat};
use crate::exit::UsageError;
use crate::export::stats_rows::{HEADINGS, figure_rows};
use crate::export::{RowFormat, TableOptions, escape_markdown};
use crate::run::claims::OUTPUT_OPTION;
use crate::run::output_file::OutputFile;
use crate::run::session::Session;
use crate::stats::model::{InputFigures, Stats};
use crate::stats::section::StatsSection;
use crate::stats::{Collector, GroupBy, StatsRequest};
use crate::table::writer::Heading;
use crate::text::plural::format_count;
use crate::text::safe_text;
use crate::text::workflow_commands::break_commands;
use crate::view::figures::{FigureTable, tables};
use crate::view::terminal::Terminal;

pub(crate) fn run(args: &StatsArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format().map_err(UsageError)?;
    args.check_options().map_err(UsageError)?;
    let mut read = args.input.read_options(&session.config, session.clock)?;
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
    };
    let goal_names = request.goal.names();
    let group_names = request.by.as_ref().and_then(GroupBy::names);
    let sum = session.sum_distinct_calls(
        &read,
        |body, batch: &mut Collector| {
            goal_names.observe(body.object);
            if let Some(names) = &group_names {
                names.observe(body.object);
            }
            batch.add(body.object, &request);
        },
        Collector::merge,
    )?;
    if session.counts().calls == 0 {
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
    let input = input_figures(
        session,
        sum.copies,
        read.dedupe.is_some() || read.limit.is_some(),
    );
    let mut stats = sum.sum.into_stats(&request, input);
    let is_for_people = !matches!(format, StatsFormat::Json | StatsFormat::Csv);
    if is_for_people && args.only.is_empty() {
        stats.keep(&StatsSection::OVERVIEW);
    } else {
        stats.keep(&args.only);
    }
    let terminal = match file {
        Some(_) => session.terminal.in_file(),
        None => session.terminal,
    };
    session.write_after_reading(file, !is_for_people, |out, _| {
        write_stats(&stats, format, terminal, out)
    })?;
    if let Some(path) = args.file() {
        let calls = format_count(stats.counted_calls(), "call");
        session.print_written(&[calls], path, is_replaced);
    }
    Ok(())
}

/// Counts of the bodies that were read. `are_copies_excluded` is true if the session has counted
/// copies among the excluded calls.
fn input_figures(session: &Session, copies: u64, are_copies_excluded: bool) -> InputFigures {
    let counts = session.counts();
    let excluded_copies = if are_copies_excluded { copies } else { 0 };
    InputFigures {
        bodies: counts.calls,
        filtered_out: counts.excluded - excluded_copies,
        copies,
        test_deliveries: 0,
        other_payloads: counts.other_payloads.clone(),
        broken: counts.broken,
        lost_bodies: counts.lost_bodies,
    }
}

fn write_stats(
    stats: &Stats,
    format: StatsFormat,
    terminal: Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    match format {
        StatsFormat::Table => write_tables(stats, RowFormat::Table, terminal, out),
        StatsFormat::Vertical => {
            write_tables(stats, RowFormat::Vertical, terminal.without_bars(), out)
        }
        StatsFormat::Markdown => {
            write_tables(stats, RowFormat::Markdown, terminal.without_bars(), out)
        }
        StatsFormat::Json => {
            let json = serde_json::to_string_pretty(stats)?;
            Ok(writeln!(out, "{}", safe_text::json(&json))?)
        }
        StatsFormat::Csv => {
            let headings = HEADINGS.map(Heading::new);
            let mut writer = TableOptions::from(RowFormat::Csv).create_writer(&headings, terminal);
            for row in figure_rows(stats) {
                writer.write_row(&row, out)?;
            }
            Ok(writer.finish(out)?)
        }
    }
}

/// Writes the sections as tables for people, each with its notes.
fn write_tables(
    stats: &Stats,
    format: RowFormat,
    terminal: Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    for (index, table) in tables(stats, terminal).into_iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        if format == RowFormat::Markdown {
            writeln!(out, "## {}\n", escape_markdown(&table.title))?;
        }
        write_table(&table, format, terminal, out)?;
        for note in &table.notes {
            if format == RowFormat::Markdown {
                writeln!(out, "\n{}", break_commands(&escape_markdown(note)))?;
                continue;
            }
            for line in terminal.note_lines(note) {
                writeln!(out, "{}", break_commands(&line))?;
            }
        }
    }
    Ok(())
}

fn write_table(
    table: &FigureTable,
    format: RowFormat,
    terminal: Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    let mut writer = TableOptions::from(format).create_writer(&table.headings, terminal);
    for row in &table.rows {
        writer.write_row(row, out)?;
    }
    Ok(writer.finish(out)?)
}
