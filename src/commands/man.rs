//! `man`: prints one man page with a section per command.

use std::io::{self, Write};

use clap::{Command, CommandFactory as _};
use clap_mangen::Man;

use crate::cli::Cli;
use crate::run::session::Session;
use crate::run::stdout::on_stdout;

pub(crate) fn run(session: &mut Session) -> anyhow::Result<()> {
    let mut page = Vec::new();
    on_stdout(render(&mut page))?;
    on_stdout(session.out.write_all(&page))
}

fn render(page: &mut Vec<u8>) -> io::Result<()> {
    let mut cli = Cli::command();
    cli.build();
    let man = Man::new(cli.clone());
    man.render_title(page)?;
    man.render_name_section(page)?;
    man.render_synopsis_section(page)?;
    man.render_description_section(page)?;
    man.render_options_section(page)?;
    for command in cli
        .get_subcommands()
        .filter(|command| command.get_name() != "help")
    {
        render_command(command, page)?;
    }
    man.render_extra_section(page)?;
    man.render_version_section(page)
}

/// Writes a section for one command. The sections of its own man page become subsections.
fn render_command(command: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let man = Man::new(command.clone());
    let mut section = Vec::new();
    man.render_description_section(&mut section)?;
    man.render_synopsis_section(&mut section)?;
    man.render_options_section(&mut section)?;
    man.render_extra_section(&mut section)?;
    let section = String::from_utf8_lossy(&section);
    let section = section
        .replace(".SH DESCRIPTION\n", "")
        .replace("\n.SH ", "\n.SS ");
    let heading = command
        .get_bin_name()
        .unwrap_or_else(|| command.get_name())
        .to_uppercase();
    writeln!(page, ".SH \"{heading}\"\n{}", section.trim_start())
}
