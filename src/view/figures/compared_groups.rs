//! Groups with the figures of the window before beside those of the window.

use super::compared::{Before, change_heading, rate_cells};
use super::group_parts::{
    NUMBER_HEADING, NUMBERS_TITLE, ShownGroups, answer_notes, answer_reasons, group_name,
    groups_title, mean_cell,
};
use super::parts::{
    FigureTable, Row, cell, few_heading, has_few, name_heading, number_cell, short_rate,
    whole_seconds_text,
};
use crate::stats::Rate;
use crate::stats::model::{GroupFigures, GroupList};
use crate::table::writer::Heading;
use crate::text::plural::format_grouped_count;
use crate::text::symbols::Symbols;
use crate::view::terminal::Terminal;

/// A rate in a table that compares groups: its name, and the ranks in which its column, that of the
/// window before and that of the change are dropped.
struct ComparedRate {
    name: &'static str,
    rate: fn(&GroupFigures) -> &Rate,
    ranks: [usize; 3],
}

/// What a table that compares groups shows.
pub(super) struct ComparedColumns {
    rates: &'static [ComparedRate],
    has_talk_times: bool,
}

pub(super) const COMPARED_NUMBERS: ComparedColumns = ComparedColumns {
    rates: &[
        ComparedRate {
            name: "Answered",
            rate: |group| &group.answered,
            ranks: [0, 0, 0],
        },
        ComparedRate {
            name: "Under 10 s",
            rate: |group| &group.under_10_seconds,
            ranks: [2, 3, 4],
        },
    ],
    has_talk_times: false,
};

pub(super) const COMPARED_GROUPS: ComparedColumns = ComparedColumns {
    rates: &[
        ComparedRate {
            name: "Answered",
            rate: |group| &group.answered,
            ranks: [0, 0, 0],
        },
        ComparedRate {
            name: "Conversations",
            rate: |group| &group.conversations,
            ranks: [5, 6, 7],
        },
        ComparedRate {
            name: "Goal",
            rate: |group| &group.goals_of_connected,
            ranks: [2, 3, 4],
        },
    ],
    has_talk_times: true,
};

/// A table of groups with the figures of the window before beside those of the window.
pub(super) fn compared_groups(
    list: &GroupList,
    before: Before<'_, GroupList>,
    columns: &ComparedColumns,
    terminal: Terminal,
) -> FigureTable {
    let symbols = terminal.symbols;
    let ShownGroups { shown, others } = ShownGroups::of(list);
    let rows = shown.iter().map(|group| {
        let same = before.figures.find(group);
        compared_row(group, same, columns, symbols)
    });
    let mut notes: Vec<String> = others
        .iter()
        .map(|(sum, name)| {
            let calls = format_grouped_count(sum.calls, "call");
            format!("{name}: {calls} (see --format csv)")
        })
        .chain(answer_notes(list, shown))
        .collect();
    notes.extend(only_before(list, before.figures));
    let shown_before: Vec<&GroupFigures> = (shown.iter())
        .filter_map(|group| before.figures.find(group))
        .collect();
    notes.extend(before.reason_notes(answer_reasons(shown_before.iter().copied())));
    let rates = (columns.rates.iter()).flat_map(|column| {
        let groups = shown.iter().chain(shown_before.iter().copied());
        groups.map(|group| (column.rate)(group))
    });
    FigureTable {
        title: if columns.has_talk_times {
            groups_title(list)
        } else {
            NUMBERS_TITLE.to_owned()
        },
        has_few: has_few(rates),
        headings: compared_headings(list, columns),
        rows: rows.collect(),
        notes,
    }
}

fn compared_headings(list: &GroupList, columns: &ComparedColumns) -> Vec<Heading> {
    let name = if columns.has_talk_times {
        name_heading(&list.by, 20)
    } else {
        name_heading(NUMBER_HEADING, 16)
    };
    let mut headings = vec![
        name,
        Heading::new("Calls").right_aligned(),
        Heading::new("Calls before").right_aligned().dropped(1),
    ];
    for column in columns.rates {
        let [rank, rank_before, rank_change] = column.ranks;
        // Only the first rate has the short names.
        let named = |name: &str| match rank {
            0 => name.to_owned(),
            _ => format!("{} {}", column.name, name.to_lowercase()),
        };
        headings.extend([
            few_heading(column.name).right_aligned().dropped(rank),
            few_heading(&named("Before"))
                .right_aligned()
                .dropped(rank_before),
            change_heading(&named("Change")).dropped(rank_change),
        ]);
    }
    if columns.has_talk_times {
        let names = ["Mean", "Mean before", "Talk time", "Talk time before"];
        let names = names.into_iter().zip(8..);
        headings.extend(names.map(|(name, rank)| Heading::new(name).right_aligned().dropped(rank)));
    }
    headings
}

fn compared_row(
    group: &GroupFigures,
    before: Option<&GroupFigures>,
    columns: &ComparedColumns,
    symbols: Symbols,
) -> Row {
    let mut row = vec![
        cell(group_name(group)),
        number_cell(group.calls),
        number_cell(before.map_or(0, |before| before.calls)),
    ];
    for ComparedRate { rate, .. } in columns.rates {
        row.push(short_rate(rate(group), symbols));
        row.extend(rate_cells(rate(group), before.map(rate), symbols));
    }
    if columns.has_talk_times {
        let dash = || cell(symbols.dash());
        let talk_time = |group: &GroupFigures| cell(whole_seconds_text(group.talk_time));
        row.extend([
            mean_cell(group, symbols),
            before.map_or_else(dash, |before| mean_cell(before, symbols)),
            talk_time(group),
            before.map_or_else(dash, talk_time),
        ]);
    }
    row
}

/// The note on the groups that only the window before has.
fn only_before(list: &GroupList, before: &GroupList) -> Option<String> {
    let missing = before.missing_in(list);
    let calls = missing.iter().map(|group| group.calls).sum();
    (!missing.is_empty()).then(|| {
        format!(
            "only in the window before: {} with {} (see --format csv)",
            format_grouped_count(missing.len() as u64, "value"),
            format_grouped_count(calls, "call")
        )
    })
}
