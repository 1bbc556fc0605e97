//! The figures of a report as rows, one per figure.

use crate::stats::Rate;
use crate::stats::model::{
    AuditFigures, GroupFigures, GroupList, Ratio, Sections, Stats, WindowFigures,
};
use crate::table::row::Cell;

/// The columns of a row. Only reports that compare two windows have the last one.
const HEADINGS: [&str; 9] = [
    "section",
    "group",
    "figure",
    "numerator",
    "denominator",
    "value",
    "low",
    "high",
    "window",
];

type FigureRow = [Option<Cell<'static>>; HEADINGS.len()];

/// The names of the columns of `stats`.
#[must_use]
pub(crate) fn headings(stats: &Stats) -> &'static [&'static str] {
    let without_window = HEADINGS.len() - 1;
    match stats.compare {
        Some(_) => &HEADINGS,
        None => &HEADINGS[..without_window],
    }
}

/// All figures of `stats`, in a fixed order: with `--compare`, those of the window before are the
/// last rows. Counts have a value only. Rates that are not known have none. Each row has at least
/// as many cells as there are [`headings`].
#[must_use]
pub(crate) fn figure_rows(stats: &Stats) -> Vec<FigureRow> {
    let mut rows = FigureRows::default();
    rows.add_input(stats);
    let Some(compare) = &stats.compare else {
        rows.add_sections(&stats.sections);
        return rows.0;
    };
    rows.add_window("current", &compare.window, &stats.sections);
    rows.add_window("before", &compare.window_before, &compare.before);
    rows.0
}

#[derive(Default)]
struct FigureRows(Vec<FigureRow>);

#[expect(clippy::unnecessary_wraps, reason = "rows have optional cells")]
fn text(text: &str) -> Option<Cell<'static>> {
    Some(Cell::text(text.to_owned()))
}

fn number(value: Option<f64>) -> Option<Cell<'static>> {
    value.map(Cell::double)
}

impl FigureRows {
    /// Adds a row whose value is a number or, for times, a text.
    fn value(&mut self, section: &str, group: &str, figure: &str, value: Option<Cell<'static>>) {
        let group = text(group).filter(|cell| !cell.text.is_empty());
        let row = [
            text(section),
            group,
            text(figure),
            None,
            None,
            value,
            None,
            None,
            None,
        ];
        self.0.push(row);
    }

    fn count(&mut self, section: &str, group: &str, figure: &str, count: u64) {
        self.value(section, group, figure, Some(Cell::number(count)));
    }

    fn rate(&mut self, section: &str, group: &str, figure: &str, rate: &Rate) {
        self.value(section, group, figure, number(rate.value));
        let row = self.0.last_mut().expect("it was added");
        row[3] = rate.numerator.map(Cell::number);
        row[4] = rate.denominator.map(Cell::number);
        row[6] = number(rate.low);
        row[7] = number(rate.high);
    }

    fn ratio(&mut self, section: &str, figure: &str, ratio: &Ratio) {
        self.value(section, "", figure, number(ratio.value));
        let row = self.0.last_mut().expect("it was added");
        row[3] = ratio.numerator.map(Cell::number);
        row[4] = ratio.denominator.map(Cell::number);
    }

    /// Adds the figures of a window of this name.
    fn add_window(&mut self, name: &str, window: &WindowFigures, sections: &Sections) {
        let first = self.0.len();
        let section = "window";
        self.value(section, "", "from", text(&window.ends.from));
        self.value(section, "", "to", text(&window.ends.to));
        self.count(section, "", "calls", window.calls);
        self.add_sections(sections);
        for row in &mut self.0[first..] {
            row[HEADINGS.len() - 1] = text(name);
        }
    }

    fn add_sections(&mut self, sections: &Sections) {
        self.add_calls(sections);
        self.add_rates(sections);
        self.add_leads(sections);
        for (section, list) in [("numbers", &sections.numbers), ("groups", &sections.groups)] {
            if let Some(list) = list {
                self.add_groups(section, list);
            }
        }
        self.add_conversations(sections);
        for (figure, rate) in sections.audit.iter().flat_map(AuditFigures::rates) {
            self.rate("audit", "", figure, rate);
        }
        self.add_variables(sections);
        self.add_times(sections);
        self.add_review(sections);
    }

    fn add_input(&mut self, stats: &Stats) {
        let input = &stats.input;
        let section = "input";
        for (figure, count) in [
            ("bodies", input.bodies),
            ("filtered_out", input.filtered_out),
            ("copies", input.copies),
            ("test_deliveries", input.test_deliveries),
            ("broken", input.broken),
            ("lost_bodies", input.lost_bodies),
        ] {
            self.count(section, "", figure, count);
        }
        if let Some(count) = input.today_or_later {
            self.count(section, "", "today_or_later", count);
        }
        for (name, count) in &input.other_payloads {
            self.count(section, name, "other_payloads", *count);
        }
    }

    fn add_calls(&mut self, sections: &Sections) {
        let Some(calls) = &sections.calls else {
            return;
        };
        let section = "calls";
        for (figure, count) in [
            ("calls", calls.calls),
            ("campaign_calls", calls.campaign_calls),
            ("other_calls", calls.other_calls),
            ("connected", calls.connected),
            ("not_connected", calls.not_connected),
            ("open", calls.open),
            ("unclassed", calls.unclassed),
            ("days", calls.days),
            ("days_with_calls", calls.days_with_calls),
            ("calls_without_time", calls.calls_without_time),
        ] {
            self.count(section, "", figure, count);
        }
        for (figure, time) in [("first", &calls.first), ("last", &calls.last)] {
            self.value(section, "", figure, time.as_deref().and_then(text));
        }
        for outcome in &calls.outcomes {
            let name = outcome.status.as_deref().unwrap_or_default();
            self.count(section, name, "outcome", outcome.calls);
        }
        let talk = &calls.talk_time;
        self.count(section, "", "talk_time", talk.seconds);
        self.count(section, "", "calls_with_duration", talk.calls);
        self.count(
            section,
            "",
            "calls_without_duration",
            talk.calls_without_duration,
        );
        self.value(section, "", "mean_talk_time", number(talk.mean));
        self.value(section, "", "median_talk_time", number(talk.median));
        self.value(section, "", "p90_talk_time", talk.p90.map(Cell::number));
        self.value(section, "", "max_talk_time", talk.max.map(Cell::number));
    }

    fn add_rates(&mut self, sections: &Sections) {
        let Some(rates) = &sections.rates else {
            return;
        };
        let section = "rates";
        for (figure, rate) in [
            ("answered", &rates.answered),
            ("two_way", &rates.two_way),
            ("conversations", &rates.conversations),
            ("goals_of_conversations", &rates.goals_of_conversations),
            ("goals_of_connected", &rates.goals_of_connected),
            ("goals_of_leads", &rates.goals_of_leads),
        ] {
            self.rate(section, "", figure, rate);
        }
        self.count(section, "", "goals_missed", rates.goals_missed);
        self.count(section, "", "goals_not_said", rates.goals_not_said);
        let (calls, leads) = (&rates.call_funnel, &rates.lead_funnel);
        for (group, figure, count) in [
            ("calls", "dials", calls.dials),
            ("calls", "connected", Some(calls.connected)),
            ("calls", "two_way", Some(calls.two_way)),
            ("calls", "conversations", Some(calls.conversations)),
            ("calls", "goals", calls.goals),
            ("leads", "leads", Some(leads.leads)),
            ("leads", "attempted", leads.attempted),
            ("leads", "reached", Some(leads.reached)),
            ("leads", "goals", leads.goals),
        ] {
            self.value("funnel", group, figure, count.map(Cell::number));
        }
        let unrated = rates.campaigns_without_misses;
        self.count(section, "", "campaigns_without_misses", unrated);
        let calls = rates.calls_of_campaigns_without_misses;
        self.count(section, "", "calls_of_campaigns_without_misses", calls);
    }

    fn add_leads(&mut self, sections: &Sections) {
        let Some(leads) = &sections.leads else {
            return;
        };
        let section = "leads";
        self.count(section, "", "leads", leads.leads);
        self.count(section, "", "calls_without_lead", leads.calls_without_lead);
        self.rate(section, "", "reached", &leads.reached);
        self.rate(
            section,
            "",
            "reached_at_first_attempt",
            &leads.reached_at_first_attempt,
        );
        self.rate(section, "", "exhausted", &leads.exhausted);
        self.ratio(section, "calls_per_goal", &leads.calls_per_goal);
        self.ratio(section, "talk_time_per_goal", &leads.talk_time_per_goal);
        for attempt in &leads.attempts {
            let group = attempt.attempt.to_string();
            self.rate("attempts", &group, "answered", &attempt.answered);
            self.rate(
                "attempts",
                &group,
                "reached_within",
                &attempt.reached_within,
            );
        }
        for count in &leads.attempts_per_lead {
            let group = count.attempts.to_string();
            self.count(
                "attempts",
                &group,
                "leads_with_as_many_attempts",
                count.leads,
            );
        }
    }

    fn add_groups(&mut self, section: &str, list: &GroupList) {
        for group in &list.groups {
            let name = match &group.value {
                Some(value) => value.as_str(),
                None if group.is_rest => "(other values)",
                None => "(none)",
            };
            self.add_group(section, name, group);
        }
    }

    fn add_group(&mut self, section: &str, name: &str, group: &GroupFigures) {
        if let Some(campaign) = &group.name {
            self.value(section, name, "name", text(campaign));
        }
        for (figure, count) in [
            ("calls", group.calls),
            ("connected", group.connected),
            ("not_connected", group.not_connected),
            ("talk_time", group.talk_time),
        ] {
            self.count(section, name, figure, count);
        }
        self.value(
            section,
            name,
            "mean_talk_time",
            number(group.mean_talk_time),
        );
        for (figure, rate) in [
            ("answered", &group.answered),
            ("under_10_seconds", &group.under_10_seconds),
            ("two_way", &group.two_way),
            ("conversations", &group.conversations),
            ("goals_of_connected", &group.goals_of_connected),
            ("answered_last_7_days", &group.answered_last_7_days),
            ("answered_before", &group.answered_before),
        ] {
            self.rate(section, name, figure, rate);
        }
    }

    fn add_conversations(&mut self, sections: &Sections) {
        if let Some(figures) = &sections.conversations {
            let section = "conversations";
            self.rate(section, "", "silent", &figures.silent);
            let words = &figures.words_of_customers;
            self.ratio(section, "words_of_customers", words);
            for turns in &figures.customer_turns {
                let group = turns.turns.to_string();
                self.rate(section, &group, "calls_with_as_many_turns", &turns.calls);
            }
        }
        if let Some(billing) = &sections.billing {
            let section = "billing";
            self.count(section, "", "calls", billing.calls);
            self.count(section, "", "seconds", billing.seconds);
            self.count(section, "", "goals", billing.goals);
            for (figure, value) in [
                ("minutes", Some(billing.minutes)),
                ("price_per_minute", billing.price_per_minute),
                ("cost", billing.cost),
                ("cost_per_goal", billing.cost_per_goal),
            ] {
                self.value(section, "", figure, number(value));
            }
        }
    }

    fn add_variables(&mut self, sections: &Sections) {
        let section = "variables";
        for variable in sections.variables.iter().flat_map(|list| &list.variables) {
            let name = &variable.name;
            self.rate(section, name, "filled", &variable.filled);
            if let Some(is_true) = &variable.is_true {
                self.rate(section, name, "is_true", is_true);
            }
            if let Some(numbers) = &variable.numbers {
                self.count(section, name, "numbers", numbers.calls);
                for (figure, value) in [
                    ("min", Some(numbers.min)),
                    ("median", numbers.median),
                    ("p90", numbers.p90),
                    ("max", Some(numbers.max)),
                ] {
                    self.value(section, name, figure, number(value));
                }
            }
            if let Some(texts) = &variable.texts {
                self.count(section, name, "texts", texts.calls);
                let distinct = texts.distinct.map(Cell::number);
                self.value(section, name, "distinct", distinct);
                self.count(section, name, "long_texts", texts.long_texts);
                let mean = number(Some(texts.mean_characters));
                self.value(section, name, "mean_characters", mean);
                self.count(section, name, "longest", texts.longest);
                for top in &texts.top {
                    let group = format!("{name}={}", top.value);
                    self.count(section, &group, "calls", top.calls);
                }
            }
            if variable.lists > 0 {
                self.count(section, name, "lists", variable.lists);
            }
        }
    }

    fn add_review(&mut self, sections: &Sections) {
        let section = "review";
        let Some(review) = &sections.review else {
            return;
        };
        self.count(section, "", "calls", review.calls);
        for count in &review.reasons {
            self.count(section, "", count.reason.name(), count.calls);
        }
        for call in &review.queue {
            let (location, id) = (call.found.location(), call.found.id.as_deref());
            for reason in &call.reasons {
                self.value(section, &location, reason.name(), id.and_then(text));
            }
        }
    }

    fn add_times(&mut self, sections: &Sections) {
        for day in sections.days.iter().flatten() {
            self.count("days", &day.day, "calls", day.calls);
            self.count("days", &day.day, "connected", day.connected);
            self.rate("days", &day.day, "answered", &day.answered);
        }
        let Some(week) = &sections.week else {
            return;
        };
        for hour in &week.hours {
            let group = format!("{} {:02}", hour.weekday, hour.hour);
            self.rate("week", &group, "answered", &hour.answered);
        }
        for hour in &week.all_days {
            let group = format!("{:02}", hour.hour);
            self.rate("week", &group, "answered", &hour.answered);
        }
        if let Some(best) = &week.best_hour {
            let group = format!("{:02}", best.hour);
            self.rate("week", &group, "best_hour", &best.answered);
        }
    }
}
