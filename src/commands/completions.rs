//! `completions`: prints a completion script for a shell.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::cli::Cli;
use crate::run::session::Session;
use crate::run::stdout::on_stdout;

pub(crate) fn run(shell: Shell, session: &mut Session) -> anyhow::Result<()> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "postcall", &mut script);
    on_stdout(session.out.write_all(&script))
}
