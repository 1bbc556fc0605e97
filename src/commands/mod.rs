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

use crate::cli::Command;
use crate::cli::command_line::CommandLine;
use crate::exit::UsageError;
use crate::run::session::Session;
use crate::settings::config::Config;
use crate::text::symbols::Symbols;

/// Runs the command of the parsed command line.
pub(crate) fn run(mut line: CommandLine, session: &mut Session) -> anyhow::Result<()> {
    // A file that the user names must be valid even if the command needs no settings.
    if line.has_settings() || line.global.config.is_some() {
        let config = Config::load(&line.global.config_source()).map_err(UsageError)?;
        line.set_defaults(&config).map_err(UsageError)?;
        if config.symbols == Symbols::Ascii {
            session.terminal.symbols = Symbols::Ascii;
        }
        session.config = config;
    }
    match line.command {
        Command::Show(args) => show::run(&args, session),
        Command::List(args) => list::run(&args, session),
        Command::Variables(args) => variables::run(&args, session),
        Command::Campaigns(args) => campaigns::run(&args, session),
        Command::Stats(args) => stats::run(&args, session),
        Command::Transcript(args) => transcript::run(&args, session),
        Command::Validate(args) => validate::run(&args, session),
        Command::Rules(args) => rules::run(&args, session),
        Command::Schema(args) => schema::run(&args, session),
        Command::Export(args) => export::run(&args, session),
        Command::Extract(args) => extract::run(&args, session),
        Command::Infer(args) => infer::run(&args, session),
        Command::Redact(args) => redact::run(&args, session),
        Command::Completions { shell } => completions::run(shell, session),
        Command::Man(args) => man::run(&args, session),
    }
}
