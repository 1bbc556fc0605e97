//! Bodies that are damaged after they were written.

use std::fmt::Write as _;

use serde_json::Value;

use super::bodies::{batches, bodies, next};
use super::damage::{apply, change};
use super::escapes::{decode, javascript_escape};
use super::extracted::{Extracted, FoundValues, read};
use super::form::{Form, first_value, forms};
use super::tally::{Counts, Tally};
use crate::common::{in_parallel, program, run, temporary_folder};

/// The names that are looked for in text that cannot be read.
const NAMES: [&str; 3] = ["customer_phone", "assistant_phone", "extracted_variables"];

/// A line with a body that may be damaged.
pub(crate) struct DamagedLine {
    /// The line, without the text around it.
    pub text: String,
    /// The value that the format has; `None` if it has none.
    pub decoded: Option<Value>,
    /// Other values that the line may have: that of the body, and in quotes of an unknown program
    /// those that the text has in other languages.
    pub allowed: Vec<Value>,
    /// True if the text goes on in the next line, which is then reported with this one.
    pub is_open: bool,
}

/// Checks that each line is read as one of its values, or is reported.
pub(crate) fn check_damaged(
    (before, after): (&str, &str),
    lines: &[DamagedLine],
) -> (Counts, Vec<String>) {
    let mut text = String::from("-- lines\n");
    for line in lines {
        writeln!(text, "{before}{}{after}", line.text).expect("a String");
    }
    let Extracted {
        bodies: found,
        broken,
        ..
    } = read(text.as_bytes());
    let mut values = FoundValues::new(found);
    let mut counts = Counts::default();
    let mut faults = Vec::new();
    let mut is_continued = false;
    for (number, line) in (2..).zip(lines) {
        if values.remove_any(line.allowed.iter().chain(&line.decoded)) {
            counts.read += 1;
        } else if broken.contains(&number) || is_continued || !is_call(line) {
            counts.reported += 1;
        } else {
            faults.push(format!("lost: {before}{}{after}", line.text));
        }
        is_continued = line.is_open && !is_continued && broken.contains(&number);
    }
    faults.extend(values.rest().map(|value| {
        let line = similar_line(value, lines).map_or("", |line| &line.text);
        format!("wrong: {value}\n    {before}{line}{after}")
    }));
    (counts, faults)
}

/// The line whose body has most members of the JSON text `value`.
fn similar_line<'l>(value: &str, lines: &'l [DamagedLine]) -> Option<&'l DamagedLine> {
    let value: Value = serde_json::from_str(value).ok()?;
    lines.iter().max_by_key(|line| {
        let body = line.allowed.first().and_then(Value::as_object);
        let members = body.into_iter().flatten();
        members
            .filter(|(name, member)| value.get(name) == Some(member))
            .count()
    })
}

/// True if the damaged line is still known to be a call.
fn is_call(line: &DamagedLine) -> bool {
    // A value with fewer members is valid, but is not a call.
    if line.decoded.as_ref().is_some_and(|value| !is_body(value)) {
        return false;
    }
    let is_quoted = |name: &&&str| {
        let ends = line.text.match_indices(**name);
        let mut ends = ends.map(|(at, name)| at + name.len());
        ends.any(|end| line.text[end..].starts_with(['"', '\\', '%', '#', '&', '`', '^']))
    };
    // Text with fewer names is not known to be a call.
    NAMES.iter().filter(is_quoted).count() >= 2
}

/// True if a value has enough members of a call.
fn is_body(value: &Value) -> bool {
    const MEMBERS: [&str; 5] = [NAMES[0], NAMES[1], NAMES[2], "duration", "transcript"];
    let known = MEMBERS.iter().filter(|name| value.get(**name).is_some());
    known.count() >= 3
}

/// JSON does not end with its line: a value that is cut may go on in the next lines, as in
/// `{"assistant_phone":`, `{…}`, `}`. Such lines have the value that they have together.
fn join_lines(form: &Form, lines: &mut [DamagedLine]) {
    const MAX_LINES: usize = 4;
    let mut first = 0;
    while first < lines.len() {
        let texts = lines[first..].iter().take(MAX_LINES);
        let texts: Vec<_> = texts.map(|line| line.text.as_str()).collect();
        let text = texts.join("\n");
        let mut values = serde_json::Deserializer::from_str(&text).into_iter::<Value>();
        let value = values.next().and_then(Result::ok);
        let (Some(value), true) = (value, text[..values.byte_offset()].contains('\n')) else {
            first += 1;
            continue;
        };
        let text = &text[..values.byte_offset()];
        let count = 1 + text.matches('\n').count();
        let decoded = (form.decode)(text).and_then(|text| first_value(&text));
        let is_call = is_body(&value) || decoded.as_ref().is_some_and(is_body);
        lines[first].decoded = if is_call { decoded } else { Some(Value::Null) };
        if is_call {
            for line in &mut lines[first + 1..first + count] {
                line.decoded = Some(Value::Null);
            }
        } else {
            lines[first].is_open = true;
        }
        first += count;
    }
    // A value may start with the last bracket of a line, in another value that is cut.
    for next in 1..lines.len() {
        if !lines[next - 1].text.ends_with('{') {
            continue;
        }
        let text = format!("{{{}", lines[next].text);
        let decoded = (form.decode)(&text).and_then(|text| first_value(&text));
        lines[next].allowed.extend(decoded);
    }
}

#[test]
fn damaged_text_is_never_read_as_something_else() {
    let tally = Tally::default();
    in_parallel((1001..).zip(forms()), |(number, form): (u64, &Form)| {
        for batch in batches(number, 400) {
            let mut runner = batch.runner();
            let mut lines = Vec::new();
            for body in bodies(batch.count, &mut runner) {
                let encoded = (form.encode)(&body.to_string());
                let text = apply(&next(change(), &mut runner), &encoded);
                let whole = format!("{text}{}", form.around.1);
                let decoded = (form.decode)(&whole).and_then(|text| first_value(&text));
                let mut allowed = vec![body];
                if !form.is_certain {
                    // In quotes of an unknown program, a text may be verbatim, or of JavaScript.
                    let javascript = decode(&whole, '\'', false, &javascript_escape);
                    allowed.extend(first_value(&text));
                    allowed.extend(javascript.and_then(|text| first_value(&text)));
                }
                // A cell that is cut has lines up to the next quote.
                let is_open = form.name.starts_with("a cell") && text.matches('"').count() % 2 == 1;
                lines.push(DamagedLine {
                    text,
                    decoded,
                    allowed,
                    is_open,
                });
            }
            if form.around == ("", "") {
                join_lines(form, &mut lines);
            }
            let (counts, faults) = check_damaged(form.around, &lines);
            tally.add(form.name, counts, &faults);
        }
    });
    tally.finish("damaged bodies");
}

/// A text with an escaped quote before a bracket looks like the end of a value in plain JSON.
#[test]
fn a_value_that_is_cut_is_not_read_as_plain_json() {
    let value = r#"{"id":2,"customer_phone":"+49","assistant_phone":"","transcript":"a\\nb \\"} c\\nd","stat"#;
    for opener in ["1\t", "COPY t FROM stdin;\n1\t", "INFO '", "  'body' => '"] {
        for end in ["", "\n", "\nx\n"] {
            let folder = temporary_folder();
            let file = folder.path().join("cut.log");
            std::fs::write(&file, format!("{opener}{value}{end}")).expect("written");
            let output = run(
                program(&["extract", &file.display().to_string()]),
                Vec::new(),
            );
            let calls = String::from_utf8(output.stdout).expect("postcall prints UTF-8");
            assert_eq!(calls, "", "{opener}");
            assert_ne!(output.status.code(), Some(0), "{opener}");
        }
    }
}
