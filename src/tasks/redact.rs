//! Bodies without personal data, with the findings and figures of the originals.

use chrono::TimeDelta;

use crate::args::{RedactArgs, TimesMode};
use crate::exit::{Exit, UsageError};
use crate::host::Clock;
use crate::redact::body::{Redaction, TextMode};
use crate::redact::counts::RedactionCounts;
use crate::redact::dates::TimeShift;
use crate::redact::keep_list::KeepList;
use crate::redact::key::RedactKey;
use crate::redact::pseudonyms::Pseudonyms;
use crate::redact::residuals::Residuals;
use crate::run::session::Session;
use crate::text::path_name::path_name;
use crate::text::plural::format_count;
use crate::text::shorten::shorten;

/// What takes the personal data out. `keep` are the names of the settings file.
pub(crate) fn redaction(
    args: &RedactArgs,
    key: &RedactKey,
    keep: &[String],
    clock: Clock,
) -> anyhow::Result<Redaction> {
    let keep = keep.iter().chain(&args.keep);
    let keep: Vec<String> = keep.cloned().collect();
    let keep = KeepList::new(&keep)
        .map_err(|error| UsageError(anyhow::Error::msg(format!("--keep {}", shorten(&error)))))?;
    let pseudonyms = Pseudonyms::new(key);
    let by = match args.times {
        TimesMode::Shift => pseudonyms.shift(),
        TimesMode::Keep => TimeDelta::zero(),
    };
    let now = clock.now();
    Ok(Redaction {
        pseudonyms,
        text: args.text,
        times: TimeShift { by, now },
        keep,
    })
}

/// Prints what was done, and what was not. With `is_key_random`, the key is not known to the user.
/// With `--strict`, what may be left sets the exit code.
pub(crate) fn conclude(
    args: &RedactArgs,
    is_key_random: bool,
    counts: &RedactionCounts,
    redaction: &Redaction,
    session: &mut Session,
) {
    if session.counts().calls > 0 {
        print_summary(args, is_key_random, counts, redaction, session);
    }
    let has_residuals = counts.kept_texts > 0 || counts.residuals.count() > 0;
    if args.strict && (has_residuals || !session.skipped_input().is_empty()) {
        session.fail(Exit::BadData);
    }
}

fn print_summary(
    args: &RedactArgs,
    is_key_random: bool,
    counts: &RedactionCounts,
    redaction: &Redaction,
    session: &mut Session,
) {
    for glob in redaction.keep.unmatched() {
        let glob = shorten(glob);
        session.print_message(&format!(
            "--keep {glob}: no variable or undocumented member has such a name"
        ));
    }
    if counts.future_times > 0 {
        let times = format_count(counts.future_times, "time");
        session.print_message(&format!("{times} in the future not shifted"));
    }
    if counts.short_ids > 0 {
        let ids = format_count(counts.short_ids, "id");
        session.print_message(&format!(
            "{ids} of fewer than 6 digits became ids of 9 digits"
        ));
    }
    if args.text == TextMode::Keep {
        let texts = format_count(counts.kept_texts, "text");
        session.print_message(&format!(
            "warning: {texts} may hold personal data (--text keep)"
        ));
    }
    if args.text == TextMode::Scrub {
        print_residuals(&counts.residuals, session);
    }
    let result = match args.text {
        TextMode::Shape => "the result is pseudonymous, not anonymous",
        TextMode::Scrub | TextMode::Keep => "the result may still identify people",
    };
    let calls = format_count(session.counts().selected(), "call");
    let written = args
        .file()
        .map_or(String::new(), |path| format!(" → {}", path_name(path)));
    let key = if is_key_random {
        "; the key was random, so the next run gives other pseudonyms"
    } else {
        ""
    };
    session.print_message(&format!("{calls} redacted{written}; {result}{key}"));
}

/// Prints what `--text scrub` left.
fn print_residuals(residuals: &Residuals, session: &mut Session) {
    const MOST_TEXTS: usize = 20;
    session.print_message(
        "warning: --text scrub misses some personal data: read the texts before you share them",
    );
    if residuals.count() == 0 {
        return;
    }
    let texts = residuals.texts();
    let shown = texts
        .iter()
        .take(MOST_TEXTS)
        .map(|(text, count)| match count {
            1 => shorten(text).into_owned(),
            count => format!("{} ({count})", shorten(text)),
        });
    let mut shown = shown.collect::<Vec<_>>().join(", ");
    if texts.len() > MOST_TEXTS {
        shown.push_str(", …");
    }
    let counts = [(residuals.words, "word"), (residuals.numbers, "number")];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<_> = counts
        .map(|(count, noun)| format_count(*count, noun))
        .collect();
    session.print_message(&format!(
        "{} left that may be personal: {shown}",
        counts.join(" and ")
    ));
}
