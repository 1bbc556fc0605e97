//! Strings of strangers, values of people, and input of any size in the HTML report.

use std::fmt::Write as _;

use super::markup::check_markup;
use crate::common::stdout;
use postcall::contract::FIELDS;
use serde_json::{Value, json};

/// Texts that a careless page would run, lose its layout by, or show in another order.
fn hostile_texts() -> Vec<String> {
    let flood = format!("Zalgo {}", "\u{301}\u{489}".repeat(5_000));
    let texts = [
        "</script><img src=x onerror=alert(1)>",
        "</style><script>alert(1)</script>",
        "</title><svg onload=alert(1)>",
        "<!--",
        "--><b>",
        "\" onmouseover=\"alert(1)",
        "' autofocus onfocus='alert(1)",
        "{{7*7}}${7*7}<%= 7*7 %>",
        "=HYPERLINK(\"https://example.com\")",
        "javascript:alert(1)",
        "&lt;b&gt;&amp;&#0;",
        "\u{202e}txt.exe\u{2066}\u{2069}",
        "a\u{0}b\u{1b}[31m\u{9b}\u{85}\u{7f}",
        "line\r\nbreak\ttab\u{2028}\u{2029}",
        "\u{feff}\u{fffe}\u{fdd0}\u{1ffff}",
        "\u{e0041}\u{200b}\u{2060}",
        "\u{3164}\u{200b}",
        "عربى עברית",
        " ",
    ];
    let long = ["<x>".repeat(10_000), "W".repeat(100_000), flood];
    texts.into_iter().map(str::to_owned).chain(long).collect()
}

/// Calls of a campaign with `text` in every place that may hold one. Enough have it to be shown.
fn calls_with(text: &str) -> Vec<u8> {
    let mut lines = String::new();
    for id in 1..=8 {
        let status = if id == 8 { "busy" } else { text };
        let call = json!({
            "id": id, "customer_phone": text, "assistant_phone": text, "duration": 40 + id,
            "status": if id > 5 { "completed" } else { status }, "transcript": text,
            "extracted_variables": {text: text, "value": text}, "input_variables": {text: text},
            "created_at": format!("2024-01-15T1{id}:00:00+01:00"),
            "campaign": {"id": 7, "name": text, "status": text},
            "lead": {"id": id, "phone_number": text, "status": text, "variables": {text: text}},
        });
        writeln!(lines, "{call}").expect("writing to a String cannot fail");
    }
    let busy = json!({
        "id": 9, "customer_phone": text, "duration": 0, "status": "busy", "transcript": "",
        "extracted_variables": {}, "created_at": text, "campaign": {"id": 7, "name": text},
    });
    writeln!(lines, "{busy}").expect("writing to a String cannot fail");
    lines.into_bytes()
}

#[test]
fn no_text_of_strangers_becomes_markup() {
    for text in hostile_texts() {
        let input = calls_with(&text);
        let title = text.replace('\0', "");
        let title = format!("--title={}", title.chars().take(5_000).collect::<String>());
        let fields = [
            "campaign",
            "status",
            "value",
            "assistant_phone",
            "customer_phone",
            "lead.status",
            "lead.phone_number",
            "campaign.name",
        ];
        for (index, field) in fields.into_iter().enumerate() {
            let mut arguments = vec!["stats", "--format", "html", "--by", field, &title];
            if index % 2 == 0 {
                arguments.extend(["--with-calls", "--lang", "de"]);
            }
            if index % 3 == 0 {
                arguments.extend(["--compare", "--since", "2024-01-15T14:00:00+01:00"]);
            }
            let page = stdout(&arguments, &input);
            check_markup(&page);
            assert!(page.len() < 100_000, "{field}: {}", page.len());
        }
    }
}

/// Names of variables come from the input and from the command line.
#[test]
fn no_name_of_a_variable_becomes_markup() {
    for text in hostile_texts() {
        let has_operator = text.contains(['=', '!', '<', '>', '\0']) || text.len() > 1_000;
        if has_operator || text.trim().is_empty() {
            continue;
        }
        let input = calls_with(&text);
        let goal = format!("--goal=extracted_variables.{text}");
        let by = format!("--by=extracted_variables.{text}");
        check_markup(&stdout(&["stats", "--format", "html", &goal, &by], &input));
    }
    let goal = "--goal=value=</script><img src=x onerror=alert(1)>";
    check_markup(&stdout(
        &["stats", "--format", "html", goal],
        &calls_with("x"),
    ));
}

/// Values of one person, who was called more often than a value needs to be shown.
const PERSONAL: &[&str] = &[
    "48060123",
    "884422",
    "884,422",
    "+4917139200777",
    "017139200777",
    "77313",
    "Anna Zweigenbaum",
    "Zweigenbaum",
    "anna.zweigenbaum@example.com",
    "DE02120300000000202051",
    "1983-05-17",
    "KD-884422",
    "rec-5566778899",
    "Ich bin in der Lindenallee 12",
    "+493023125210",
    "3023125210",
    "2331",
];

fn personal_calls() -> Vec<u8> {
    let mut lines = String::new();
    for number in 0..12 {
        let status = if number % 3 == 0 { "busy" } else { "completed" };
        let call = json!({
            "id": 48_060_123 + number, "customer_phone": "+4917139200777",
            "assistant_phone": "+493023125210", "duration": 60, "status": status,
            "transcript": "customer: Ich bin in der Lindenallee 12\ncustomer: Anna Zweigenbaum",
            "recording_url": "https://example.com/rec-5566778899.mp3",
            "created_at": format!("2024-01-15T10:{number:02}:00+01:00"),
            "finished_at": format!("2024-01-15T10:{number:02}:50+01:00"),
            "extracted_variables": {
                "status": true, "customer_name": "Anna Zweigenbaum", "city": "Bonn",
                "wish": "Rückruf: 017139200777", "e": "anna.zweigenbaum@example.com",
                "konto": "DE02120300000000202051", "born": "1983-05-17", "customerId": "77313",
                "code": 884_422, "account": 77_313,
                "rare": format!("Zweigenbaum {number}"),
            },
            "input_variables": {"Kunden-Nr": "KD-884422", "leadName": "Zweigenbaum"},
            "lead": {
                "id": 77_313, "phone_number": "+4917139200777", "status": "called",
                "variables": {"Nachname": "Zweigenbaum"},
                "created_at": "2024-01-02T10:00:00Z", "updated_at": "2024-01-15T10:00:00Z",
            },
            "campaign": {"id": 2331, "name": "Terminerinnerung", "max_retries": 3},
        });
        writeln!(lines, "{call}").expect("writing to a String cannot fail");
    }
    lines.into_bytes()
}

/// Every field that calls can be grouped by.
fn group_fields() -> Vec<String> {
    let first: Value = serde_json::from_slice(
        personal_calls()
            .split(|byte| *byte == b'\n')
            .next()
            .expect("a line"),
    )
    .expect("JSON");
    let columns = FIELDS
        .iter()
        .map(|field| field.pointer[1..].replace('/', "."));
    let mut fields: Vec<String> = columns.collect();
    for object in [
        "/extracted_variables",
        "/input_variables",
        "/lead/variables",
    ] {
        let variables = first
            .pointer(object)
            .and_then(Value::as_object)
            .expect("an object");
        let prefix = object[1..].replace('/', ".");
        fields.extend(variables.keys().map(|name| format!("{prefix}.{name}")));
    }
    let computed = ["campaign", "country", "day", "week", "hour", "weekday"];
    fields.extend(computed.map(str::to_owned));
    fields
}

#[test]
fn a_report_for_others_identifies_no_customer() {
    let input = personal_calls();
    for field in group_fields() {
        for language in ["en", "de"] {
            let by = format!("--by={field}");
            let windows = ["--compare", "--since", "2024-01-15T10:06:00+01:00"];
            for options in [&[][..], &windows] {
                let report = ["stats", "--format", "html", "--lang", language, &by];
                let page = stdout(&[&report, options].concat(), &input);
                check_markup(&page);
                let (_, body) = page.split_once("<body").expect("a body");
                for value in PERSONAL {
                    assert!(!body.contains(value), "{field}: {value}");
                }
                assert!(body.contains("…5210"), "{field}");
            }
        }
    }
}

#[test]
fn values_of_several_calls_are_shown_and_all_with_calls() {
    let input = personal_calls();
    let page = |by: &str, options: &[&str]| {
        let arguments = [&["stats", "--format", "html", "--by", by], options].concat();
        stdout(&arguments, &input)
    };
    for (field, value) in [
        ("city", "<bdi>Bonn</bdi>"),
        ("campaign", "<bdi>Terminerinnerung</bdi>"),
        ("lead.status", "<bdi>called</bdi>"),
        ("country", "<bdi>+49</bdi>"),
    ] {
        assert!(page(field, &[]).contains(value), "{field}");
    }
    for (field, value) in [
        ("customer_phone", "+4917139200777"),
        ("extracted_variables.customer_name", "Anna Zweigenbaum"),
        ("rare", "Zweigenbaum 11"),
        ("id", "48060123"),
        ("campaign", "2331"),
        ("city", "+493023125210"),
    ] {
        assert!(page(field, &["--with-calls"]).contains(value), "{field}");
    }
}

/// The numbers of the calls in the rows of a table: the first number of each row.
fn calls_of_rows(page: &str, table: &str) -> Vec<u64> {
    let (_, table) = page
        .split_once(&format!("id=\"{table}\""))
        .expect("the table");
    let (table, _) = table.split_once("</table>").expect("the end of the table");
    let rows = table
        .split("<tr>")
        .filter(|row| row.contains("scope=\"row\""));
    let numbers = rows.map(|row| {
        let (_, cell) = row
            .split_once("<td class=\"n\" data-v=\"")
            .expect("a number");
        let (number, _) = cell.split_once('"').expect("a closing quote");
        number.parse().expect("an integer")
    });
    numbers.collect()
}

/// Thousands of groups, statuses, numbers, campaigns, attempts and days, with long names.
#[test]
fn a_report_of_any_input_is_small_and_loses_no_call() {
    let mut input = String::new();
    let calls: u64 = 30_000;
    for number in 0..calls {
        let group = number / 6 % 4_000;
        let name = format!("{group} {}", "<\u{202e}&\u{301}W>".repeat(40));
        let day = chrono::NaiveDate::from_ymd_opt(1970, 1, 1).expect("a date")
            + chrono::Days::new(number * 7 % 300_000);
        let status = match number % 3 {
            0 => "busy".to_owned(),
            1 => "completed".to_owned(),
            _ => format!("{} status", number % 500),
        };
        // Each of these characters takes 9 bytes.
        let tags = |text: &str| format!("{text}{}", "\u{e0041}".repeat(56));
        let variable = tags(&(number % 40).to_string());
        let value = tags(&(number % 10).to_string());
        let call = json!({
            "id": number, "assistant_phone": format!("+4930{:07}", group), "duration": number % 900,
            "customer_phone": format!("+49171{:07}", number % 100), "status": status,
            "transcript": "", "created_at": format!("{day}T{:02}:00:00Z", number % 24),
            "extracted_variables": {"value": name, "status": number % 2 == 0, variable: value},
            "campaign": {"id": group % 50, "name": name, "max_retries": 3},
        });
        writeln!(input, "{call}").expect("writing to a String cannot fail");
    }
    for (field, options) in [
        ("value", &[][..]),
        ("campaign", &["--with-calls", "--lang=de"]),
    ] {
        let arguments = [&["stats", "--format=html", "--by", field][..], options].concat();
        let page = stdout(&arguments, input.as_bytes());
        check_markup(&page);
        assert!(page.len() < 300_000, "{field}: {}", page.len());
        let windows = [
            "--compare",
            "--since",
            "2380-01-01",
            "--until",
            "2790-12-31",
        ];
        let compared = stdout(&[&arguments[..], &windows].concat(), input.as_bytes());
        check_markup(&compared);
        assert!(compared.len() < 300_000, "{field}: {}", compared.len());
        for table in ["groups-table", "numbers-table", "days-table", "statuses"] {
            let rows = calls_of_rows(&page, table);
            assert_eq!(rows.iter().sum::<u64>(), calls, "{field}: {table}");
            assert!(
                (10..=107).contains(&rows.len()),
                "{field}: {table}: {}",
                rows.len()
            );
        }
    }
}
