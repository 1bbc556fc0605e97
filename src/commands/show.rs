//! `show`: prints one card per call, or one JSON document.

use crate::args::ShowArgs;
use crate::cli::CheckSettings;
use crate::exit::UsageError;
use crate::run::session::Session;
use crate::tasks::show;

pub(crate) fn run(args: &ShowArgs, session: &mut Session) -> anyhow::Result<()> {
    args.check_options().map_err(UsageError)?;
    let settings = CheckSettings::of(&session.config).map_err(UsageError)?;
    let read = args.input.read_options_for(&settings, session.clock)?;
    let checker = settings.into_checker(session.clock);
    show::print(args, &read, &checker, session)
}
