//! `show`: a card for each call.

use super::session::{Session, on_stdout, place};
use crate::call::Call;
use crate::cli::ShowArgs;
use crate::rules::checker;
use crate::rules::remarks::Keep;
use crate::view::card::{CardOptions, card};

pub(super) fn run(args: &ShowArgs, session: &mut Session) -> anyhow::Result<()> {
    let options = CardOptions {
        only: args.only.clone(),
        transcript: args.transcript,
        zone: args.input.zone(),
        layout: session.layout,
    };
    session.for_each_call(
        &args.input,
        |body, cards: &mut String| {
            let call = Call::read(body.object);
            let place = place(body.position());
            let remarks = checker::STANDARD.check(body, &call, Keep::NOTHING);
            let tally = remarks.tally();
            cards.push_str(&card(&call, body.source, &place, tally, &options));
        },
        |out, cards| on_stdout(out.write_all(cards.as_bytes())),
    )
}
