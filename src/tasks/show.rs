//! `show`: prints one card per call, or one JSON document.

use crate::args::{ShowArgs, ShowFormat};
use crate::call::Call;
use crate::export::FOR_PEOPLE;
use crate::export::bodies::{BodyLayout, BodyStream};
use crate::lint::checker::Checker;
use crate::lint::collector::{Collector, FindingLimits};
use crate::report::call_document::format_document;
use crate::run::read_plan::ReadOptions;
use crate::run::session::Session;
use crate::view::card::{CardOptions, format_card};

/// Prints each call in the format of `args`.
pub(crate) fn print(
    args: &ShowArgs,
    read: &ReadOptions,
    checker: &Checker,
    session: &mut Session,
) -> anyhow::Result<()> {
    assert!(
        cfg!(feature = "cli") || args.format != ShowFormat::Card,
        "{FOR_PEOPLE}"
    );
    match args.format {
        ShowFormat::Card => print_cards(args, read, checker, session),
        ShowFormat::Json => print_documents(BodyLayout::Element, read, checker, session),
        ShowFormat::Jsonl => print_documents(BodyLayout::Line, read, checker, session),
    }
}

fn print_cards(
    args: &ShowArgs,
    read: &ReadOptions,
    checker: &Checker,
    session: &mut Session,
) -> anyhow::Result<()> {
    let options = CardOptions {
        sections: args.only.clone(),
        transcript: args.transcript.unwrap_or_default(),
        zone: args.input.zone(),
        terminal: session.terminal,
        search: args.input.search(),
    };
    session.for_each_call(
        read,
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

fn print_documents(
    layout: BodyLayout,
    read: &ReadOptions,
    checker: &Checker,
    session: &mut Session,
) -> anyhow::Result<()> {
    session.guard_terminal();
    let mut stream = BodyStream::new(layout);
    session.for_each_call(
        read,
        |body, text: &mut String| {
            let call = Call::read(body.object);
            let document = format_document(body, &call, checker)
                .expect("a body is JSON, and so is a document with it");
            layout.push_line(&document, text);
        },
        |out, text| Ok(stream.write(text.as_bytes(), out)?),
    )?;
    Ok(stream.finish(&mut session.out)?)
}
