//! Answer rates by hour and weekday, as a heat map.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::language::Language;
use super::numbers::{percent, percent_range};
use super::options::ReportOptions;
use super::parts::{LINE, few_note, note, rate, reason_notes, scroll_box, section, sum_rates};
use crate::contract::WEEKDAYS;
use crate::stats::Rate;
use crate::stats::model::{HourFigures, WeekFigures};

/// Number of steps of the heat map. The style sheet has a class for each.
const STEPS: u64 = 6;

/// The answer rates of a week, and the best hour if there certainly is one.
#[must_use]
pub(crate) fn best_times(week: &WeekFigures, options: ReportOptions) -> Markup {
    let language = options.language;
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
            (heat_map(week, language))
        }
    };
    section("week", language.best_times(), &content)
}

fn heat_map(week: &WeekFigures, language: Language) -> Markup {
    let mut hours: BTreeMap<u32, Vec<&HourFigures>> = BTreeMap::new();
    for hour in &week.hours {
        hours.entry(hour.hour).or_default().push(hour);
    }
    let scale = Scale::new(week.hours.iter().map(|hour| &hour.answered));
    let sums: Vec<Rate> = hours
        .values()
        .map(|cells| sum_rates(cells.iter().map(|cell| &cell.answered)))
        .collect();
    let table = html! {
        table.heat {
            caption id="week-caption" { (language.legend()) }
            thead { tr {
                th scope="col" { (language.hour()) }
                @for weekday in 0..WEEKDAYS.len() {
                    th.c scope="col" {
                        abbr title=(language.weekday(weekday)) { (language.short_weekday(weekday)) }
                    }
                }
                th.n scope="col" { (language.all_days()) }
            } }
            (LINE)
            tbody {
                @for ((hour, cells), sum) in hours.iter().zip(&sums) {
                    tr {
                        th scope="row" { (language.hour_of_day(*hour)) }
                        @for weekday in WEEKDAYS {
                            @let found = cells.iter().find(|cell| cell.weekday == weekday);
                            (heat_cell(found.map(|cell| &cell.answered), &scale, language))
                        }
                        (rate(sum, language))
                    }
                    (LINE)
                }
            }
        }
    };
    html! {
        (scroll_box("week-caption", &table))
        @if scale.is_used { (legend(&scale)) }
        (note(language.heat_note()))
        (few_note(&sums, language))
    }
}

fn heat_cell(found: Option<&Rate>, scale: &Scale, language: Language) -> Markup {
    let Some((rate, denominator)) = found.and_then(|rate| Some((rate, rate.denominator?))) else {
        return html! { td.c {} };
    };
    let class = match rate.value {
        Some(value) if !rate.is_of_few() => format!("c h{}", scale.step(value)),
        _ => "c few".to_owned(),
    };
    let text = percent(rate);
    let text = text.trim_end_matches('%').trim_end();
    html! { td class=(class) { (text) br; small { (language.count(denominator)) } } }
}

/// The steps of the heat map: all of the same number of percent, from 0 to the highest rate that is
/// not of few calls.
struct Scale {
    /// Percent per step.
    width: u64,
    /// True if a rate is not of few calls. All other cells have no step.
    is_used: bool,
}

impl Scale {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share is from 0 to 1"
    )]
    fn new<'r>(rates: impl Iterator<Item = &'r Rate>) -> Self {
        let sure = rates.filter(|rate| !rate.is_of_few());
        let sure: Vec<f64> = sure.filter_map(|rate| rate.value).collect();
        let highest = sure.iter().copied().fold(0.0, f64::max);
        let percent = (highest * 100.0).ceil() as u64;
        // Whole steps of 5 percent.
        let width = percent.div_ceil(STEPS).next_multiple_of(5).max(5);
        Self {
            width,
            is_used: !sure.is_empty(),
        }
    }

    /// The step of a share from 0 to 1, from 1.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a share is from 0 to 1"
    )]
    fn step(&self, share: f64) -> u64 {
        ((share * 100.0) as u64 / self.width).min(STEPS - 1) + 1
    }
}

/// The percent of each step. It repeats numbers of the cells, so it is no table.
fn legend(scale: &Scale) -> Markup {
    let steps = (0..STEPS).take_while(|step| step * scale.width < 100);
    html! {
        (LINE)
        p.legend { @for step in steps {
            @let high = ((step + 1) * scale.width).min(100);
            span class=(format!("h{}", step + 1)) {
                (percent_range(step * scale.width, high))
            } " "
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
            [0.0, 0.099, 0.1, 0.43, 1.0].map(|it| scale.step(it)),
            [1, 1, 2, 5, 6]
        );
        assert_eq!(Scale::new([].iter()).width, 5);
        assert_eq!(Scale::new([rate(50, 50)].iter()).width, 20);
    }
}
