//! Formats one call as a card of several sections. Absent parts are omitted.

use super::page::{MarkedText, Page, PagePiece};
use super::terminal::Terminal;
use super::theme::tone_of_status;
use super::value::{format_value, ranges_in_value};
use crate::call::campaign::Campaign;
use crate::call::lead::Lead;
use crate::call::transcript::{Speaker, Turn};
use crate::call::variables::{Variable, Variables};
use crate::call::{Call, read_timestamp};
use crate::capture::location::position::Position;
use crate::json::{Json, plain_text};
use crate::lint::collector::Tally;
use crate::lint::rule_data::Level;
use crate::table::column::NO_OBJECT;
use crate::text::plural::format_count;
use crate::text::search::TextSearch;
use crate::text::tone::Tone;
use crate::time::zone::Zone;

/// Number of turns in a preview, and of lines per turn.
const PREVIEW_TURNS: usize = 4;
const PREVIEW_LINES: usize = 2;

/// A section of a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Section {
    /// Phone numbers, times, recording and number of findings
    Call,
    /// Variables that the AI extracted
    Variables,
    /// Variables given to the assistant before the call
    Input,
    /// The lead
    Lead,
    /// The campaign
    Campaign,
    /// The transcript
    Transcript,
}

/// Length of the transcript in a card.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[cfg_attr(feature = "cli", derive(clap::ValueEnum))]
#[serde(rename_all = "kebab-case")]
pub(crate) enum TranscriptLength {
    /// No transcript
    None,
    /// The first turns
    #[default]
    Preview,
    /// All turns
    Full,
}

/// Content and appearance of cards.
#[derive(Clone, Debug)]
pub(crate) struct CardOptions {
    /// Sections to show; all if empty.
    pub(crate) sections: Vec<Section>,
    /// Length of the transcript.
    pub(crate) transcript: TranscriptLength,
    /// Time zone of all times.
    pub(crate) zone: Zone,
    /// Width and colours of the output.
    pub(crate) terminal: Terminal,
    /// The search whose matches are marked. A preview of the transcript shows the turns that match.
    pub(crate) search: TextSearch,
}

/// Formats the card of `call`, which starts at `position` of the file named `source`. `tally`
/// counts its findings, if it was checked.
#[must_use]
pub(crate) fn format_card(
    call: &Call,
    source: &str,
    position: Position,
    tally: Option<&Tally>,
    options: &CardOptions,
) -> String {
    let is_shown = |section| options.sections.is_empty() || options.sections.contains(&section);
    let mut page = Page::new(options.terminal);
    add_title(&mut page, call, &format!("{source}:{position}"));
    if is_shown(Section::Call) {
        add_facts(&mut page, call, &options.zone);
    }
    if is_shown(Section::Variables) {
        add_variables(
            &mut page,
            "Extracted variables",
            &call.extracted_variables(),
            &options.search,
        );
    }
    if is_shown(Section::Input) {
        add_variables(
            &mut page,
            "Input variables",
            &call.input_variables(),
            &options.search,
        );
    }
    if let Some(lead) = call.lead.as_ref().filter(|_| is_shown(Section::Lead)) {
        add_lead(&mut page, lead, options);
    }
    if let Some(campaign) = call
        .campaign
        .as_ref()
        .filter(|_| is_shown(Section::Campaign))
    {
        add_campaign(&mut page, campaign, &options.zone);
    }
    if is_shown(Section::Transcript) {
        add_transcript(&mut page, &call.transcript().turns(), options);
    }
    if is_shown(Section::Call)
        && let Some(tally) = tally
    {
        add_verdict(&mut page, tally);
    }
    page.end_line();
    page.into_text()
}

fn add_title(page: &mut Page, call: &Call, location: &str) {
    let name = match call.id() {
        Some(id) => format!("Call {}", plain_text(id)),
        None => "Call without id".to_owned(),
    };
    let dot = format!(" {} ", page.symbols().dot());
    let mut title = vec![PagePiece::new(Tone::Strong, &name)];
    if let Some(status) = call.status_text() {
        title.push(PagePiece::new(Tone::Plain, &dot));
        title.push(PagePiece::new(tone_of_status(&status), &status));
    }
    if let Some(time) = call.talk_time() {
        title.push(PagePiece::new(Tone::Plain, &format!("{dot}{time}")));
    }
    page.add_title(&title, &PagePiece::new(Tone::Faint, location));
}

fn add_facts(page: &mut Page, call: &Call, zone: &Zone) {
    let phone = |value: Option<Json>| {
        value.map_or("unknown".into(), |value| plain_text(value).into_owned())
    };
    if call.customer_phone().is_some() || call.assistant_phone().is_some() {
        let (assistant, customer) = (phone(call.assistant_phone()), phone(call.customer_phone()));
        let arrow = page.symbols().arrow();
        page.add_labelled(
            &format!("From {arrow} to"),
            &format!("{assistant} (assistant) {arrow} {customer} (customer)"),
        );
    }
    add_time(page, "Started", call.created_at(), zone);
    add_time(page, "Finished", call.finished_at(), zone);
    match call.talk_time() {
        Some(time) => page.add_labelled("Talk time", &time.to_string()),
        None => add_value(page, "Talk time", call.duration()),
    }
    if let Some(url) = call.recording_url() {
        // Not wrapped, because a broken link does not work.
        page.add_labelled_pieces(
            "Recording",
            &[PagePiece::new(Tone::Plain, &plain_text(url))],
        );
    }
}

fn add_time(page: &mut Page, label: &str, text: Option<Json>, zone: &Zone) {
    match text.and_then(read_timestamp) {
        Some(time) => page.add_labelled(label, &zone.format(time)),
        None => add_value(page, label, text),
    }
}

fn add_value(page: &mut Page, label: &str, value: Option<Json>) {
    if let Some(value) = value {
        page.add_labelled(label, &plain_text(value));
    }
}

fn add_variables(page: &mut Page, heading: &str, variables: &Variables, search: &TextSearch) {
    let variables = variables.flatten();
    if !variables.is_empty() {
        page.begin_section(&format!("{heading} ({})", variables.len()));
        add_variable_rows(page, &variables, search);
    }
}

/// Adds name, kind and value of each variable, in three columns.
fn add_variable_rows(page: &mut Page, variables: &[Variable], search: &TextSearch) {
    const KIND_WIDTH: usize = 7;
    let formatted: Vec<_> = variables
        .iter()
        .map(|variable| (variable, format_value(variable.value, page.symbols())))
        .collect();
    let rows: Vec<_> = formatted
        .iter()
        .map(|(variable, (kind, text, tone))| {
            let name = match variable.name.as_str() {
                "" => NO_OBJECT,
                name => name,
            };
            let text = MarkedText::new(text, &ranges_in_value(variable.value, text, search));
            (PagePiece::new(Tone::Plain, name), *kind, text, *tone)
        })
        .collect();
    page.add_rows(KIND_WIDTH, &rows);
}

/// Starts a section with a heading such as `Lead 12345 · contacted`.
fn begin_section(page: &mut Page, name: &str, values: &[Option<Json>]) {
    let values: Vec<_> = values.iter().flatten().copied().map(plain_text).collect();
    let dot = format!(" {} ", page.symbols().dot());
    page.begin_section(format!("{name} {}", values.join(&dot)).trim_end());
}

fn add_lead(page: &mut Page, lead: &Lead, options: &CardOptions) {
    let zone = &options.zone;
    begin_section(page, "Lead", &[lead.id(), lead.status()]);
    add_value(page, "Phone", lead.phone_number());
    add_time(page, "Created", lead.created_at(), zone);
    add_time(page, "Updated", lead.updated_at(), zone);
    add_variable_rows(page, &lead.variables().flatten(), &options.search);
}

fn add_campaign(page: &mut Page, campaign: &Campaign, zone: &Zone) {
    begin_section(
        page,
        "Campaign",
        &[campaign.id(), campaign.name(), campaign.status()],
    );
    if let Some(window) = campaign.window(page.symbols().dash()) {
        page.add_labelled("Calls", &window);
    }
    add_value(page, "Parallel", campaign.max_calls_in_parallel());
    if let Some(retries) = campaign.retries() {
        page.add_labelled("Retries", &retries);
    }
    add_time(page, "Created", campaign.created_at(), zone);
    add_time(page, "Updated", campaign.updated_at(), zone);
}

fn add_transcript(page: &mut Page, turns: &[Turn], options: &CardOptions) {
    let search = &options.search;
    let is_match = |index: &usize| search.is_match(&turns[*index].spoken_text());
    let matches: Vec<usize> = if search.is_empty() {
        Vec::new()
    } else {
        (0..turns.len()).filter(is_match).collect()
    };
    let (shown, line_limit) = match options.transcript {
        _ if turns.is_empty() => return,
        TranscriptLength::None => return,
        TranscriptLength::Full => ((0..turns.len()).collect(), usize::MAX),
        TranscriptLength::Preview if matches.is_empty() => {
            ((0..turns.len().min(PREVIEW_TURNS)).collect(), PREVIEW_LINES)
        }
        TranscriptLength::Preview => {
            let first = matches.iter().copied().take(PREVIEW_TURNS);
            (first.collect::<Vec<_>>(), PREVIEW_LINES)
        }
    };
    let mut counts = format_count(turns.len() as u64, "turn");
    if !matches.is_empty() {
        counts = format!("{counts}, {} with a match", matches.len());
    }
    page.begin_section(&format!("Transcript ({counts})"));
    let mut is_cut = false;
    let mut previous = None;
    for index in &shown {
        if previous.is_some_and(|previous| previous + 1 < *index) {
            page.add_aside(page.symbols().ellipsis());
        }
        previous = Some(*index);
        is_cut |= add_turn(page, &turns[*index], search, line_limit);
    }
    let omitted = match turns.len() - shown.len() {
        0 if !is_cut => return,
        0 => "shortened".to_owned(),
        1 => "1 more turn".to_owned(),
        hidden => format!("{hidden} more turns"),
    };
    let more = page.symbols().ellipsis();
    page.add_aside(&format!("{more} {omitted} (--transcript full shows all)"));
}

/// Adds a turn, cut to `line_limit` lines. Returns true if text was cut off.
fn add_turn(page: &mut Page, turn: &Turn, search: &TextSearch, line_limit: usize) -> bool {
    let tone = match turn.speaker {
        Speaker::Assistant => Tone::Accent,
        Speaker::Customer => Tone::Strong,
        Speaker::Unknown => Tone::Plain,
    };
    let text = turn.display_text();
    let spoken = turn.spoken_text();
    let start = text.len() - spoken.len();
    let ranges = search.ranges(&spoken).into_iter();
    let ranges: Vec<_> = ranges
        .map(|range| start + range.start..start + range.end)
        .collect();
    let text = MarkedText::new(&text, &ranges);
    page.add_labelled_lines(tone, turn.speaker_name(), &text, line_limit)
}

/// Ends the card with whether the call is valid. Warnings alone do not make it invalid.
fn add_verdict(page: &mut Page, tally: &Tally) {
    page.end_sections();
    let (errors, warnings) = (tally.count(Level::Error), tally.count(Level::Warning));
    let counts: Vec<String> = [(errors, "error"), (warnings, "warning")]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, level)| format_count(count, level))
        .collect();
    let valid = page.symbols().marked(true, "valid");
    let invalid = page.symbols().marked(false, "invalid");
    let verdict = match (errors, warnings) {
        (0, 0) => PagePiece::new(Tone::Good, &valid),
        (0, _) => PagePiece::new(Tone::Doubtful, &format!("{valid}, {}", counts.join(", "))),
        _ => PagePiece::new(Tone::Bad, &format!("{invalid}: {}", counts.join(", "))),
    };
    let hint = if counts.is_empty() {
        ""
    } else {
        " (run `postcall validate` for details)"
    };
    page.add_labelled_pieces("Contract", &[verdict, PagePiece::new(Tone::Faint, hint)]);
}
