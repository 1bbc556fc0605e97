//! `completions`: prints a completion script for a shell.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use super::session::{Session, on_stdout};
use crate::cli::Cli;

pub(crate) fn run(shell: Shell, session: &mut Session) -> anyhow::Result<()> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "postcall", &mut script);
    on_stdout(session.out.write_all(&script))
}
