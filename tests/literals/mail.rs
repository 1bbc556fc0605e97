//! Bodies in mail messages, and in Windows-1252.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use encoding_rs::WINDOWS_1252;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use serde_json::Value;

use super::bodies::{batches, bodies, next};
use super::escapes::text_of;
use super::extracted::{Extracted, FoundValues, read};
use super::form::first_value;
use super::tally::{Counts, Tally};
use crate::common::in_parallel;

/// An encoding of the text of messages.
struct Encoding {
    name: &'static str,
    encode: fn(&[u8]) -> Vec<u8>,
    /// Decodes the text. `None` if it is not valid.
    decode: fn(&[u8]) -> Option<Vec<u8>>,
}

const ENCODINGS: &[Encoding] = &[
    Encoding {
        name: "quoted-printable",
        encode: encode_quoted_printable,
        decode: decode_quoted_printable,
    },
    Encoding {
        name: "base64",
        encode: encode_base64,
        decode: decode_base64,
    },
    Encoding {
        name: "8bit",
        encode: <[u8]>::to_vec,
        decode: |text| Some(text.to_vec()),
    },
];

/// The head of a message in an mbox file.
fn head(encoding: &Encoding) -> String {
    format!(
        "From a@example.org Mon Jan 15 10:30:00 2024\nMIME-Version: 1.0\n\
         Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {}\n\n",
        encoding.name
    )
}

fn encode_quoted_printable(text: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    let mut column = 0;
    for byte in text {
        let character = match byte {
            b'\n' => "\n".to_owned(),
            b'=' | 0..0x20 | 0x7f.. => format!("={byte:02X}"),
            _ => char::from(*byte).to_string(),
        };
        if column + character.len() > 75 {
            encoded.extend(b"=\n");
            column = 0;
        }
        column = if *byte == b'\n' {
            0
        } else {
            column + character.len()
        };
        encoded.extend(character.into_bytes());
    }
    encoded
}

fn decode_quoted_printable(text: &[u8]) -> Option<Vec<u8>> {
    let mut decoded = Vec::new();
    let mut at = 0;
    while let Some(byte) = text.get(at) {
        at += 1;
        if *byte != b'=' {
            decoded.push(*byte);
        } else if text[at..].starts_with(b"\n") {
            at += 1;
        } else {
            let digits = std::str::from_utf8(text.get(at..at + 2)?).ok()?;
            decoded.push(u8::from_str_radix(digits, 16).ok()?);
            at += 2;
        }
    }
    Some(decoded)
}

fn encode_base64(text: &[u8]) -> Vec<u8> {
    let digits = STANDARD.encode(text).into_bytes();
    digits.chunks(76).collect::<Vec<_>>().join(&b'\n')
}

fn decode_base64(text: &[u8]) -> Option<Vec<u8>> {
    let digits: Vec<_> = text.iter().filter(|byte| **byte != b'\n').collect();
    let digits: Vec<u8> = digits.into_iter().copied().collect();
    STANDARD.decode(digits).ok()
}

/// JSON Lines in Windows-1252. Other characters are escaped.
fn encode_windows_1252(bodies: &[Value]) -> Vec<u8> {
    let mut lines = Vec::new();
    for body in bodies {
        for character in body.to_string().chars() {
            let text = character.to_string();
            let (bytes, _, is_unknown) = WINDOWS_1252.encode(&text);
            if !is_unknown {
                lines.extend(&*bytes);
                continue;
            }
            for unit in character.encode_utf16(&mut [0; 2]) {
                lines.extend(format!("\\u{unit:04x}").into_bytes());
            }
        }
        lines.push(b'\n');
    }
    lines
}

#[test]
fn bodies_survive_mail_and_windows_1252() {
    let tally = Tally::default();
    in_parallel((2001..).zip(ENCODINGS), |(number, encoding)| {
        for batch in batches(number, 300) {
            let bodies = bodies(batch.count, &mut batch.runner());
            let mut text = Vec::new();
            for body in &bodies {
                text.extend(head(encoding).into_bytes());
                text.extend((encoding.encode)(format!("{body:#}\n").as_bytes()));
                text.extend(b"\n\n");
            }
            check_whole(encoding.name, &bodies, &text, &tally);
        }
    });
    for batch in batches(2010, 300) {
        let bodies = bodies(batch.count, &mut batch.runner());
        let text = encode_windows_1252(&bodies);
        check_whole("Windows-1252", &bodies, &text, &tally);
    }
    tally.finish("whole bodies in messages and in Windows-1252");
}

/// Checks that exactly these bodies are found.
fn check_whole(name: &str, bodies: &[Value], text: &[u8], tally: &Tally) {
    let Extracted {
        bodies: mut found,
        broken,
        ..
    } = read(text);
    let mut faults = Vec::new();
    let mut counts = Counts::default();
    for (id, body) in (0..).zip(bodies) {
        match found.remove(&id) {
            Some(read) if read == [body.clone()] => counts.read += 1,
            read => faults.push(format!("{read:?} in place of {body}")),
        }
    }
    faults.extend(broken.iter().map(|line| format!("refused in line {line}")));
    faults.extend(found.values().map(|read| format!("wrong: {read:?}")));
    tally.add(name, counts, &faults);
}

/// One byte of each message is changed. Its value is then that of the body, or the one that the
/// encoding has, or the message is reported.
#[test]
fn damaged_messages_are_never_read_as_something_else() {
    let tally = Tally::default();
    in_parallel((2021..).zip(ENCODINGS), |(number, encoding)| {
        for batch in batches(number, 300) {
            let mut runner = batch.runner();
            let mut text = Vec::new();
            let mut messages = Vec::new();
            for body in bodies(batch.count, &mut runner) {
                let mut encoded = (encoding.encode)(format!("{body}\n").as_bytes());
                let byte = select(b"\\'\"nux0{}[],: aB8%+&=2/".to_vec());
                let (at, byte) = next((any::<Index>(), byte), &mut runner);
                let length = encoded.len();
                encoded[at.index(length)] = byte;
                text.extend(head(encoding).into_bytes());
                text.extend(&encoded);
                text.extend(b"\n\n");
                messages.push((body, encoded));
            }
            let (counts, faults) = check_messages(encoding, &messages, &text);
            tally.add(encoding.name, counts, &faults);
        }
    });
    tally.finish("damaged messages");
}

/// Checks that each of the damaged messages in `text` is read as a value that it may have, and that
/// there are as many errors as messages that are not read.
fn check_messages(
    encoding: &Encoding,
    messages: &[(Value, Vec<u8>)],
    text: &[u8],
) -> (Counts, Vec<String>) {
    let Extracted { bodies, errors, .. } = read(text);
    let mut values = FoundValues::new(bodies);
    let mut counts = Counts::default();
    let mut faults = Vec::new();
    for (body, encoded) in messages {
        let decoded = (encoding.decode)(encoded);
        let decoded = decoded.and_then(|decoded| first_value(&text_of(&decoded)));
        if values.remove_any([body].into_iter().chain(&decoded)) {
            counts.read += 1;
        } else {
            counts.reported += 1;
        }
    }
    if counts.reported > errors {
        faults.push(format!(
            "{} errors for {} messages",
            errors, counts.reported
        ));
    }
    faults.extend(values.rest().map(|value| format!("wrong: {value}")));
    (counts, faults)
}

/// Each value is that of its line as UTF-8, or else as Windows-1252.
#[test]
fn changed_bytes_are_read_as_utf8_or_windows_1252() {
    let tally = Tally::default();
    in_parallel(batches(2002, 500), |batch| {
        let mut runner = batch.runner();
        let mut lines = Vec::new();
        for body in bodies(batch.count, &mut runner) {
            let (at, byte) = next((any::<Index>(), 0x80_u8..), &mut runner);
            let mut line = body.to_string().into_bytes();
            let length = line.len();
            line[at.index(length)] = byte;
            lines.push(line);
        }
        let Extracted {
            bodies: found,
            broken,
            ..
        } = read(&lines.join(&b'\n'));
        let mut found: BTreeSet<String> = found.values().flatten().map(Value::to_string).collect();
        let mut counts = Counts::default();
        let mut faults = Vec::new();
        for (number, line) in (1..).zip(&lines) {
            let text = text_of(line);
            let expected: Option<Value> = serde_json::from_str(&text).ok();
            // Lines without a value may be reported together with the one before.
            let is_together = expected.is_none() && broken.contains(&(number - 1));
            if expected.is_some_and(|value| found.remove(&value.to_string())) {
                counts.read += 1;
            } else if broken.contains(&number) || is_together {
                counts.reported += 1;
            } else {
                faults.push(format!("lost: {text}"));
            }
        }
        faults.extend(found.iter().map(|value| format!("wrong: {value}")));
        tally.add("UTF-8", counts, &faults);
    });
    tally.finish("bodies with one changed byte");
}
