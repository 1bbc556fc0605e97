//! `man`: prints a man page, or writes the pages of all commands to a folder.

mod page;

use std::io::Write as _;
use std::path::Path;

use anyhow::bail;
use clap::{Command, CommandFactory as _};

use crate::cli::{Cli, ManArgs, command_names};
use crate::exit::UsageError;
use crate::run::output_file::{OutputFile, create_folder};
use crate::run::session::Session;
use crate::text::path_name::path_name;
use crate::text::plural::format_count;
use crate::text::shorten::shorten;
use crate::text::similar::similar;

pub(crate) fn run(args: &ManArgs, session: &mut Session) -> anyhow::Result<()> {
    let mut root = Cli::command();
    root.build();
    if let Some(folder) = &args.split {
        return write_pages(&root, folder, session);
    }
    let command = match &args.command {
        Some(name) => find_command(&root, name).map_err(UsageError)?,
        None => &root,
    };
    let page = page::render(command, &root);
    Ok(session.out.write_all(page.as_bytes())?)
}

/// Finds a command with a page by its name or alias.
fn find_command<'c>(root: &'c Command, name: &str) -> anyhow::Result<&'c Command> {
    let has_name = |command: &&Command| command.get_name_and_visible_aliases().contains(&name);
    if let Some(command) = page::commands(root).find(has_name) {
        return Ok(command);
    }
    let hint = similar(name, command_names(root)).map_or_else(
        || "`postcall --help` lists the commands".to_owned(),
        |near| format!("did you mean {near}?"),
    );
    bail!("no man page for {}; {hint}", shorten(name))
}

/// Writes one file per page to `folder`, which is created. Existing pages are replaced.
fn write_pages(root: &Command, folder: &Path, session: &mut Session) -> anyhow::Result<()> {
    create_folder(folder)?;
    let commands = [root].into_iter().chain(page::commands(root));
    let mut written = 0;
    for command in commands {
        let path = folder.join(format!("{}.1", page::name(command)));
        let mut file = OutputFile::create(&path)?;
        file.write_all(page::render(command, root).as_bytes())?;
        file.complete()?;
        written += 1;
    }
    let written = format_count(written, "page");
    session.print_message(&format!("{written} written to {}", path_name(folder)));
    Ok(())
}
