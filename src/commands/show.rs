//! `show`: prints one card per call.

use crate::call::Call;
use crate::cli::{CheckSettings, ShowArgs};
use crate::exit::UsageError;
use crate::lint::collector::{Collector, FindingLimits};
use crate::run::session::Session;
use crate::view::card::{CardOptions, format_card};

pub(crate) fn run(args: &ShowArgs, session: &mut Session) -> anyhow::Result<()> {
    let options = CardOptions {
        sections: args.only.clone(),
        transcript: args.transcript,
        zone: args.input.zone(),
        terminal: session.terminal,
        search: args.input.search(),
    };
    let settings = CheckSettings::of(&session.config).map_err(UsageError)?;
    let read = args.input.read_options_for(&settings, session.clock)?;
    let checker = settings.into_checker(session.clock);
    session.for_each_call(
        &read,
        |body, cards: &mut String| {
            let call = Call::read(body.object);
            let check = || checker.check(body, &call, FindingLimits::COUNT_ONLY);
            let collector = (!body.is_row).then(check);
            cards.push_str(&format_card(
                &call,
                body.source,
                body.position(),
                collector.as_ref().map(Collector::tally),
                &options,
            ));
        },
        |out, cards| Ok(out.write_all(cards.as_bytes())?),
    )
}
