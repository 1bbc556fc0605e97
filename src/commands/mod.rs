//! The commands, one per file. Each reads its options from the arguments, processes batches in
//! worker threads and writes the results in input order.

mod campaigns;
mod completions;
mod export;
mod extract;
mod infer;
mod list;
mod man;
mod redact;
mod rules;
mod schema;
mod show;
mod stats;
mod transcript;
mod validate;
mod variables;

use crate::cli::{Cli, Command};
use crate::exit::UsageError;
use crate::run::session::Session;
use crate::settings::config::Config;
use crate::text::symbols::Symbols;

/// Runs the command of the parsed command line; without a command, `show`.
pub(crate) fn run(mut cli: Cli, session: &mut Session) -> anyhow::Result<()> {
    // A file that the user names must be valid even if the command needs no settings.
    if cli.has_settings() || cli.global.config.is_some() {
        let config = Config::load(&cli.global.config_source()).map_err(UsageError)?;
        cli.set_defaults(&config).map_err(UsageError)?;
        if config.symbols == Symbols::Ascii {
            session.terminal.symbols = Symbols::Ascii;
        }
        session.config = config;
    }
    match cli.command {
        None => show::run(&cli.show, session),
        Some(Command::Show(args)) => show::run(&args, session),
        Some(Command::List(args)) => list::run(&args, session),
        Some(Command::Variables(args)) => variables::run(&args, session),
        Some(Command::Campaigns(args)) => campaigns::run(&args, session),
        Some(Command::Stats(args)) => stats::run(&args, session),
        Some(Command::Transcript(args)) => transcript::run(&args, session),
        Some(Command::Validate(args)) => validate::run(&args, session),
        Some(Command::Rules(args)) => rules::run(&args, session),
        Some(Command::Schema(args)) => schema::run(&args, session),
        Some(Command::Export(args)) => export::run(&args, session),
        Some(Command::Extract(args)) => extract::run(&args, session),
        Some(Command::Infer(args)) => infer::run(&args, session),
        Some(Command::Redact(args)) => redact::run(&args, session),
        Some(Command::Completions { shell }) => completions::run(shell, session),
        Some(Command::Man(args)) => man::run(&args, session),
    }
}
