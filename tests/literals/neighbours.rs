//! Damaged bodies whose damage had an effect on the lines beside them, or on a part of their own.
//! Random bodies have found each of them.

use super::extracted::{Extracted, read};

/// A file with damage: why it was wrong, its lines, the ids that are read, and the lines that are
/// reported.
struct DamagedFile {
    reason: &'static str,
    lines: &'static [&'static str],
    ids: &'static [u64],
    reported: &'static [u64],
}

const FILES: &[DamagedFile] = &[
    DamagedFile {
        reason: "a report was for the end of a call and for the next one",
        lines: &[
            r#"ues":[{"integerValue":"1"}]}}}},"transcript":{"stringValue":"a"}}"#,
            r#"phone":{"stringValue":"+49"},"assistant_phone":{"nullValue":null},"extracted_variables":{"mapValue":{}}}"#,
        ],
        ids: &[],
        reported: &[2],
    },
    DamagedFile {
        reason: "the object was a body with a member `$numberLong`",
        lines: &[
            r#"{"id":{"$numberLong":"5","customer_phone":"+49","assistant_phone":null,"duration":{"$numberDouble":"1.5"},"transcript":""}"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "the bytes were control characters of Latin-1",
        lines: &[
            r#"1) "{\"id\":5,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"duration\":1,\"transcript\":\"xe2\x80\x93\"}""#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "the object behind the damage was a body",
        lines: &[
            "payload=%7B%22id%22%3A5%2C%22customer_phone%22%3A%22%2B49%22%2{%22assistant_phone%22%3Anull%2C%22duration%22%3A1%2C%22extracted_variables%22%3A%7B%7D%7D&attempt=1",
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "escapes were undone in text with quotes that are not escaped",
        lines: &[
            r#"got {\"id":5,"customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":"C:\\neu"} now"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "no language has both escapes",
        lines: &[
            r#"{'body': '{"id":5,"customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":"\U0001f600\`"}'}"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "a quote that another line closes hid the lines between them",
        lines: &[
            r#"curl ^"https://example.com^" --data-raw ^"\^"^!',NULL^{/^\^",^\^"x^\^":^[1,^{^}^]^},^\^"transcript^\^":^\^"^\^"^}^""#,
            r#"curl ^"https://example.com^" --data-raw ^"^{^\^"id^\^":7,^\8"customer_phone^\^":^\^"+49^\^",^\^"assistant_phone^\^":null,^\^"duration^\^":1^}^""#,
            r#"curl ^"https://example.com^" --data-raw ^"^{^\^"id^\^":8,^\^"customer_phone^\^":^\^"+49^\^",^\^"assistant_phone^\^":null,^\^"transcript^\^":^\^"it's^\'"^}^""#,
        ],
        ids: &[],
        reported: &[2, 3],
    },
    DamagedFile {
        reason: "the second call was reported as a part of the object that the first line opens",
        lines: &[
            "[{",
            r#"[{"id":5,"customer_phone":"1","a"#,
            r#""1","assistant_phone":null,"duration":1,"extracted_variables":"2","transcript":"3"}]"#,
        ],
        ids: &[],
        reported: &[2, 3],
    },
    DamagedFile {
        reason: "members behind the fields of a map were dropped",
        lines: &[
            r#"{"id":{"integerValue":"5"},"customer_phone":{"stringValue":"+49"},"assistant_phone":{"nullValue":null},"extracted_variables":{"mapValue":{"fields":{},"a":{"stringValue":"b"}}}}"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "two calls became one with a line break in its transcript",
        lines: &[
            r#"x {"id":5,"customer_phone":"+49","assistant_phone":null,"transcript":"a"#,
            r#"49","assistant_phone":null,"duration":1,"extracted_variables":{},"transcript":"b"}"#,
        ],
        ids: &[],
        reported: &[1, 2],
    },
    DamagedFile {
        reason: "the first element was a body with the index of its phone number",
        lines: &[
            r#"[{"id":5,"customer_phone":"1","assistant_phone":null,"duration":1},"extracted_variables":"2","transcript":"3"},"+49",{},"a"]"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "a cell without its first quote was decoded as one of Postgres",
        lines: &[
            r#"1	{""id"":5,""customer_phone"":""+49"",""assistant_phone"":null,""duration"":1,""transcript"":""C:\\neu""}"	x"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "a call was said to be repaired, although its references were refused",
        lines: &[
            r#"[{"id":5,"customer_phone":"1","assistant_phone":null,"duration":1,"extracted_variables":"2","transcript":"3"},"+49",{"a":"4"},]"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "a damaged escape of a JSON string was read as a byte of an encoded URL",
        lines: &[
            r#"{"url": "/calls?payload=%7B%22id%22:184,%22customer_phone%22:%22+49151\3456789%22,%22assistant_phone%22:null,%22duration%22:1.5,%22extracted_variables%22:%7B%7D,%22transcript%22:%22%22%7D"}"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "a cell with damage before its first bracket was decoded as one of Postgres",
        lines: &[
            r#"1	q{""id"":5,""customer_phone"":""+49"",""assistant_phone"":null,""duration"":1,""transcript"":""C:\\neu""}"	x"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "a cell without its last quote was decoded as one of Postgres",
        lines: &[
            r#"1	"{""id"":5,""customer_phone"":""+49"",""assistant_phone"":null,""duration"":1,""transcript"":""C:\\neu""}	x"#,
            r#"1	"{""id"":6,""customer_phone"":""+49"",""assistant_phone"":null,""duration"":1,""transcript"":""C:\\neu""}"	x"#,
            r#"1	"{""id"":7,""customer_phone"":""+49"",""assistant_phone"":null,""duration"":1,""transcript"":""C:\\neu""}	x"#,
            r#"""transcript"":""x""}"	x"#,
            r#"1	"{""id"":8,""customer_phone"":""+49"",""assistant_phone"":null,""duration"":1,""transcript"":""C:\\neu""}	x"#,
        ],
        ids: &[6],
        reported: &[1, 3, 5],
    },
    DamagedFile {
        reason: "an escape that redis-cli does not write was decoded as one of JavaScript",
        lines: &[
            r#"1) "{\"id\":5,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"duration\":1,\"transcript\":\"\u00fc\"}""#,
            r#" 2) 1) "{\"id\":6,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"duration\":1,\"transcript\":\"\xc3\xbc\"}""#,
        ],
        ids: &[6],
        reported: &[1],
    },
    DamagedFile {
        reason: "an escape that nginx does not write was decoded as one of JavaScript",
        lines: &[
            r#"203.0.113.5 - "POST" "{\x22id\x22:5,\x22customer_phone\x22:\x22+49\x22,\x22assistant_phone\x22:null,\x22duration\x22:1,\x22transcript\x22:\x22\u00fc\x22}""#,
            r#"203.0.113.5 - "got {\x22id\x22:6,\x22customer_phone\x22:\x22+49\x22,\x22assistant_phone\x22:null,\x22duration\x22:1,\x22transcript\x22:\x22\u00fc\x22}""#,
            r"203.0.113.5 - {\x22id\x22:7,\x22customer_phone\x22:\x22+49\x22,\x22assistant_phone\x22:null,\x22duration\x22:1,\x22transcript\x22:\x22\u00fc\x22}",
            r"203.0.113.5 - {\x22id\x22:8,\x22customer_phone\x22:\x22+49\x22,\x22assistant_phone\x22:null,\x22duration\x22:1,\x22transcript\x22:\x22\x5Cu00fc\x22}",
        ],
        ids: &[8],
        reported: &[1, 2, 3],
    },
    DamagedFile {
        reason: "the text behind a bracket that HAProxy does not write was a body",
        lines: &[
            r"lb haproxy[1]: 0/0 {x|#7B#22id#22:5,{#22customer_phone#22:#22+49#22,#22assistant_phone#22:null,#22duration#22:1#7D}",
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "a form with a damaged escape was read as a URL, with pluses in place of spaces",
        lines: &[
            "payload=%7B%22id%22%3A5%2C%22customer_phone%22%3A%22:2B49%22%2C%22assistant_phone%22%3Anull%2C%22duration%22%3A1%2C%22transcript%22%3A%22a+b%22%7D&attempt=1",
            "payload=%7B%22id%22%3A6%2C%22customer_phone%22%3A%22,2B49%22%2C%22assistant_phone%22%3Anull%2C%22duration%22%3A1%2C%22transcript%22%3A%22a+b%22%7D&attempt=1",
        ],
        ids: &[],
        reported: &[1, 2],
    },
    DamagedFile {
        reason: "a quote opened an argument with two more commands, whose `''` was one quote",
        lines: &[
            r#"C:\>curl https://example.com -d "{'"id\":5,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"extracted_variables\":{\"a\":1}}""#,
            r#"C:\>curl https://example.com -d "{\"id\":6,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"transcript\":\"''\"}""#,
            r#"C:\>curl https://example.com -d "{\"id\":7,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"transcript\":\"'''\"}""#,
        ],
        ids: &[6, 7],
        reported: &[1],
    },
    DamagedFile {
        reason: "the line of a literal with a damaged quote was decoded, and then the literal again",
        lines: &[
            r#"INFO it's body=b'{\"id":5,"customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":"\\\\\\\\n"}' (POST)"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "a second quote hid the prefix of the literal, and its escapes were not undone",
        lines: &[
            r#"INSERT INTO calls VALUES(1,unistr(''{"id":5,"customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":"$\\n"}'));"#,
            r#"INSERT INTO calls VALUES(1,E''{"id":6,"customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":"$\\n"}'));"#,
            r#"INFO it's body=b''{"id":7,"customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":"$\\n"}' (POST)"#,
        ],
        ids: &[],
        reported: &[1, 2, 3],
    },
    DamagedFile {
        reason: "a quote hid that the text is a message in Slack, whose references are undone",
        lines: &[
            r#"{"type": "message", "ts": "1", "text": "```"{\"id\":5,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"duration\":1,\"transcript\":\"&amp;amp;\"}```"}"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "the end of a line that was cut opened a literal around the next one",
        lines: &[
            r#"{"id":5,"customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":"it costs $'"#,
            r#"{"id":6,"customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":"C:\\neu"}"#,
            r#"{"id":7,"customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":"b'"#,
            r#"{"id":8,"customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":"C:\\neu it's"}"#,
        ],
        ids: &[6, 8],
        reported: &[1, 3],
    },
    DamagedFile {
        reason: "a damaged escape of a JSON string was decoded as one of Ruby",
        lines: &[
            r#"{"type": "message", "ts": "1", "text": "```{\"id\":5,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"duration\":1,\"transcript\":\"\#{\"}```"}"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "the references of a message in Slack were shown as the text of the caller",
        lines: &[
            r#"{"type": "message", "ts": "1", "text": "```{\"id\":5,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"duration\":1,\"transcript\":\"a &amp;amp; b\"}```""#,
            r#"{"type": "message", "ts": "1", "text": "see {\"id\":6,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"duration\":1,\"transcript\":\"<@U024BE7LH>\"}""#,
            r#"{"type": "message", "ts": "1", "text": "see {\"id\":7,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"duration\":1,\"transcript\":\"a, b\"}""#,
        ],
        ids: &[7],
        reported: &[1, 2, 3],
    },
    DamagedFile {
        reason: "two calls became one with a line break in a phone number",
        lines: &[
            r#"{"id":5,"customer_phone":"+49"#,
            r#"15","assistant_phone":null,"duration":1,"extracted_variables":{},"transcript":"b"}"#,
            r#"{"id":{"$numberLong":"16"#,
            r#"4"},"customer_phone":"+49","assistant_phone":null,"duration":1,"extracted_variables":{}}"#,
        ],
        ids: &[],
        reported: &[1, 2, 4],
    },
    DamagedFile {
        reason: "calls in quotes of their own were read as lines of one text, which was not unquoted",
        lines: &[
            r#"irm https://example.com -Method Post -Body '[{"id":5,"customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":"it''s"}'"#,
            r#"irm https://example.com -Method Post -Body '{"id":6,,customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":""}'"#,
        ],
        ids: &[5],
        reported: &[1, 2],
    },
    DamagedFile {
        reason: "text behind an empty literal of a shell was taken for the text of another one",
        lines: &[
            r#"curl https://example.com -d $''{"id":5,"customer_phone":"+49","assistant_phone":null,"duration":1,"transcript":"C:\\\\neu"}'"#,
        ],
        ids: &[],
        reported: &[1],
    },
    DamagedFile {
        reason: "a plus beside `%20` was read as one of a URL, or as a space",
        lines: &[
            "payload=%7B%22id%22%3A5%2C%22customer_phone%22%3A%22%2049%22%2C%22assistant_phone%22%3Anull%2C%22duration%22%3A1%2C%22transcript%22%3A%22a+b%22%7D&attempt=1",
            "GET /?payload=%7B%22id%22%3A4+%2C%22customer_phone%22%3A%22%2B49%22%2C%22assistant_phone%22%3Anull%2C%22duration%22%3A1%2C%22transcript%22%3A%22a%20b%22%7D",
        ],
        ids: &[],
        reported: &[1, 2],
    },
    DamagedFile {
        reason: "quotes in the rest of a refused text were those of a literal over several lines",
        lines: &[
            r#"C:\>curl https://example.com -d "{\"id\":5,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"summaryq":\"1\",\"\t'''\":[1,{}],\"transcript\":\"]{ \\x22`\"}""#,
            r#"C:\>curl https://example.com -d "{\"id\":6,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"duration\":1,\"transcript\":\"''a''\"}""#,
            r#"C:\>curl https://example.com -d "{\"id\":7,\"customer_phone\":\"+49\",\"assistant_phone\":null,\"duration\":1,\"transcript\":\"',NULL'\"}""#,
        ],
        ids: &[6, 7],
        reported: &[1],
    },
    DamagedFile {
        reason: "a cell behind a cut one, with which it was one cell, was decoded as one of Postgres",
        lines: &[
            r#"1	"{""id"":5,""customer_phone"":""+49"",""assistant_phone"":null,""duration"":1,""trans	x"#,
            r#"1	{""id"":6,""customer_phone"":""+49"",""assistant_phone"":null,""duration"":1,""transcript"":""C:\\neu""}"	x"#,
        ],
        ids: &[],
        reported: &[1, 2],
    },
];

#[test]
fn damage_is_reported_where_it_is() {
    let mut faults = Vec::new();
    for file in FILES {
        // With this line, the file is a log and not one JSON text.
        let text = format!("-- lines\n{}\n", file.lines.join("\n"));
        let Extracted { bodies, broken, .. } = read(text.as_bytes());
        let ids: Vec<_> = bodies.keys().copied().collect();
        let reported: Vec<_> = broken.iter().map(|line| line - 1).collect();
        if ids != file.ids || reported != file.reported {
            let reason = file.reason;
            faults.push(format!("{reason}: read {ids:?}, reported {reported:?}"));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
