//! The tables for people, and the names of figures in CSV.

use std::collections::BTreeSet;
use std::fs;

use serde_json::Value;

use super::{DAY, dial, lines};
use crate::common::{repository, stdout};

#[test]
fn no_figure_is_cut_in_a_narrow_terminal() {
    let calls: Vec<Value> = (1..=1200)
        .map(|id| dial(id, if id % 3 == 0 { "busy" } else { "completed" }, 60, DAY))
        .collect();
    for width in ["30", "40", "50", "60"] {
        let table = stdout(&["stats", "--width", width], &lines(&calls));
        for (cut, _) in table.match_indices('…') {
            let last = table[..cut].chars().next_back();
            assert!(last.is_some_and(char::is_alphabetic), "{table}");
        }
    }
}

#[test]
fn the_overview_of_a_campaign_fits_one_screen() {
    let overview = [
        "stats",
        "samples/day.jsonl",
        "--campaign",
        "2324",
        "--width",
        "80",
    ];
    let text = stdout(&overview, b"");
    assert!(text.lines().count() <= 40, "{text}");
    for (width, columns) in [("80", 80), ("60", 60), ("40", 40)] {
        let arguments = [
            "stats",
            "samples/day.jsonl",
            "--by",
            "campaign",
            "--width",
            width,
        ];
        let sections = [
            "--only",
            "calls,rates,leads,numbers,groups,days,week",
            "--ascii",
        ];
        let text = stdout(&[&arguments[..], &sections].concat(), b"");
        for line in text.lines() {
            assert!(line.chars().count() <= columns, "{line}");
        }
        let drawn = text.replace("Möller", "");
        assert!(drawn.is_ascii(), "{drawn}");
    }
}

#[test]
fn the_figures_of_csv_are_documented() {
    let docs = fs::read_to_string(repository().join("docs/stats.md")).expect("the page");
    let day = fs::read(repository().join("samples/day.jsonl")).expect("the sample");
    let options = "stats --format csv --by campaign --per-minute 0.1 --tz UTC --compare \
                   --since 2024-01-15T11:00 --until 2024-01-15T16:59";
    let options: Vec<&str> = options.split_whitespace().collect();
    let csv = stdout(&options, &day);
    let mut figures = BTreeSet::new();
    for row in csv.lines().skip(1) {
        let cells: Vec<&str> = row.split(',').collect();
        figures.insert((cells[0], cells[2]));
    }
    assert!(figures.len() > 80, "{figures:?}");
    for (section, figure) in figures {
        let is_documented = docs.lines().any(|line| {
            let has = |name: &str| line.contains(&format!("`{name}`"));
            line.starts_with('|') && has(section) && has(figure)
        });
        assert!(is_documented, "{section} {figure}");
    }
}

/// Rates and numbers of calls were cut in all columns behind Thursday.
#[test]
fn the_hours_of_a_week_fit_80_columns() {
    let mut calls = Vec::new();
    for (day, status) in (15..22).flat_map(|day| [(day, "completed"), (day, "busy")]) {
        for _ in 0..60 {
            let id = calls.len() as u64 + 1;
            calls.push(dial(id, status, 60, &format!("2024-01-{day}T09:00:00Z")));
        }
    }
    let table = |width| {
        let options = ["stats", "--only", "week", "--tz", "UTC", "--width", width];
        stdout(&options, &lines(&calls))
    };
    let [narrow, wide] = ["80", "100"].map(table);
    let row = "  09  ▒50  ▒50  ▒50  ▒50  ▒50  ▒50  ▒50  50 % of 840";
    assert_eq!(narrow.lines().nth(2), Some(row), "{narrow}");
    assert!(wide.contains("▒50 (120)  50 % of 840\n"), "{wide}");
}
