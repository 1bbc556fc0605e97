//! One call as a card: what a person wants to know of it, in sections. What is absent is left out.

use clap::ValueEnum;

use super::page::{Page, Piece};
use super::table::Layout;
use super::theme::{Tone, tone_of_status};
use super::value::for_people;
use crate::call::campaign::Campaign;
use crate::call::lead::Lead;
use crate::call::transcript::{Speaker, Turn};
use crate::call::variables::{Variable, Variables};
use crate::call::zone::Zone;
use crate::call::{Call, plain_text, timestamp};
use crate::finding::Level;
use crate::json::Json;
use crate::rules::remarks::Tally;
use crate::table::column::NO_OBJECT;
use crate::view::words::counted;

/// Turns that a preview shows, and lines of each.
const PREVIEW_TURNS: usize = 4;
const PREVIEW_LINES: usize = 2;

/// A part of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Section {
    /// Phones, times, recording, and whether the contract is kept
    Call,
    /// What the AI extracted
    Variables,
    /// What the assistant was given before the call
    Input,
    /// The lead
    Lead,
    /// The campaign
    Campaign,
    /// The conversation
    Transcript,
}

/// How much of the conversation a card shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum TranscriptLength {
    /// Nothing
    None,
    /// The beginning
    #[default]
    Preview,
    /// All of it
    Full,
}

/// What cards show, and how.
#[derive(Clone, Debug)]
pub struct CardOptions {
    /// The sections wanted; none named means all.
    pub only: Vec<Section>,
    /// How much of the conversation.
    pub transcript: TranscriptLength,
    /// The zone of all times.
    pub zone: Zone,
    /// Width and colours.
    pub layout: Layout,
}

/// The card of `call`, which stands at `line:column` of `source`; `remarks` is what the rules say of it.
#[must_use]
pub fn card(
    call: &Call,
    source: &str,
    place: &str,
    tally: &Tally,
    options: &CardOptions,
) -> String {
    let wants = |section| options.only.is_empty() || options.only.contains(&section);
    let mut page = Page::new(options.layout);
    title(&mut page, call, &format!("{source}:{place}"));
    if wants(Section::Call) {
        facts(&mut page, call, &options.zone);
    }
    if wants(Section::Variables) {
        variables(&mut page, "Extracted variables", &call.extracted());
    }
    if wants(Section::Input) {
        variables(&mut page, "Input variables", &call.input());
    }
    if let Some(lead) = call.lead.as_ref().filter(|_| wants(Section::Lead)) {
        lead_section(&mut page, lead, &options.zone);
    }
    if let Some(campaign) = call.campaign.as_ref().filter(|_| wants(Section::Campaign)) {
        campaign_section(&mut page, campaign, &options.zone);
    }
    if wants(Section::Transcript) {
        conversation(&mut page, &call.transcript().turns(), options.transcript);
    }
    if wants(Section::Call) {
        verdict(&mut page, tally);
    }
    page.gap();
    page.into_text()
}

fn title(page: &mut Page, call: &Call, place: &str) {
    let name = match call.id() {
        Some(id) => format!("Call {}", plain_text(id)),
        None => "Call without id".to_owned(),
    };
    let mut title = vec![Piece::new(Tone::Strong, &name)];
    if let Some(status) = call.status_text() {
        title.push(Piece::new(Tone::Plain, " · "));
        title.push(Piece::new(tone_of_status(&status), &status));
    }
    if let Some(time) = call.talk_time() {
        title.push(Piece::new(Tone::Plain, &format!(" · {time}")));
    }
    page.title(&title, &Piece::new(Tone::Faint, place));
}

fn facts(page: &mut Page, call: &Call, zone: &Zone) {
    let phone = |value: Option<Json>| {
        value.map_or("unknown".into(), |value| plain_text(value).into_owned())
    };
    if call.customer_phone().is_some() || call.assistant_phone().is_some() {
        let (assistant, customer) = (phone(call.assistant_phone()), phone(call.customer_phone()));
        page.labelled(
            "From → to",
            &format!("{assistant} (assistant) → {customer} (customer)"),
        );
    }
    time(page, "Started", call.created_at(), zone);
    time(page, "Finished", call.finished_at(), zone);
    match call.talk_time() {
        Some(time) => page.labelled("Talk time", &time.to_string()),
        None => value(page, "Talk time", call.duration()),
    }
    if let Some(url) = call.recording_url() {
        // Not wrapped: a link that is cut leads nowhere.
        page.labelled_pieces("Recording", &[Piece::new(Tone::Plain, &plain_text(url))]);
    }
}

fn time(page: &mut Page, label: &str, text: Option<Json>, zone: &Zone) {
    match text.and_then(timestamp) {
        Some(time) => page.labelled(label, &zone.tell(time)),
        None => value(page, label, text),
    }
}

fn value(page: &mut Page, label: &str, value: Option<Json>) {
    if let Some(value) = value {
        page.labelled(label, &plain_text(value));
    }
}

fn variables(page: &mut Page, heading: &str, variables: &Variables) {
    let variables = variables.flat();
    if !variables.is_empty() {
        page.section(&format!("{heading} ({})", variables.len()));
        variable_rows(page, &variables);
    }
}

/// Name, kind and value of each variable, in three columns.
fn variable_rows(page: &mut Page, variables: &[Variable]) {
    const KIND_WIDTH: usize = 7;
    let rows: Vec<_> = variables
        .iter()
        .map(|variable| {
            let name = match variable.name.as_str() {
                "" => NO_OBJECT,
                name => name,
            };
            let (kind, text, tone) = for_people(variable.value);
            (Piece::new(Tone::Plain, name), kind, text, tone)
        })
        .collect();
    page.rows(KIND_WIDTH, &rows);
}

/// `Lead 12345 · contacted`
fn section_heading(page: &mut Page, what: &str, values: &[Option<Json>]) {
    let values: Vec<_> = values.iter().flatten().copied().map(plain_text).collect();
    page.section(format!("{what} {}", values.join(" · ")).trim_end());
}

fn lead_section(page: &mut Page, lead: &Lead, zone: &Zone) {
    section_heading(page, "Lead", &[lead.id(), lead.status()]);
    value(page, "Phone", lead.phone_number());
    time(page, "Created", lead.created_at(), zone);
    time(page, "Updated", lead.updated_at(), zone);
    variable_rows(page, &lead.variables().flat());
}

fn campaign_section(page: &mut Page, campaign: &Campaign, zone: &Zone) {
    section_heading(
        page,
        "Campaign",
        &[campaign.id(), campaign.name(), campaign.status()],
    );
    if let Some(window) = campaign.window() {
        page.labelled("Calls", &window);
    }
    value(page, "At a time", campaign.max_calls_in_parallel());
    if let Some(retries) = campaign.retries() {
        page.labelled("Retries", &retries);
    }
    time(page, "Created", campaign.created_at(), zone);
    time(page, "Updated", campaign.updated_at(), zone);
}

fn conversation(page: &mut Page, turns: &[Turn], length: TranscriptLength) {
    if turns.is_empty() || length == TranscriptLength::None {
        return;
    }
    let (turn_limit, line_limit) = match length {
        TranscriptLength::Full => (usize::MAX, usize::MAX),
        _ => (PREVIEW_TURNS, PREVIEW_LINES),
    };
    page.section(&format!(
        "Transcript ({})",
        counted(turns.len() as u64, "turn")
    ));
    let hidden = turns.len().saturating_sub(turn_limit);
    let mut is_cut = hidden > 0;
    for turn in turns.iter().take(turn_limit) {
        let tone = match turn.speaker {
            Speaker::Assistant => Tone::Accent,
            Speaker::Customer => Tone::Strong,
            Speaker::Unknown => Tone::Plain,
        };
        is_cut |= page.labelled_lines(tone, turn.name(), &turn.text_for_people(), line_limit);
    }
    if is_cut {
        let what = match hidden {
            0 => "shortened".to_owned(),
            1 => "1 more turn".to_owned(),
            _ => format!("{hidden} more turns"),
        };
        page.aside(&format!("… {what} (--transcript full shows all)"));
    }
}

fn verdict(page: &mut Page, tally: &Tally) {
    page.end_sections();
    let (errors, warnings) = (tally.of(Level::Error), tally.of(Level::Warning));
    let counts: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| counted(count, level))
        .collect();
    let verdict = match (errors, warnings) {
        (0, 0) => Piece::new(Tone::Good, "✓ kept"),
        (0, _) => Piece::new(
            Tone::Doubtful,
            &format!("✓ kept, with {}", counts.join(", ")),
        ),
        _ => Piece::new(Tone::Bad, &format!("✗ broken: {}", counts.join(", "))),
    };
    let hint = if counts.is_empty() {
        ""
    } else {
        " (postcall validate tells them)"
    };
    page.labelled_pieces("Contract", &[verdict, Piece::new(Tone::Faint, hint)]);
}
