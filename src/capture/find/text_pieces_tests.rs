//! Tests of the pieces of a text.

use super::text_pieces::{TextPiece, TextPieces};
use crate::capture::split::text::text_part::TextPart;

/// Returns values verbatim, encoded parts in `<>`, and broken pieces as `!offset`.
fn pieces(text: &str) -> Vec<String> {
    TextPieces::new(text.as_bytes(), None)
        .map(|piece| match piece {
            TextPiece::Part(TextPart::Value(range)) => text[range].to_owned(),
            TextPiece::Part(
                TextPart::Cell(range)
                | TextPart::StringRest(range)
                | TextPart::Haproxy(range)
                | TextPart::Hex(range)
                | TextPart::Markup(range)
                | TextPart::Literal { range, .. },
            ) => {
                format!("<{}>", &text[range])
            }
            TextPiece::Part(TextPart::MarkedLines(lines)) => {
                let lines = lines.into_iter().map(|line| &text[line]);
                format!("<{}>", lines.collect::<String>())
            }
            TextPiece::Part(TextPart::Mail(part)) => format!("<{}>", &text[part.range]),
            TextPiece::Part(TextPart::Percent(value)) => format!("<{}>", &text[value.range]),
            TextPiece::Part(TextPart::MessageBody { range, .. }) => format!("<{range:?}>"),
            TextPiece::Part(TextPart::Repaired(part)) => part.value.text,
            TextPiece::Broken { offset, .. } => format!("!{offset}"),
        })
        .collect()
}

#[test]
fn json_is_found_after_and_between_words() {
    assert_eq!(
        pieces("[web] got {\"a\":{}} and [{\"b\":1}] {not} [1]\n\u{1b}[32m{\n\"c\":2}\u{1b}[0m\n"),
        ["{\"a\":{}}", "[{\"b\":1}]", "{\n\"c\":2}"]
    );
}

#[test]
fn cells_strings_and_marked_lines_are_found() {
    assert_eq!(
        pieces("id,body\n1,\"{\"\"a\"\": \"\"b\"\"}\",x\n"),
        ["<{\"\"a\"\": \"\"b\"\"}>"]
    );
    assert_eq!(pieces("p=\"{\\\"a\\\":1}\" x"), ["<{\\\"a\\\":1}>"]);
    assert_eq!(
        pieces("event: x\ndata: {\ndata: \"a\":1}\n\ndata: {\"b\":2}\n"),
        ["<{\n\"a\":1}\n>", "{\"b\":2}"]
    );
    assert_eq!(
        pieces("2024-01-15T10:30:00Z stdout P got {\"a\":\n2024-01-15T10:30:01Z stdout F 1}\n"),
        ["<{\"a\":1}\n>"]
    );
}

#[test]
fn logs_of_haproxy_and_rsyslog_are_read() {
    assert_eq!(
        pieces("200 {a|#7B#22a#22:#7B#7D#7D|b} \"GET\"\n{#22a#22:[{}]} x\n"),
        ["<#7B#22a#22:#7B#7D#7D>", "<{#22a#22:[{}]}>"]
    );
    let cut = "{#7B#22customer_phone#22:#22a#22,#22assistant_phone#22:#22} x\n";
    assert_eq!(pieces(cut), ["!58"]);
    assert_eq!(
        pieces("got {#012  \"a\": \"#012\",#012  \"b\": {}#012} now\n"),
        ["<{  \"a\": \"#012\",  \"b\": {}}>"]
    );
    assert_eq!(
        pieces("[#012  {#012\"a\":{}},#015{}] x\n"),
        ["<[  {\"a\":{}},{}]>"]
    );
}

/// One report was for two lines, so that the second call was lost.
#[test]
fn each_line_with_a_damaged_call_is_reported() {
    let rest = r#""assistant_phone":null,"duration":1,"extracted_variables":{}}"#;
    let cut = r#"{"customer_phone":"a","assistant_phone":"#;
    let broken = r#"{"customer_phone":"a","assistant_phone":nul}"#;
    let code = "\u{1b}[0m";
    for (lines, expected) in [
        ([rest, rest], 2),
        ([rest, broken], 2),
        ([rest, cut], 2),
        ([cut, broken], 2),
        ([cut, r#"{"customer_phone":"a","assistant_phone":"b"}"#], 1),
        (["'$'", rest], 1),
        (
            [
                "",
                r#""assistant_phone":{"NULL":true},"customer_phone":{"S":"1"}}"#,
            ],
            1,
        ),
        (
            [
                "",
                r#""assistant_phone^\^":null,^\^"customer_phone^\^":null"#,
            ],
            1,
        ),
    ] {
        let text = format!("x {}\nx {}\nx\n", lines[0], lines[1]);
        let pieces = pieces(&text).into_iter();
        let broken = pieces.filter(|piece| piece.starts_with('!'));
        assert_eq!(broken.count(), expected, "{text}");
    }
    let text = format!("\"customer_phone\"{code}:{code}1,\"assistant_phone\"{code}:null\n");
    assert_eq!(pieces(&text).len(), 1, "{text}");
}

/// The inner object was a call without an id.
#[test]
fn an_object_in_place_of_a_comma_is_a_part_of_the_broken_one() {
    let names = r#""customer_phone":"a","assistant_phone":"b""#;
    for (outer, inner) in [
        (r#""id":1"#, names),
        (r#""id":1,"#, names),
        (
            names,
            r#""duration":1,"extracted_variables":{},"transcript":"""#,
        ),
    ] {
        let text = format!("x {{{outer}{{{inner}}}\n");
        let pieces = pieces(&text);
        assert!(
            matches!(&*pieces, [piece] if piece.starts_with('!')),
            "{pieces:?}"
        );
    }
}

/// The rest of the string was read with a line break in it.
#[test]
fn a_line_cut_by_a_logger_is_not_repaired() {
    for (length, expected) in [(1024, false), (1000, true)] {
        let head = r#"x {"customer_phone":"a","assistant_phone":""#;
        let text = format!("{head}{}\nrest\"}}\n", "x".repeat(length - head.len()));
        let mut pieces = TextPieces::new(text.as_bytes(), None);
        let is_repaired = pieces.any(|piece| {
            matches!(
                piece,
                TextPiece::Broken {
                    repaired: Some(_),
                    ..
                }
            )
        });
        assert_eq!(is_repaired, expected, "{length}");
    }
}

#[test]
fn broken_and_printed_calls_are_reported() {
    let cut = "x {\"customer_phone\":\"+49\",\"assistant_phone\":\n2024 next {\"a\":1}\n";
    assert_eq!(
        pieces(cut),
        [
            format!("!{}", cut.find('\n').expect("it is there")),
            "{\"a\":1}".to_owned()
        ]
    );
    assert_eq!(pieces("got { id: 1,\n  customer_phone: '+49' }\n"), ["!15"]);
    assert_eq!(pieces("{ nothing } like [it]\n"), Vec::<String>::new());
}

#[test]
fn foreign_lines_may_come_between() {
    let lines =
        "web-1  | {\nweb-1  |   \"a\": 1,\napi-1  | GET /h 200\nweb-1  |   \"b\": 2\nweb-1  | }\n";
    assert_eq!(pieces(lines), ["<{\n  \"a\": 1,\n  \"b\": 2\n}\n>"]);
    let mixed = "web-1  | {\napi-1  | {\nweb-1  |   \"customer_phone\": \"+49\",\n";
    assert_eq!(
        pieces(mixed),
        [format!("!{}", mixed.find("customer").expect("there"))]
    );
}

/// Such lines were joined with a broken one, because they start with the same members.
#[test]
fn lines_with_a_value_each_are_not_parts_of_one() {
    let call = |id: u32, end: &str| {
        format!("{{\"customer_phone\":\"+49\",\"lead\":{id},\"assistant_phone\":{end}}}\n")
    };
    let good = call(2, "\"}\"");
    let text = format!("x\n{}{good}{}", call(1, "a,\"b\":\"{\""), call(3, "\"]\""));
    let found = pieces(&text);
    assert!(found.contains(&good.trim_end().to_owned()), "{found:?}");
    assert_eq!(found.len(), 3, "{found:?}");
}

#[test]
fn responses_to_calls_are_not_read() {
    let post = "POST /a HTTP/1.1\nHost: x\n\n{\"a\":1}\n";
    let answer = "HTTP/1.1 200 OK\n\n{\"b\":2}\n";
    let get = "GET /a HTTP/1.1\nHost: x\n\n";
    assert_eq!(
        pieces(&format!("{post}{answer}{post}{get}{answer}")),
        ["{\"a\":1}", "{\"a\":1}", "{\"b\":2}"]
    );
}

#[test]
fn a_message_may_be_between_the_lines_of_a_value() {
    let text = ">input_variables:{\nPOST / HTTP/1.1\nTransfer-Encoding: chunked\n\n\
                0\r\n\r\n>}\n>{\"a\":1}\n";
    assert_eq!(pieces(text), ["<{\n}\n>", "<63..66>", "{\"a\":1}"]);
}

#[test]
fn hostile_nesting_is_not_rescanned_without_limit() {
    for line in [
        "x {\"a\":[{",
        "{\"a\":",
        "[[[[",
        "\"{\"\"",
        "> {\n",
        "data: {\"\n",
        "{\\\"a\\\":\n",
        "{\\\"a\\\":[\\\"b\\\"],\n",
        "{\\\"customer_phone\\\":{\\\"assistant_phone\\\":\n",
        "x=\"{\\\"a\\\":[\\\"b\\\"],",
        "''[{\"a\":[",
        "%7B%22",
        "%7B%22a%22%3A",
        "%257B",
        "{%22a%22:",
        "{&quot;",
        "{&quot;a&quot;:",
        "<pre>{\"a\":\"&amp;\"} ",
        "<a",
        "<a \"",
        "<!--",
        "Content-Type: x\n",
        "\nContent-Transfer-Encoding: base64\n",
        "MIME-Version: 1.0\nContent-Type: text/html\n\n--a--\n",
        "\u{1b}]8;;x",
        "{#012",
        "{#012\"a\":[",
        "{#22a#22:",
        "{|#7B#22a#22:",
        "7b22",
        "x7b2",
    ] {
        let text = line.repeat(6_000);
        let found = pieces(&text).len();
        assert!(found <= text.len());
    }
}

/// Values in literals of all conventions that are opened and never closed.
#[test]
fn hostile_literals_are_not_reread_without_limit() {
    let openers = [
        "",
        "x='",
        "x=\"",
        "x=`",
        "b'",
        "E'",
        "N'",
        "$'",
        "_utf8'",
        "''",
        "' ",
        "('",
        "x\\'",
        "x\\\"",
        "'k': '",
        "VALUES ('",
        "replace('",
        "unistr('",
        "concat('",
        "q'[",
        "INSERT INTO `x` VALUES ('",
        "curl -d '",
        "curl -d \"",
        "1\t",
        "\\N\t",
    ];
    let values = [
        "{\"a\":",
        "{\"a\":\"\\\\\"}",
        "[{\"a\":[",
        "{\\\"a\\\":",
        "{\\\"a\\\":[\\\"b\\\"],",
        "{\"customer_phone\":{\"assistant_phone\":",
        "%7B%22a%22:",
        "%7B%22a%22:[%22b%22],",
        "{'||'",
        "{', '",
    ];
    for opener in openers {
        for value in values {
            for separator in ["", "\n"] {
                let text = format!("{opener}{value}{separator}").repeat(1_000);
                let found = pieces(&text).len();
                assert!(found <= text.len());
            }
        }
    }
}

/// A text that is one object is not searched for anything before it, which a space prevents.
#[test]
fn one_object_is_read_like_an_object_in_text() {
    let hex = "7b22".repeat(40);
    for object in [
        r#"{"a":{"b":[1]}}"#.to_owned(),
        r#"{"":1}"#.to_owned(),
        r#"{"a":"\\\"'`$ \u0022"}"#.to_owned(),
        "{\"a\":1,\n\t\"b\":\t2}\n\n".to_owned(),
        r#"{"a":"POST /b HTTP/1.1\r\nContent-Type: text/html\r\n\r\n<p>"}"#.to_owned(),
        r#"{"a":"Content-Transfer-Encoding: base64","b":"%7B%22c%22%3A1%7D"}"#.to_owned(),
        format!(r#"{{"a":"{hex}"}}"#),
        "{\"a\":\"b&quot;<td>\"} {\"c\":1}".to_owned(),
        r#"{"a":1} POST /b HTTP/1.1"#.to_owned(),
    ] {
        let in_text = format!(" {object}");
        assert_eq!(pieces(&object), pieces(&in_text), "{object}");
    }
}
