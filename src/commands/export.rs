//! `export`: the calls as CSV, with all columns of the whole input.

use std::io::Write;

use anyhow::Context as _;

use super::session::Session;
use crate::cli::ExportArgs;
use crate::export::file::OutputFile;
use crate::export::{Format, writer};
use crate::table::flatten::CallRows;
use crate::table::spool::Spool;
use crate::table::writer::Heading;
use crate::view::table::Layout;

pub(super) fn run(args: &ExportArgs, session: &mut Session) -> anyhow::Result<()> {
    let output = args.output.as_ref().filter(|path| path.as_os_str() != "-");
    let file = match output {
        Some(path) => Some(OutputFile::create(path, &args.input.inputs())?),
        None => None,
    };
    let mut spool = Spool::default();
    session.for_each_call(
        &args.input,
        |body, rows: &mut CallRows| rows.push_call(&body.members),
        |_, rows| spool.push(rows),
    )?;
    if session.seen().calls == 0 {
        return Ok(());
    }
    let Some(mut file) = file else {
        session.guard_terminal();
        return write(&mut spool, &mut session.out).context("standard output");
    };
    write(&mut spool, &mut file).with_context(|| file.name())?;
    file.complete()
}

fn write(spool: &mut Spool, out: &mut dyn Write) -> anyhow::Result<()> {
    let order = spool.columns().in_order();
    let headings = spool
        .columns()
        .names(&order, 0)
        .into_iter()
        .map(Heading::new)
        .collect();
    let mut writer = writer(Format::Csv, headings, Layout::default());
    spool.for_each(&order, |cells| Ok(writer.row(cells, out)?))?;
    Ok(writer.finish(out)?)
}
