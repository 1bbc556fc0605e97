//! The sentences of a report that have numbers or names in them, in both languages.

use maud::{Markup, html};

use super::language::Language;
use super::language::Language::{De, En};
use super::numbers::{DASH, NO_BREAK, percent};
use crate::stats::model::InputFigures;
use crate::stats::{MIXED_OFFSETS, Rate};
use crate::time::zone::LOCAL_TIME;

/// A noun for one thing, and for several.
pub(super) type Noun = (&'static str, &'static str);

impl Language {
    /// A count with its noun.
    pub(super) fn counted(self, count: u64, (one, several): Noun) -> String {
        let noun = if count == 1 { one } else { several };
        format!("{} {noun}", self.count(count))
    }

    pub(super) fn calls_of(self, count: u64) -> String {
        self.counted(count, self.choose(("call", "calls"), ("Anruf", "Anrufe")))
    }

    fn leads_of(self, count: u64) -> String {
        self.counted(count, self.choose(("lead", "leads"), ("Lead", "Leads")))
    }

    /// `9 of 15`; a dash without a denominator.
    pub(super) fn fraction(self, rate: &Rate) -> String {
        match (rate.numerator, rate.denominator) {
            (Some(numerator), Some(denominator)) if rate.value.is_some() => {
                let of = self.number_of();
                let (numerator, denominator) = (self.count(numerator), self.count(denominator));
                format!("{numerator}{NO_BREAK}{of}{NO_BREAK}{denominator}")
            }
            _ => DASH.to_owned(),
        }
    }

    /// What the calls consist of, below their number.
    pub(super) fn kinds_of_calls(self, campaign: u64, leads: Option<u64>, other: u64) -> String {
        let mut text = self.count(campaign);
        text.push_str(self.choose(" in campaigns", " in Kampagnen"));
        if let Some(leads) = leads {
            text.push_str(self.choose(" to ", " an "));
            text.push_str(&self.leads_of(leads));
        }
        if other > 0 {
            text.push_str(", ");
            text.push_str(&self.counted(
                other,
                self.choose(("other", "others"), ("anderer", "andere")),
            ));
        }
        text
    }

    /// `9 of 15 campaign calls were answered; a mailbox counts, too`, below an answer rate.
    pub(super) fn answered_calls(self, rate: &Rate) -> String {
        let fraction = self.fraction(rate);
        let answered = match (self, rate.denominator) {
            (En, Some(1)) => "campaign call was answered",
            (En, _) => "campaign calls were answered",
            (De, Some(1)) => "Kampagnenanruf wurde angenommen",
            (De, _) => "Kampagnenanrufen wurden angenommen",
        };
        let mailbox = self.choose("; a mailbox counts, too", ", einschließlich Mailbox");
        format!("{fraction} {answered}{mailbox}")
    }

    /// `of 17 connected calls (82 %)`, below the numerator of a rate.
    pub(super) fn of_connected(self, rate: &Rate, has_transcript: bool) -> String {
        let nouns = if has_transcript {
            self.choose(
                (
                    "connected call with a transcript",
                    "connected calls with a transcript",
                ),
                (
                    "verbundenen Anruf mit Transkript",
                    "verbundenen Anrufen mit Transkript",
                ),
            )
        } else {
            self.choose(
                ("connected call", "connected calls"),
                ("verbundenen Anruf", "verbundenen Anrufen"),
            )
        };
        let connected = self.counted(rate.denominator.unwrap_or_default(), nouns);
        let share = percent(rate);
        format!("{} {connected} ({share})", self.number_of())
    }

    /// `2m 09s per connected call`, below a talk time.
    pub(super) fn mean_talk_time(self, mean: f64, calls: u64) -> String {
        let mean = self.rounded_duration(mean);
        let calls = self.counted(
            calls,
            self.choose(
                ("connected call", "connected calls"),
                ("verbundenen Anruf", "verbundenen Anrufen"),
            ),
        );
        match self {
            En => format!("mean of {calls}: {mean}"),
            De => format!("im Mittel {mean} bei {calls}"),
        }
    }

    /// First and last day of the calls, and the number of days with calls.
    pub(super) fn period(self, days: (&str, &str), with_calls: u64, all: u64) -> String {
        let (first, last) = days;
        let (with_calls, total) = (self.count(with_calls), self.count(all));
        match self {
            _ if all == 1 => first.to_owned(),
            En => format!("{first} to {last}, calls on {with_calls} of {total} days"),
            De => format!("{first} bis {last}, Anrufe an {with_calls} von {total} Tagen"),
        }
    }

    pub(super) fn no_readable_time(self) -> &'static str {
        self.choose(
            "No call has a readable time",
            "Kein Anruf hat eine lesbare Zeit",
        )
    }

    /// `All times: Europe/Berlin`.
    pub(super) fn all_times(self, zone: &str) -> String {
        match (self, zone) {
            (De, MIXED_OFFSETS) => "Alle Zeiten: mit dem Versatz des jeweiligen Anrufs".to_owned(),
            (De, LOCAL_TIME) => "Alle Zeiten: Ortszeit".to_owned(),
            (En, _) => format!("All times: {zone}"),
            (De, _) => format!("Alle Zeiten: {zone}"),
        }
    }

    pub(super) fn suggested_zone(self, zone: &str) -> String {
        match self {
            En => format!("All times are in UTC. The numbers of the customers suggest {zone}."),
            De => format!("Alle Zeiten sind in UTC. Die Nummern der Kunden sprechen für {zone}."),
        }
    }

    /// `; not said in 4,086`, after the share of the calls with the goal.
    pub(super) fn not_said_in(self, calls: u64) -> String {
        match self {
            _ if calls == 0 => String::new(),
            En => format!("; not said in {}", self.count(calls)),
            De => format!("; ohne Angabe: {}", self.count(calls)),
        }
    }

    /// The goal, and the number of connected calls that do not say whether it was reached.
    pub(super) fn goal_note(self, goal: &str, not_said: u64) -> String {
        let calls = self.count(not_said);
        let rest = match (self, not_said) {
            (_, 0) => String::new(),
            (En, 1) => " One connected call does not say whether it was reached.".to_owned(),
            (En, _) => format!(" {calls} connected calls do not say whether it was reached."),
            (De, 1) => " Bei einem verbundenen Anruf fehlt die Angabe dazu.".to_owned(),
            (De, _) => format!(" Bei {calls} verbundenen Anrufen fehlt die Angabe dazu."),
        };
        let name = self.choose("Goal", "Ziel");
        format!("{name}: {goal}.{rest}")
    }

    /// The campaigns that rates leave out.
    pub(super) fn campaigns_left_out(self, campaigns: u64, calls: u64) -> String {
        let calls = self.counted(calls, self.choose(("call", "calls"), ("Anruf", "Anrufen")));
        let campaigns = self.counted(
            campaigns,
            self.choose(("campaign", "campaigns"), ("Kampagne", "Kampagnen")),
        );
        match self {
            En => format!(
                "Rates leave out {campaigns} with {calls}, of which none failed to connect: \
                 perhaps only connected calls are sent."
            ),
            De => format!(
                "Die Quoten lassen {campaigns} mit {calls} aus, weil keiner ohne Verbindung blieb: \
                 Vielleicht werden nur verbundene Anrufe gesendet."
            ),
        }
    }

    pub(super) fn calls_without_lead(self, count: u64) -> String {
        let calls = self.count(count);
        match (self, count) {
            (En, 1) => {
                "One campaign call without a lead and a number is not in these figures.".to_owned()
            }
            (En, _) => format!(
                "{calls} campaign calls without a lead and a number are not in these figures."
            ),
            (De, 1) => "Ein Kampagnenanruf ohne Lead und Nummer fehlt in diesen Zahlen.".to_owned(),
            (De, _) => {
                format!("{calls} Kampagnenanrufe ohne Lead und Nummer fehlen in diesen Zahlen.")
            }
        }
    }

    /// `3.8` calls, with the fraction: `15 calls for 4`.
    pub(super) fn for_goals(self, total: &str, goals: u64) -> String {
        let goals = self.counted(goals, self.choose(("goal", "goals"), ("Ziel", "Ziele")));
        match self {
            En => format!("{total} for {goals}"),
            De => format!("{total} für {goals}"),
        }
    }

    /// The attempts from this number on.
    pub(super) fn and_more(self, attempts: u64) -> String {
        match self {
            En => format!("{attempts} or more"),
            De => format!("{attempts} oder mehr"),
        }
    }

    /// The attempts that are not listed.
    pub(super) fn more_attempts(self, count: u64) -> String {
        let count = self.count(count);
        match self {
            En => format!("{count} later attempts are not listed."),
            De => format!("{count} spätere Versuche sind nicht aufgeführt."),
        }
    }

    /// An hour of the day: `10:00–11:00` or `10–11 Uhr`.
    pub(super) fn hour_of_day(self, hour: u32) -> String {
        let next = hour + 1;
        match self {
            En => format!("{hour:02}:00–{next:02}:00"),
            De => format!("{hour}–{next}{NO_BREAK}Uhr"),
        }
    }

    /// The hour with the best answer rate.
    pub(super) fn best_hour(self, hour: u32, rate: &Rate) -> Markup {
        let (hour, fraction) = (self.hour_of_day(hour), self.fraction(rate));
        let share = percent(rate);
        match self {
            En => html! {
                "The best hour is " strong { (hour) } ": " (share) " of calls were answered ("
                (fraction) "). That is certainly more than on average."
            },
            De => html! {
                "Die beste Uhrzeit ist " strong { (hour) } ": " (share)
                " der Anrufe wurden angenommen (" (fraction)
                "). Das ist eindeutig mehr als im Durchschnitt."
            },
        }
    }

    /// The number with the lowest answer rate. `falls` if that rate is falling: then nothing is
    /// said of chance.
    pub(super) fn lowest_number(
        self,
        number: &Markup,
        rate: &Rate,
        (is_certain, falls): (bool, bool),
    ) -> Markup {
        let (fraction, share) = (self.fraction(rate), percent(rate));
        let end = match (is_certain, falls) {
            (true, _) => self.choose(
                " That is certainly less than that of all numbers together.",
                " Das ist eindeutig weniger als bei allen Nummern zusammen.",
            ),
            (false, true) => "",
            (false, false) => self.choose(
                " The difference to the others can be chance.",
                " Der Unterschied zu den anderen kann Zufall sein.",
            ),
        };
        match self {
            En => html! {
                "The number " strong { (number) } " has the lowest answer rate: " (share) " ("
                (fraction) " calls)." (end)
            },
            De => html! {
                "Die niedrigste Annahmequote hat die Nummer " strong { (number) } ": " (share) " ("
                (fraction) " Anrufen)." (end)
            },
        }
    }

    /// A number whose answer rate falls.
    pub(super) fn falling_number(self, number: &Markup, recent: &Rate, before: &Rate) -> Markup {
        let (recent, before) = (percent(recent), percent(before));
        match self {
            En => html! {
                "▼ The answer rate of " strong { (number) } " is falling: " (recent)
                " in the last 7 days, " (before) " before."
            },
            De => html! {
                "▼ Die Annahmequote von " strong { (number) } " fällt: " (recent)
                " in den letzten 7 Tagen, davor " (before) "."
            },
        }
    }

    /// The title of the groups of a field.
    pub(super) fn by_field(self, field: &str) -> String {
        match self {
            En => format!("By {field}"),
            De => format!("Nach {field}"),
        }
    }

    /// The groups that share one row. `is_at_least` if there are values that are not known.
    pub(super) fn others(self, count: u64, is_at_least: bool) -> String {
        let count = self.count(count);
        match (self, is_at_least) {
            (En, false) => format!("Other ({count})"),
            (En, true) => format!("Other (at least {count})"),
            (De, false) => format!("Weitere ({count})"),
            (De, true) => format!("Weitere (mindestens {count})"),
        }
    }

    /// The earlier days, weeks or months that share one row.
    pub(super) fn earlier(self, count: u64) -> String {
        let count = self.count(count);
        match self {
            En => format!("Earlier ({count})"),
            De => format!("Früher ({count})"),
        }
    }

    pub(super) fn week_of_year(self, year: &str, week: &str) -> String {
        let week = week.trim_start_matches('0');
        match self {
            En => format!("Week{NO_BREAK}{week}, {year}"),
            De => format!("KW{NO_BREAK}{week}/{year}"),
        }
    }

    /// A week in a list of weeks, by its Monday.
    pub(super) fn week_from(self, monday: &str) -> String {
        match self {
            En => format!("Week of {monday}"),
            De => format!("Woche ab {monday}"),
        }
    }

    /// The unit of a list of times that is too long for days.
    pub(super) fn per_unit(self, days: u64, unit: &str) -> String {
        let days = self.count(days);
        match self {
            En => format!("{days} days, added up by {}", unit.to_lowercase()),
            De => format!("{days} Tage, zusammengefasst nach: {unit}"),
        }
    }

    pub(super) fn calls_per_day(self) -> &'static str {
        self.choose("Calls by day", "Anrufe pro Tag")
    }

    pub(super) fn calls_without_time(self, count: u64) -> String {
        let calls = self.count(count);
        match (self, count) {
            (En, 1) => "One call without a readable time is missing here.".to_owned(),
            (En, _) => format!("{calls} calls without a readable time are missing here."),
            (De, 1) => "Ein Anruf ohne lesbare Zeit fehlt hier.".to_owned(),
            (De, _) => format!("{calls} Anrufe ohne lesbare Zeit fehlen hier."),
        }
    }

    pub(super) fn calls_without_duration(self, count: u64) -> String {
        let calls = self.count(count);
        match (self, count) {
            (En, 1) => "One connected call has no readable duration.".to_owned(),
            (En, _) => format!("{calls} connected calls have no readable duration."),
            (De, 1) => "Ein verbundener Anruf hat keine lesbare Dauer.".to_owned(),
            (De, _) => format!("{calls} verbundene Anrufe haben keine lesbare Dauer."),
        }
    }

    /// The statuses that share one row.
    pub(super) fn other_statuses(self, count: u64) -> String {
        let count = self.count(count);
        match self {
            En => format!("Other statuses ({count})"),
            De => format!("Weitere Status ({count})"),
        }
    }

    /// `36.6 in 17 connected calls`.
    pub(super) fn minutes_of_calls(self, minutes: f64, calls: u64) -> String {
        let minutes = self.decimal(minutes);
        let calls = self.counted(
            calls,
            self.choose(
                ("connected call", "connected calls"),
                ("verbundenen Anruf", "verbundenen Anrufen"),
            ),
        );
        format!("{minutes} in {calls}")
    }

    /// `5.49 at 0.15 per minute`.
    pub(super) fn cost_at(self, cost: &str, price: f64) -> String {
        let price = price.to_string();
        match self {
            En => format!("{cost} at {price} per minute"),
            De => format!("{cost} bei {} pro Minute", price.replace('.', ",")),
        }
    }

    /// What was read and is in no figure.
    pub(super) fn input_not_counted(self, input: &InputFigures) -> Vec<String> {
        let other_payloads = input.other_payloads.values().sum();
        let nouns: [(u64, Noun, Noun); 7] = [
            (
                input.filtered_out,
                ("call excluded by a filter", "calls excluded by a filter"),
                (
                    "durch Filter ausgeschlossener Anruf",
                    "durch Filter ausgeschlossene Anrufe",
                ),
            ),
            (
                input.copies,
                (
                    "copy of a call that was sent again",
                    "copies of calls that were sent again",
                ),
                (
                    "Kopie eines erneut gesendeten Anrufs",
                    "Kopien von erneut gesendeten Anrufen",
                ),
            ),
            (
                input.test_deliveries,
                (
                    "test delivery of the dashboard",
                    "test deliveries of the dashboard",
                ),
                (
                    "Testzustellung des Dashboards",
                    "Testzustellungen des Dashboards",
                ),
            ),
            (
                input.today_or_later.unwrap_or_default(),
                (
                    "call from today on, because today is not over",
                    "calls from today on, because today is not over",
                ),
                (
                    "Anruf ab heute, weil der Tag noch nicht zu Ende ist",
                    "Anrufe ab heute, weil der Tag noch nicht zu Ende ist",
                ),
            ),
            (
                other_payloads,
                (
                    "webhook or object that is not a call",
                    "webhooks or objects that are not calls",
                ),
                (
                    "Webhook oder Objekt, das kein Anruf ist",
                    "Webhooks oder Objekte, die keine Anrufe sind",
                ),
            ),
            (
                input.broken,
                ("piece of broken JSON", "pieces of broken JSON"),
                ("Stück beschädigtes JSON", "Stücke beschädigtes JSON"),
            ),
            (
                input.lost_bodies,
                (
                    "request whose content was lost",
                    "requests whose content was lost",
                ),
                (
                    "Anfrage, deren Inhalt verloren ging",
                    "Anfragen, deren Inhalt verloren ging",
                ),
            ),
        ];
        let nouns = nouns.into_iter().filter(|(count, _, _)| *count > 0);
        let texts =
            nouns.map(|(count, english, german)| self.counted(count, self.choose(english, german)));
        texts.collect()
    }
}
