//! `show`: a card for each call.

use super::session::{Session, on_stdout, place};
use crate::call::Call;
use crate::cli::ShowArgs;
use crate::rules;
use crate::view::card::{CardOptions, card};

pub(super) fn run(args: &ShowArgs, session: &mut Session) -> anyhow::Result<()> {
    let options = CardOptions {
        only: args.only.clone(),
        transcript: args.transcript,
        zone: args.zone.zone(),
        layout: session.layout,
    };
    session.for_each_call(
        &args.input,
        |body, cards: &mut String| {
            let call = Call::read(&body.members);
            let place = place(body.position_of(body.value.text()));
            let remarks = rules::check(body, &call);
            cards.push_str(&card(&call, body.source, &place, &remarks, &options));
        },
        |out, cards| on_stdout(out.write_all(cards.as_bytes())),
    )
}
