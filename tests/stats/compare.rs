//! `--compare`: each window has the figures of a report of its own.

use serde_json::{Value, json};

use super::{dial, fraction, lines, of, stats, with};
use crate::common::{config, postcall, program, run, stdout};
use proptest::prelude::*;
use proptest::test_runner::TestRunner;

/// The sections of a report.
const SECTIONS: [&str; 11] = [
    "calls",
    "rates",
    "leads",
    "numbers",
    "groups",
    "conversations",
    "billing",
    "audit",
    "variables",
    "days",
    "week",
];

fn sections(figures: &Value) -> Vec<&Value> {
    SECTIONS.map(|section| &figures[section]).to_vec()
}

/// Output and messages at a fixed time, and the exit code.
fn at(time: &str, options: &[&str], input: &[u8]) -> (String, String, Option<i32>) {
    let time = chrono::DateTime::parse_from_rfc3339(time).expect("a time");
    let mut command = program(&[&["stats"], options].concat());
    command.env("SOURCE_DATE_EPOCH", time.timestamp().to_string());
    let output = run(command, vec![input.to_vec()]);
    let text = |bytes| String::from_utf8(bytes).expect("postcall prints UTF-8");
    (
        text(output.stdout),
        text(output.stderr),
        output.status.code(),
    )
}

/// A call on a day in October 2026. The clocks are set back on the 25th.
fn call_on((id, lead, day, hour, kind): (u64, u64, u32, u32, usize)) -> Value {
    let status = ["completed", "busy", "no-answer", "ended"][kind % 4];
    let transcripts = [
        "Assistant: Hi",
        "Assistant: Hi\nCustomer: Yes\nAssistant: A\nCustomer: B",
    ];
    let transcript = transcripts[kind % 2];
    let offset = if day < 25 { "+02:00" } else { "+01:00" };
    let call = dial(
        id,
        status,
        40,
        &format!("2026-10-{day:02}T{hour:02}:30:00{offset}"),
    );
    let phone = ["+49401", "+49402", "+49403"][kind % 3];
    let city = ["Bonn", "Kiel"][kind % 2];
    let variables = json!({"status": kind.is_multiple_of(5), "city": city});
    with(
        &call,
        json!({
            "lead": {"id": lead, "status": "scheduled"}, "assistant_phone": phone,
            "campaign": {"id": kind % 2, "max_retries": 1, "allowed_days": ["monday"]},
            "transcript": transcript, "extracted_variables": variables,
        }),
    )
}

#[test]
fn each_window_has_the_figures_of_its_own_report() {
    let call = (1..40_u64, 1..9_u64, 18..31_u32, 0..24_u32, 0..60_usize);
    let calls = prop::collection::vec(call, 1..60);
    let windows = prop::sample::select(vec![
        (["2026-10-25", "2026-10-27"], ["2026-10-22", "2026-10-24"]),
        (["2026-10-26", "2026-10-29"], ["2026-10-22", "2026-10-25"]),
        (
            ["2026-10-25T12:00", "2026-10-26T11:59"],
            [
                "2026-10-24T13:00+02:00",
                "2026-10-25T11:59:59.999999999+01:00",
            ],
        ),
    ]);
    let law = |(mut calls, (window, before), by): (Vec<_>, ([&str; 2], [&str; 2]), &str)| {
        // Later deliveries of a call have its time, as those of the vendor do.
        let mut known = std::collections::HashMap::new();
        for (id, _, day, hour, _) in &mut calls {
            (*day, *hour) = *known.entry(*id).or_insert((*day, *hour));
        }
        let calls: Vec<Value> = calls.into_iter().map(call_on).collect();
        let report = |[since, until]: [&str; 2], compare: &[&str]| {
            let zone = ["--tz", "Europe/Berlin", "--by", by];
            let options = [&zone, &["--since", since, "--until", until][..], compare].concat();
            stats(&calls, &options)
        };
        let compared = report(window, &["--compare"]);
        let own = report(window, &[]);
        prop_assert_eq!(sections(&compared), sections(&own));
        let compared = &compared["compare"];
        let own = report(before, &[]);
        prop_assert_eq!(sections(&compared["before"]), sections(&own));
        prop_assert_eq!(&compared["window_before"]["calls"], &own["calls"]["calls"]);
        Ok(())
    };
    let by = prop::sample::select(vec!["campaign", "city", "hour", "day"]);
    let mut runner = TestRunner::new(config(24));
    runner
        .run(&(calls, windows, by), law)
        .expect("the law holds");
}

/// A week of 30 calls a day to each of two numbers, of which every `every`-th is answered.
fn week(first: u32, every: [u64; 2]) -> Vec<Value> {
    let mut calls = Vec::new();
    for day in first..first + 5 {
        for number in 0..60_u64 {
            let phone = usize::from(number % 2 == 1);
            let is_answered = (number / 2).is_multiple_of(every[phone]);
            let status = if is_answered { "completed" } else { "busy" };
            let time = format!("2026-11-{day:02}T{:02}:00:00+01:00", 9 + number % 8);
            let call = dial(u64::from(day) * 100 + number, status, 60, &time);
            let phone = ["+493011", "+493022"][phone];
            calls.push(with(&call, json!({"assistant_phone": phone})));
        }
    }
    calls
}

/// Two weeks, in the second of which the number +493022 is answered less.
fn two_weeks() -> Vec<Value> {
    [week(9, [2, 2]), week(16, [2, 6])].concat()
}

const MONDAY: &str = "2026-11-23T08:00:00Z";
const LAST_WEEK: [&str; 5] = ["--compare", "--since", "8d", "--tz", "Europe/Berlin"];

#[test]
fn the_week_ends_yesterday_and_a_falling_number_is_found() {
    let today = dial(9000, "completed", 60, "2026-11-23T08:30:00+01:00");
    let older = dial(9001, "completed", 60, "2026-11-08T20:30:00+01:00");
    let input = lines(&[two_weeks(), vec![today, older]].concat());
    let (json, _, code) = at(
        MONDAY,
        &[&LAST_WEEK[..], &["--format", "json"]].concat(),
        &input,
    );
    assert_eq!(code, Some(0));
    let figures: Value = serde_json::from_str(&json).expect("JSON");
    let compare = &figures["compare"];
    assert_eq!(
        compare["window"],
        json!({"from": "2026-11-16", "to": "2026-11-22", "calls": 300})
    );
    assert_eq!(
        compare["window_before"],
        json!({"from": "2026-11-09", "to": "2026-11-15", "calls": 300})
    );
    assert_eq!(compare["is_over"], true);
    assert_eq!(figures["input"]["today_or_later"], 1);
    assert_eq!(figures["input"]["filtered_out"], 1);
    let answered = |number: usize, figures: &Value| {
        fraction(&figures["numbers"]["groups"][number]["answered"])
    };
    assert_eq!(answered(1, &figures), of(25, 150));
    assert_eq!(answered(1, &compare["before"]), of(75, 150));

    let (table, _, _) = at(
        MONDAY,
        &[&LAST_WEEK[..], &["--only", "numbers,calls"]].concat(),
        &input,
    );
    let heading =
        "2026-11-16 to 2026-11-22, compared with 2026-11-09 to 2026-11-15 (Europe/Berlin)\n\n";
    assert!(table.starts_with(heading), "{table}");
    let row = |number: &str| {
        table
            .lines()
            .find(|line| line.starts_with(number))
            .expect("a row")
    };
    assert!(
        row("+493022").contains("17 % of 150  50 % of 150  ↓ -33 pp"),
        "{table}"
    );
    assert!(
        row("+493011").contains("50 % of 150  50 % of 150      0 pp"),
        "{table}"
    );
    assert!(table.contains(" from today on"), "{table}");
    let (ascii, _, _) = at(
        MONDAY,
        &[&LAST_WEEK[..], &["--only", "numbers", "--ascii"]].concat(),
        &input,
    );
    assert!(ascii.is_ascii() && ascii.contains("down -33 pp"), "{ascii}");

    for (language, finding) in [
        (
            "en",
            "is falling: 17\u{a0}% in this window, 50\u{a0}% in the one before.",
        ),
        (
            "de",
            "fällt: 17\u{a0}% in diesem Zeitraum, im Zeitraum davor 50\u{a0}%.",
        ),
    ] {
        let options = [&LAST_WEEK[..], &["--format", "html", "--lang", language]].concat();
        let (page, _, _) = at(MONDAY, &options, &input);
        assert!(page.contains(finding), "{language}");
    }
}

#[test]
fn the_output_is_the_same_for_any_threads() {
    let input = lines(&two_weeks());
    for format in ["table", "markdown", "json", "csv", "html"] {
        let options = |threads| {
            let options = ["--format", format, "--by", "hour", "--threads", threads];
            [&LAST_WEEK[..], &options].concat()
        };
        assert_eq!(
            at(MONDAY, &options("1"), &input),
            at(MONDAY, &options("4"), &input)
        );
    }
}

#[test]
fn csv_has_rows_for_each_window() {
    let input = lines(&two_weeks());
    let options = ["--format", "csv", "--only", "numbers"];
    let (csv, _, _) = at(MONDAY, &[&LAST_WEEK[..], &options].concat(), &input);
    for line in [
        "section,group,figure,numerator,denominator,value,low,high,window",
        "input,,today_or_later,,,0,,,",
        "window,,from,,,2026-11-16,,,current",
        "window,,to,,,2026-11-15,,,before",
        "numbers,+493022,calls,,,150,,,before",
    ] {
        assert!(csv.lines().any(|found| found == line), "{line}\n{csv}");
    }
    let (plain, _, _) = at(MONDAY, &options, &input);
    let heading = "section,group,figure,numerator,denominator,value,low,high";
    assert_eq!(plain.lines().next(), Some(heading));
}

#[test]
fn a_window_without_calls_is_named() {
    let input = lines(&week(16, [2, 3]));
    let (table, _, code) = at(MONDAY, &LAST_WEEK, &input);
    assert_eq!(code, Some(0));
    assert!(
        table.contains("\nNo call is in the window before.\n"),
        "{table}"
    );
    assert!(!table.contains("before: answered"), "{table}");
    let (page, _, _) = at(
        MONDAY,
        &[&LAST_WEEK[..], &["--format", "html"]].concat(),
        &input,
    );
    assert!(page.contains("There is no call in the window before."));
    let (table, messages, code) = at("2026-11-30T08:00:00Z", &LAST_WEEK, &input);
    assert_eq!((code, messages.as_str()), (Some(0), ""));
    assert!(table.contains("\ncalls      0: 0 of campaigns"), "{table}");
}

#[test]
fn options_that_do_not_fit_are_refused() {
    for (options, part) in [
        (&["--compare"][..], "--compare needs --since"),
        (
            &["--compare", "--until", "yesterday"],
            "--compare needs --since",
        ),
        (
            &["--compare", "--since", "today"],
            "yesterday, the last full day",
        ),
        (
            &["--compare", "--since", "2w", "--limit", "9"],
            "--limit stops within a window",
        ),
        (
            &[
                "--compare",
                "--since",
                "2026-11-02",
                "--until",
                "2026-11-01",
            ],
            "--since is later than --until",
        ),
        (
            &[
                "--compare",
                "--since",
                "2w",
                "--min-duration",
                "9",
                "--max-duration",
                "1",
            ],
            "--min-duration is longer",
        ),
    ] {
        let (output, message, code) = at(MONDAY, options, &lines(&two_weeks()));
        assert_eq!((output.as_str(), code), ("", Some(2)), "{options:?}");
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn a_window_that_is_not_over_is_said_to_be() {
    let options = [
        "--compare",
        "--since",
        "2026-11-16",
        "--until",
        "2026-11-29",
        "--tz",
        "utc",
    ];
    let (table, _, _) = at(MONDAY, &options, &lines(&two_weeks()));
    assert!(table.contains("\nThe window is not over.\n"), "{table}");
    assert!(
        table.contains("compared with 2026-11-02 to 2026-11-15 (UTC)"),
        "{table}"
    );
}

#[test]
fn a_call_counts_in_one_window() {
    // The last body of the id is in the window before.
    let first = dial(1, "completed", 60, "2026-11-17T10:00:00+01:00");
    let last = dial(1, "busy", 0, "2026-11-12T10:00:00+01:00");
    let input = lines(&[first, last, dial(2, "busy", 0, "2026-11-18T10:00:00+01:00")]);
    for (dedupe, calls) in [
        (&[][..], [1, 1]),
        (&["--dedupe", "last"], [1, 1]),
        (&["--dedupe", "first"], [2, 0]),
    ] {
        let options = [&LAST_WEEK[..], dedupe, &["--format", "json"]].concat();
        let figures: Value = serde_json::from_str(&at(MONDAY, &options, &input).0).expect("JSON");
        let compare = &figures["compare"];
        let found = [&compare["window"], &compare["window_before"]].map(|it| it["calls"].as_u64());
        assert_eq!(found, calls.map(Some), "{dedupe:?}");
        assert_eq!(figures["input"]["copies"], 1);
    }
}

#[test]
fn a_report_for_others_has_no_small_numbers_of_the_window_before() {
    let call = |id: u64, day: u32, city: &str| {
        let call = dial(
            id,
            "completed",
            60,
            &format!("2026-11-{day:02}T10:00:00+01:00"),
        );
        with(&call, json!({"extracted_variables": {"city": city}}))
    };
    let mut calls: Vec<Value> = (1..=6).map(|id| call(id, 17, "Bonn")).collect();
    calls.extend((7..=9).map(|id| call(id, 12, "Bonn")));
    calls.push(call(10, 12, "Anklam"));
    let options = ["--format", "html", "--by", "city"];
    let options = [&LAST_WEEK[..], &options].concat();
    let (page, _, _) = at(MONDAY, &options, &lines(&calls));
    assert!(page.contains("before: &lt;\u{a0}5"), "{page}");
    assert!(page.contains("Only in the window before: 1 value with 1 call."));
    assert!(!page.contains("Anklam"));
    let (own, _, _) = at(
        MONDAY,
        &[&options[..], &["--with-calls"]].concat(),
        &lines(&calls),
    );
    assert!(own.contains("before: 3 (+100\u{a0}%)"));
    assert_eq!(
        postcall(&["stats", "--quiet"], &lines(&calls))
            .status
            .code(),
        Some(0)
    );
    assert!(!stdout(&["stats", "--format", "html"], &lines(&calls)).contains("class=\"before\""));
}
