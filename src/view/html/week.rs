//! Answer rates by hour and weekday, as a heat map.

use maud::{Markup, html};

use super::before;
use super::language::Language;
use super::numbers::{percent, percent_range};
use super::options::ReportOptions;
use super::parts::{LINE, decimals, few_note, note, rate_above, reason_notes, scroll_box, section};
use crate::contract::WEEKDAYS;
use crate::stats::Rate;
use crate::stats::model::{HourOfDay, WeekFigures};
use crate::stats::rate::whole_percent;

/// Number of steps of the heat map. The style sheet has a class for each.
const STEPS: u32 = 6;

/// The answer rates of a week, and the best hour if there certainly is one.
#[must_use]
pub(crate) fn best_times(
    week: &WeekFigures,
    before: Option<&WeekFigures>,
    options: ReportOptions,
) -> Markup {
    let language = options.language;
    let before_reason = before.and_then(|before| before.reason.as_ref());
    let content = html! {
        @if let Some(reason) = &week.reason {
            (reason_notes([(language.answer_rate(), Some(reason))], language))
        } @else {
            p.finding {
                @match &week.best_hour {
                    Some(best) => { (language.best_hour(best.hour, &best.answered)) }
                    None => { (language.no_best_hour()) }
                }
            }
            (heat_map("week-caption", language.legend(), week, before, language))
        }
        @match (before, before_reason) {
            (Some(_), Some(reason)) => {
                (reason_notes([(language.window_before(), Some(reason))], language))
            }
            (Some(before), None) => {
                @let caption = format!("{}: {}", language.window_before(), language.legend());
                (heat_map("week-before-caption", &caption, before, None, language))
            }
            (None, _) => {}
        }
    };
    section("week", language.best_times(), &content)
}

/// A table of hours and weekdays whose caption is `caption`. The rates of all days have a line for
/// those of the week `before`.
fn heat_map(
    id: &str,
    caption: &str,
    week: &WeekFigures,
    before: Option<&WeekFigures>,
    language: Language,
) -> Markup {
    let scale = Scale::new(week.hours.iter().map(|hour| &hour.answered));
    let line = |hour: &HourOfDay| {
        let line = before.map(|before| {
            before::rate_line(&hour.answered, before.answered_at(hour.hour), language)
        });
        line.unwrap_or_default()
    };
    let table = html! {
        table.heat {
            caption id=(id) { (caption) }
            thead { tr {
                th scope="col" { (language.hour()) }
                @for weekday in 0..WEEKDAYS.len() {
                    th.c.r scope="col" data-n="n" {
                        abbr title=(language.weekday(weekday)) { (language.short_weekday(weekday)) }
                    }
                }
                th.n.r scope="col" data-n="n" { (language.all_days()) }
            } }
            (LINE)
            tbody {
                @for hour in &week.all_days {
                    tr {
                        th scope="row" { (language.hour_of_day(hour.hour)) }
                        @for weekday in WEEKDAYS {
                            @let found = week.find(weekday, hour.hour);
                            (heat_cell(found.map(|cell| &cell.answered), &scale, language))
                        }
                        (rate_above(&hour.answered, &line(hour), language))
                    }
                    (LINE)
                }
            }
        }
    };
    html! {
        (scroll_box(id, &table))
        @if scale.is_used { (legend(&scale)) }
        (note(language.heat_note()))
        (few_note(week.all_days.iter().map(|hour| &hour.answered), language))
    }
}

fn heat_cell(found: Option<&Rate>, scale: &Scale, language: Language) -> Markup {
    let Some((rate, denominator)) = found.and_then(|rate| Some((rate, rate.denominator?))) else {
        return html! { td.c.r {} };
    };
    let class = match rate.value {
        Some(value) if !rate.is_of_few() => format!("c r h{}", scale.step(value)),
        _ => "c r few".to_owned(),
    };
    let text = percent(rate);
    let text = text.trim_end_matches('%').trim_end();
    html! {
        td class=(class) data-v=[rate.value.map(decimals)] data-n=(denominator) {
            (text) br; small { (language.count(denominator)) }
        }
    }
}

/// The steps of the heat map: all of the same number of percent, from 0 to the highest rate that is
/// not of few calls.
struct Scale {
    /// Percent per step.
    width: u32,
    /// True if a rate is not of few calls. All other cells have no step.
    is_used: bool,
}

impl Scale {
    fn new<'r>(rates: impl Iterator<Item = &'r Rate>) -> Self {
        let sure = rates.filter(|rate| !rate.is_of_few());
        let sure: Vec<f64> = sure.filter_map(|rate| rate.value).collect();
        let highest = sure.iter().copied().fold(0.0, f64::max);
        // Whole steps of 5 percent, of which the last is above the highest percent.
        let width = (whole_percent(highest) + 1)
            .div_ceil(STEPS)
            .next_multiple_of(5);
        Self {
            width,
            is_used: !sure.is_empty(),
        }
    }

    /// Number of steps up to 100 percent, at most [`STEPS`].
    fn steps(&self) -> u32 {
        100_u32.div_ceil(self.width).min(STEPS)
    }

    /// The first and the last percent of a step, from 1.
    fn percent(&self, step: u32) -> (u32, u32) {
        let end = step * self.width;
        let last = if end < 100 { end - 1 } else { 100 };
        (end - self.width, last)
    }

    /// The step of a share from 0 to 1, from 1, by the percent that its cell shows.
    fn step(&self, share: f64) -> u32 {
        (whole_percent(share) / self.width).min(self.steps() - 1) + 1
    }
}

/// The percent of each step. It repeats numbers of the cells, so it is no table.
fn legend(scale: &Scale) -> Markup {
    html! {
        (LINE)
        p.legend { @for step in 1..=scale.steps() {
            @let (low, high) = scale.percent(step);
            span class=(format!("h{step}")) { (percent_range(low, high)) } " "
        } }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stats::Reason;

    #[test]
    fn the_steps_reach_the_highest_sure_rate() {
        let rate = |n, d| Rate::new(n, d, Reason::NoLeads);
        let rates = [rate(43, 100), rate(9, 10), rate(0, 40)];
        let scale = Scale::new(rates.iter());
        assert_eq!(scale.width, 10);
        assert_eq!(
            [0.0, 0.094, 0.096, 0.1, 0.43, 1.0].map(|it| scale.step(it)),
            [1, 1, 2, 2, 5, 6]
        );
        let ranges = |scale: &Scale| -> Vec<(u32, u32)> {
            (1..=scale.steps())
                .map(|step| scale.percent(step))
                .collect()
        };
        assert_eq!(
            ranges(&scale),
            [(0, 9), (10, 19), (20, 29), (30, 39), (40, 49), (50, 59)]
        );
        assert_eq!(Scale::new([].iter()).width, 5);
        // 30 is not in a step that ends with 29.
        let scale = Scale::new([rate(30, 100)].iter());
        assert_eq!((scale.width, scale.step(0.296)), (10, 4));
        let scale = Scale::new([rate(50, 50)].iter());
        assert_eq!(
            ranges(&scale),
            [(0, 19), (20, 39), (40, 59), (60, 79), (80, 100)]
        );
        assert_eq!((scale.step(0.8), scale.step(1.0)), (5, 5));
    }
}
