//! The commands, one a file, each in the same order: options from the arguments, work on a batch, output in order.

mod campaigns;
mod completions;
mod export;
mod list;
mod man;
mod rows;
pub mod session;
mod show;
mod transcript;
mod validate;
mod variables;

use crate::cli::{Cli, Command};
use session::Session;

/// Runs the command that the command line asks for.
pub fn run(cli: Cli, session: &mut Session) -> anyhow::Result<()> {
    match cli.command.unwrap_or(Command::Show(cli.show)) {
        Command::Show(args) => show::run(&args, session),
        Command::List(args) => list::run(&args, session),
        Command::Variables(args) => variables::run(&args, session),
        Command::Campaigns(args) => campaigns::run(&args, session),
        Command::Transcript(args) => transcript::run(&args, session),
        Command::Validate(args) => validate::run(&args, session),
        Command::Export(args) => export::run(&args, session),
        Command::Completions { shell } => completions::run(shell, session),
        Command::Man => man::run(session),
    }
}
