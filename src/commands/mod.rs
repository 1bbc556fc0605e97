//! The commands, one per file. Each reads its options from the arguments, processes batches in
//! worker threads and writes the results in input order.

mod campaigns;
mod completions;
mod export;
mod extract;
mod list;
mod man;
mod rules;
mod schema;
mod show;
mod transcript;
mod validate;
mod variables;

use crate::cli::raw_arguments::similar_command;
use crate::cli::{Cli, Command, InputArgs};
use crate::run::session::Session;

/// Runs the command of the parsed command line; without a command, `show`.
pub(crate) fn run(cli: Cli, session: &mut Session) -> anyhow::Result<()> {
    match cli.command {
        None => {
            let result = show::run(&cli.show, session);
            suggest_command(&cli.show.input, session);
            result
        }
        Some(Command::Show(args)) => show::run(&args, session),
        Some(Command::List(args)) => list::run(&args, session),
        Some(Command::Variables(args)) => variables::run(&args, session),
        Some(Command::Campaigns(args)) => campaigns::run(&args, session),
        Some(Command::Transcript(args)) => transcript::run(&args, session),
        Some(Command::Validate(args)) => validate::run(&args, session),
        Some(Command::Rules(args)) => rules::run(&args, session),
        Some(Command::Schema(args)) => schema::run(&args, session),
        Some(Command::Export(args)) => export::run(&args, session),
        Some(Command::Extract(args)) => extract::run(&args, session),
        Some(Command::Completions { shell }) => completions::run(shell, session),
        Some(Command::Man) => man::run(session),
    }
}

/// Suggests a command if none was named and the first path does not exist but resembles a command.
fn suggest_command(input: &InputArgs, session: &mut Session) {
    let path = input.paths.first().filter(|path| !path.exists());
    let word = path
        .and_then(|path| path.to_str())
        .filter(|word| !word.contains(['.', '/', '\\']));
    if let Some(command) = word.and_then(similar_command) {
        session.print_message(&format!("did you mean the command `{command}`?"));
    }
}
