//! `list`: prints one row per call.

use crate::args::ListArgs;
use crate::run::session::Session;
use crate::tasks::list;

pub(crate) fn run(args: &ListArgs, session: &mut Session) -> anyhow::Result<()> {
    let input = &args.table.input;
    let read = input.read_options(&session.config, session.clock)?;
    list::print(args, &read, session)
}
