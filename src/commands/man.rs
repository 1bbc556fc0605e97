//! `man`: the man page, with a section for each command.

use clap::CommandFactory as _;
use clap_mangen::Man;

use super::session::{Session, on_stdout};
use crate::cli::Cli;

pub(super) fn run(session: &mut Session) -> anyhow::Result<()> {
    let mut page = Vec::new();
    on_stdout(Man::new(Cli::command()).render(&mut page))?;
    on_stdout(session.out.write_all(&page))
}
