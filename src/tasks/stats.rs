//! What came out of the calls, as tables, JSON, CSV or one HTML file.

use std::io::Write;

use crate::args::{StatsArgs, StatsFormat};
use crate::call::Call;
use crate::capture::find::item::Body;
use crate::exit::UsageError;
use crate::export::stats_rows::{figure_rows, headings};
use crate::export::{FOR_PEOPLE, RowFormat, TableOptions};
use crate::host::AtomicFile;
use crate::lint::checker::Checker;
use crate::lint::collector::FindingLimits;
use crate::lint::rule_data::Level;
use crate::run::figure_tables::{write_heading, write_tables};
use crate::run::find_calls::body_key;
use crate::run::read_plan::ReadOptions;
use crate::run::session::Session;
use crate::select::filter::{FilterNames, Window, Windows};
use crate::stats::model::Stats;
use crate::stats::section::{StatsSection, StatsSections};
use crate::stats::{GroupBy, ReportSums, ReviewFacts, StatsRequest};
use crate::table::writer::Heading;
use crate::text::plural::format_count;
use crate::text::safe_text;
use crate::time::zone::Zone;
use crate::view::figures::{comparison_lines, tables};
use crate::view::html::{ReportOptions, report};
use crate::view::terminal::Terminal;

/// The parsed arguments of a report.
pub(crate) struct StatsTask<'a> {
    pub(crate) args: &'a StatsArgs,
    pub(crate) format: StatsFormat,
    pub(crate) read: ReadOptions,
    /// Checks the calls to look at; `None` if the report has none.
    pub(crate) checker: Option<Checker>,
    /// True if the webhook sends completed calls only.
    pub(crate) only_completed: bool,
    windows: Option<Windows>,
}

impl<'a> StatsTask<'a> {
    /// A report of the calls that `read` selects, in the windows that the arguments compare.
    pub(crate) fn new(
        args: &'a StatsArgs,
        format: StatsFormat,
        mut read: ReadOptions,
        session: &Session,
    ) -> anyhow::Result<Self> {
        let windows = args.windows(session.clock).map_err(UsageError)?;
        if let Some(windows) = &windows {
            read.filter = read.filter.within(windows);
        }
        Ok(Self {
            args,
            format,
            read,
            checker: None,
            only_completed: false,
            windows,
        })
    }

    /// Writes the report to `file`, or to standard output if there is none. Returns the figures;
    /// `None` if there is no call.
    pub(crate) fn write(
        mut self,
        file: Option<Box<dyn AtomicFile>>,
        session: &mut Session,
    ) -> anyhow::Result<Option<Stats>> {
        let (args, format) = (self.args, self.format);
        let request = StatsRequest {
            zone: args.input.zone(),
            goal: args.goal.clone().unwrap_or_default(),
            by: args.by.clone(),
            only_completed: self.only_completed,
            price: args.per_minute,
            windows: self.windows.take(),
            sections: sections(args, format),
        };
        if self.checker.is_some() {
            session.make_rereadable(&mut self.read)?;
        }
        let Some(mut stats) = self.sum_calls(&request, session)? else {
            return Ok(None);
        };
        find_review_calls(&mut stats, &self.read, &request.zone, session)?;
        let terminal = match file {
            Some(_) => session.terminal.in_file(),
            None => session.terminal,
        };
        session.write_after_reading(file, !format.is_for_people(), |out, _| {
            write_stats(&stats, format, args, terminal, out)
        })?;
        Ok(Some(stats))
    }

    /// Adds up the calls; `None` if there is none.
    fn sum_calls(
        &self,
        request: &StatsRequest,
        session: &mut Session,
    ) -> anyhow::Result<Option<Stats>> {
        let goal_names = request.goal.is_given.then(|| request.goal.names());
        let group_names = request.by.as_ref().and_then(GroupBy::names);
        let sum = session.sum_distinct_calls(
            &self.read,
            |body| {
                if request.window_of(body.object) == Window::After {
                    return;
                }
                for names in [&goal_names, &group_names].into_iter().flatten() {
                    names.observe(body.object);
                }
            },
            |body, batch: &mut ReportSums| {
                let checker = self.checker.as_ref();
                let review = checker.map(|checker| review_facts(body, checker));
                batch.add(body.object, review, request);
            },
            ReportSums::merge,
        )?;
        if session.lacks_calls() {
            return Ok(None);
        }
        if session.counts().selected() > 0 {
            let goals = goal_names.iter().flat_map(FilterNames::absent);
            let groups = request.by.iter().zip(&group_names);
            let groups = groups.flat_map(|(by, names)| {
                let absent = names.absent().into_iter();
                absent.map(|absence| by.absence(absence))
            });
            for absence in goals.chain(groups) {
                session.print_message(&absence);
            }
        }
        Ok(Some(sum.sum.into_stats(request, sum.input)))
    }
}

/// The sections to compute: those of `--only`, or else an overview for people, and all for programs
/// and for the HTML report. Only a report for the user's own use has the calls to look at, too.
pub(crate) fn sections(args: &StatsArgs, format: StatsFormat) -> StatsSections {
    if !args.only.is_empty() {
        args.only.iter().copied().collect()
    } else if format.is_for_people() {
        let billing = args.per_minute.map(|_| StatsSection::Billing);
        StatsSection::OVERVIEW.into_iter().chain(billing).collect()
    } else if format == StatsFormat::Html && args.with_calls {
        StatsSections::ALL.with(StatsSection::Review)
    } else {
        StatsSections::ALL
    }
}

/// What the review needs to know of a call besides its body.
fn review_facts(body: &Body, checker: &Checker) -> ReviewFacts {
    let call = Call::read(body.object);
    // The body of a row is not known.
    let has_errors = !body.is_row && {
        let findings = checker.check(body, &call, FindingLimits::COUNT_ONLY);
        findings.tally().count(Level::Error) > 0
    };
    ReviewFacts {
        key: body_key(body),
        has_errors,
    }
}

/// Reads the input again for the places of the calls to look at, if they are requested.
fn find_review_calls(
    stats: &mut Stats,
    read: &ReadOptions,
    zone: &Zone,
    session: &mut Session,
) -> anyhow::Result<()> {
    let Some(review) = &mut stats.sections.review else {
        return Ok(());
    };
    let found = session.find_calls(read, &review.keys(), zone)?;
    let lost = review.fill(found);
    if lost > 0 {
        let calls = format_count(lost, "call");
        session.print_message(&format!(
            "{calls} to look at not found again: the input changed while it was read"
        ));
    }
    Ok(())
}

fn write_stats(
    stats: &Stats,
    format: StatsFormat,
    args: &StatsArgs,
    terminal: Terminal,
    out: &mut dyn Write,
) -> anyhow::Result<()> {
    assert!(
        cfg!(feature = "cli") || !format.is_for_people(),
        "{FOR_PEOPLE}"
    );
    let heading = stats.compare.as_ref().map(comparison_lines);
    let heading = heading.unwrap_or_default();
    let mut write_for_people = |format, terminal| {
        write_heading(&heading, format, terminal, out)?;
        write_tables(&tables(stats, terminal), format, terminal, out)
    };
    match format {
        StatsFormat::Table => write_for_people(RowFormat::Table, terminal),
        StatsFormat::Vertical => write_for_people(RowFormat::Vertical, terminal.without_bars()),
        StatsFormat::Markdown => write_for_people(RowFormat::Markdown, terminal.without_bars()),
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
