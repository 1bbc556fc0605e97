//! `stats`: what came out of the calls, as tables, JSON, CSV or one HTML file.

use std::path::Path;

use crate::args::StatsArgs;
use crate::cli::CheckSettings;
use crate::exit::UsageError;
use crate::run::claims::OUTPUT_OPTION;
use crate::run::output_file::OutputFile;
use crate::run::session::Session;
use crate::stats::section::StatsSection;
use crate::tasks::stats::{StatsTask, sections};
use crate::text::plural::format_count;

pub(crate) fn run(args: &StatsArgs, session: &mut Session) -> anyhow::Result<()> {
    let format = args.format().map_err(UsageError)?;
    args.check_options(format).map_err(UsageError)?;
    let has_review = sections(args, format).contains(StatsSection::Review);
    let check = has_review.then(|| CheckSettings::of(&session.config));
    let check = check.transpose().map_err(UsageError)?;
    let read = match &check {
        Some(settings) => args.input.read_options_for(settings, session.clock)?,
        None => args.input.read_options(&session.config, session.clock)?,
    };
    let mut task = StatsTask::new(args, format, read, session)?;
    task.checker = check.map(|settings| settings.into_checker(session.clock));
    task.only_completed = session.config.only_completed;
    let output = args.file().map(|path| (OUTPUT_OPTION, path));
    let outputs: Vec<_> = output.into_iter().collect();
    session.claim_outputs(&mut task.read, &outputs, None)?;
    let is_replaced = args.file().is_some_and(Path::is_file);
    let file = OutputFile::create_if_named(args.file())?;
    let stats = task.write(file, session)?;
    if let (Some(path), Some(stats)) = (args.file(), stats) {
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
