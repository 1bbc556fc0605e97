//! Tests of the conventions by which values in literals are read.

use super::reading::read_value;
use super::scanner::TextScanner;
use super::text_part::{Scanned, TextPart};

/// Returns the values in `text`, as convention and decoded text, or `!problem`.
fn values(text: &str) -> Vec<String> {
    let mut scanner = TextScanner::new(text.as_bytes(), true);
    let mut found = Vec::new();
    while let Some(stop) = scanner.next_stop()
        && let Some(scanned) = scanner.read(&stop)
    {
        match scanned {
            Scanned::Part(TextPart::Value(range)) => found.push(text[range].to_owned()),
            Scanned::Part(TextPart::Literal {
                range,
                convention,
                quote,
            }) => {
                let reading = read_value(text.as_bytes(), range.start, convention, quote);
                let Ok(reading) = reading else {
                    found.push(format!("!{}: {}", convention.name, &text[range]));
                    continue;
                };
                assert_eq!(reading.end, range.end);
                found.push(format!("{}: {}", convention.name, reading.text));
            }
            Scanned::Refused(refusal) => found.push(format!("!{}", refusal.problem)),
            Scanned::Part(_) | Scanned::Invalid(_) | Scanned::Nothing => {}
        }
    }
    found
}

/// `text` with `NAMES` replaced by member names of a call, as in a body.
fn value(text: &str) -> String {
    let names = r#""customer_phone":"a","assistant_phone":"b""#;
    let text = text.replace("ESCAPED_NAMES", &names.replace('"', "\\\""));
    let found = values(&text.replace("NAMES", names));
    found
        .concat()
        .replace(&format!("{names},"), "")
        .replace(names, "")
}

#[test]
fn prefixes_leave_one_convention() {
    for (text, expected) in [
        (
            r#"body=b'{"a":"x\\ny"}'"#,
            r#"bytes in Python: {"a":"x\ny"}"#,
        ),
        (
            r#"[b"{\"a\":\"m\xc3\xb6\"}"]"#,
            r#"bytes in Python: {"a":"mö"}"#,
        ),
        (
            r#"(1, E'{"a":"x\\ny"}')"#,
            r#"an escape string of Postgres: {"a":"x\ny"}"#,
        ),
        (
            r#"(1,_binary '{\"a\":\"x\\ny\"}')"#,
            r#"MySQL: {"a":"x\ny"}"#,
        ),
        (
            r#"(1,_utf8mb4'{\"a\":\"x\\ny\"}')"#,
            r#"MySQL: {"a":"x\ny"}"#,
        ),
        (
            r#"-d $'{"a":"it\'s\u0021\\n"}'"#,
            r#"a shell: {"a":"it's!\n"}"#,
        ),
        (
            r#"values (1, q'[{"a":"it's \n"}]')"#,
            r#"Oracle: {"a":"it's \n"}"#,
        ),
        (
            "(TO_CLOB(q'{{\"a\":\"it's }')\n|| TO_CLOB(q'{me\"}}'))",
            r#"Oracle: {"a":"it's me"}"#,
        ),
        (
            r#"unistr('{\u000a"a":"it''s \\n \00fc\D83D\DE00\+01f600"}')"#,
            "unistr in SQL: {\n\"a\":\"it's \\n ü😀😀\"}",
        ),
        (
            r#"VALUES(1,replace('{\n"a":"it''s"}','\n',char(10)))"#,
            "replace in SQL: {\n\"a\":\"it's\"}",
        ),
        (
            r#"REPLACE( REPLACE('{\015\012"a":"\n"}', '\015', CHR(13)), '\012', CHR(10))"#,
            "replace in SQL: {\r\n\"a\":\"\\n\"}",
        ),
        (
            "VALUES (N'{' + CHAR(10) +\n N'\"a\":\"it''s ' + 'c\"}')",
            "standard SQL: {\n\"a\":\"it's c\"}",
        ),
        (
            r#"INSERT INTO public.calls VALUES (concat('{"a":"x\\n ', 'c"}'))"#,
            r#"concat in standard SQL: {"a":"x\\n c"}"#,
        ),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
    // A certain prefix excludes all other readings.
    for text in [
        r#"b'{NAMES,"a":"x\ny"}'"#,
        r#"b'{NAMES,"a":"\u00fc"}'"#,
        r#"replace('{NAMES,"a":"\n"}','a','b')                        "#,
        r#"replace(replace('{NAMES,"a":"\n"}','\n',char(10)),'\n',char(10))   "#,
        r#"INSERT INTO `a` VALUES (replace('{NAMES,"a":"\n"}','\n',char(10)))"#,
        r#"unistr('{NAMES,"a":"\q"}')"#,
        r#"VALUES ('{NAMES,"a":"' || b || '"}')"#,
        r#"VALUES ('{NAMES,"a":"it''s ' || chr(13)||'b'||'c"}')"#,
    ] {
        assert!(value(text).starts_with('!'), "{text}: {}", value(text));
    }
}

#[test]
fn the_only_valid_reading_is_taken() {
    for (text, expected) in [
        (
            r#"x='{"a":"say \\"hi\\""}'"#,
            r#"Python or JavaScript: {"a":"say \"hi\""}"#,
        ),
        (
            r#"x='{"a":"it\'s"}'"#,
            r#"Python or JavaScript: {"a":"it's"}"#,
        ),
        (
            r#"x='{"a":"m\xf6\\n"}'"#,
            r#"Python or JavaScript: {"a":"mö\n"}"#,
        ),
        (
            r#"x='{"a":"soft\xadhyphen"}'"#,
            "Python or JavaScript: {\"a\":\"soft\u{ad}hyphen\"}",
        ),
        (r#"('{"a":"it''s\n"}')"#, r#"standard SQL: {"a":"it's\n"}"#),
        (r#"x='{"a":"it'\''s"}'"#, r#"a shell: {"a":"it's"}"#),
        (r#"x='{"a":"it'"'"'s"}'"#, r#"a shell: {"a":"it's"}"#),
        (
            r#"x="{\"a\":\"x\\ny\"}""#,
            r#"Python or JavaScript: {"a":"x\ny"}"#,
        ),
        (r#"curl -d "{\"a\":\"x\ny\"}""#, r#"a shell: {"a":"x\ny"}"#),
        (
            r#"x="{\"a\":\"m\xc3\xb6\"}""#,
            r#"C, Go or redis-cli: {"a":"mö"}"#,
        ),
        (r#""{\x22a\x22:\x22\x5Cn\x22}""#, r#"nginx: {"a":"\n"}"#),
        (
            r#"x="{\"a\":\"m\303\266\"}""#,
            r#"C, Go or redis-cli: {"a":"mö"}"#,
        ),
        (
            r#"x="{\"a\":\"m\u{f6}\"}""#,
            r#"Python or JavaScript: {"a":"mö"}"#,
        ),
        (
            r#"x=`{"a":"it's \\"x\\""}`"#,
            r#"Python or JavaScript: {"a":"it's \"x\""}"#,
        ),
        (
            r#"got {\"a\":\"x\\ny\"} now"#,
            r#"Python or JavaScript: {"a":"x\ny"}"#,
        ),
        (
            "{\n  \\\"a\\\": \\\"x\\\\ny\\\"\n}\n",
            "Python or JavaScript: {\n  \"a\": \"x\\ny\"\n}",
        ),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn two_readings_that_differ_are_refused_without_evidence() {
    for text in [
        r#"x='{NAMES,"a":"x\\ny"}'"#,
        r#"x='{NAMES,"a":"it''s"}'"#,
        r#"x='{NAMES,"a":"\xc3\xbc"}'"#,
        r#"{'body': '{NAMES,"a":"\xc3\xbc"}'}"#,
        r#"body: "{ESCAPED_NAMES,\"a\":\"\xC3\xBC\"}""#,
        r#"curl -d "{ESCAPED_NAMES,\"a\":\"x\\ny\"}""#,
        r#"curl -d "{ESCAPED_NAMES,\"a\":\"x\\ny\"}" && echo 'a b'"#,
        r#"curl -H "X: say 'hi'" -d "{ESCAPED_NAMES,\"a\":\"x\\ny\"}""#,
        r#"curl.exe -d "{""customer_phone"":1,""assistant_phone"":""x\\ny""}""#,
        r#"INSERT INTO calls VALUES ('{NAMES,"a":"x\\ny"}');"#,
        r#"[0.1ms] INSERT INTO `calls` VALUES ('{NAMES,"a":"x\\ny"}')"#,
        r#"(1, '{NAMES,"a":"x\\ny"}')"#,
        "1\tINFO\tx={NAMES,\"a\":\"x\\\\ny\"}",
        "\t{NAMES,\"a\":\"x\\\\ny\"}\n",
    ] {
        assert!(
            value(text).contains("with two meanings"),
            "{text}: {}",
            value(text)
        );
    }
    for (text, expected) in [
        (
            r#"INSERT INTO `calls` VALUES ('{NAMES,"a":"x\\ny"}');"#,
            r#"MySQL: {"a":"x\ny"}"#,
        ),
        (
            r#"INSERT INTO public.calls VALUES ('{NAMES,"a":"x\\ny"}');"#,
            r#"standard SQL: {"a":"x\\ny"}"#,
        ),
        (
            r#"INSERT INTO calls VALUES(1,'{NAMES,"a":"x\\ny"}');"#,
            r#"standard SQL: {"a":"x\\ny"}"#,
        ),
        (
            r#"VALUES ('{NAMES,"a":"it''s"}');"#,
            r#"standard SQL: {"a":"it's"}"#,
        ),
        (
            r#"SELECT '{NAMES,"a":"x\\ny"}'::jsonb"#,
            r#"standard SQL: {"a":"x\\ny"}"#,
        ),
        (
            r#"curl x -d '{NAMES,"a":"x\\ny"}'"#,
            r#"a shell: {"a":"x\\ny"}"#,
        ),
        (
            r#"sqlalchemy.engine.Engine [generated in 0.1s] (1, '{NAMES,"a":"x\\ny"}', 5)"#,
            r#"Python or JavaScript: {"a":"x\ny"}"#,
        ),
        (
            r#"(0.001) INSERT INTO a VALUES (%s); args=('{NAMES,"a":"x\\ny"}', 5); alias=default"#,
            r#"Python or JavaScript: {"a":"x\ny"}"#,
        ),
        (
            r#"execute('{NAMES,"a":"x\\ny"}',)"#,
            r#"Python or JavaScript: {"a":"x\ny"}"#,
        ),
        (
            r#"2026 [1] LOG:  statement: SELECT a('{NAMES,"a":"x\\ny"}')"#,
            r#"standard SQL: {"a":"x\\ny"}"#,
        ),
        (
            r#"DETAIL:  parameters: $1 = '5', $2 = '{NAMES,"a":"it''s \\n"}'"#,
            r#"standard SQL: {"a":"it's \\n"}"#,
        ),
        (
            "2026\t12 Query\tSELECT a('{NAMES,\"a\":\"x\\\\ny\"}')",
            r#"MySQL: {"a":"x\ny"}"#,
        ),
        (
            r#"{'body': '{NAMES,"a":"x\\ny"}'}"#,
            r#"Python or JavaScript: {"a":"x\ny"}"#,
        ),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn the_shell_of_a_command_decides() {
    for (command, body, expected) in [
        (
            "$ curl -d",
            r#""{\"a\":\"x\\ny\"}""#,
            r#"a shell: {"a":"x\ny"}"#,
        ),
        (
            "curl x \\\n -d",
            r#""{\"a\":\"x\\ny\"}""#,
            r#"a shell: {"a":"x\ny"}"#,
        ),
        (
            "curl -H 'a: b' -d",
            r#""{\"a\":\"x\\ny\"}""#,
            r#"a shell: {"a":"x\ny"}"#,
        ),
        (
            "curl.exe -d",
            r#""{\"a\":\"x\\ny\"}""#,
            r#"cmd: {"a":"x\\ny"}"#,
        ),
        (
            "C:\\x>curl -d",
            r#""{\"a\":\"x\\ny\"}""#,
            r#"cmd: {"a":"x\\ny"}"#,
        ),
        (
            "curl x ^\r\n -d",
            r#""{\"a\":\"x\\\"\"}""#,
            r#"cmd: {"a":"x\""}"#,
        ),
        (
            "curl -H \"A: %TOKEN%\" -d",
            r#""{\"a\":\"x\\ny\"}""#,
            r#"cmd: {"a":"x\\ny"}"#,
        ),
        ("curl -d", r#""{\"a\":\"x\ny\"}" ^"#, r#"cmd: {"a":"x\ny"}"#),
        (
            "curl -d @- <<<",
            r#""{\"a\":\"x\\ny\"}""#,
            r#"a shell: {"a":"x\ny"}"#,
        ),
        (
            "curl -d",
            "\"{\n \\\"a\\\":\\\"x\\\\ny\\\"}\"",
            "a shell: {\n \"a\":\"x\\ny\"}",
        ),
        (
            "root@host:/srv# curl -d",
            r#""{\"a\":\"x\\ny\"}""#,
            r#"a shell: {"a":"x\ny"}"#,
        ),
        (
            "curl x -d",
            r#""{\"a\":\"x\\ny\"}" -H 'a: b'"#,
            r#"a shell: {"a":"x\ny"}"#,
        ),
        (
            "2026-01-15 curl -H 'Accept: */*' -H \"X-Name: it's\" -d",
            r#""{\"a\":\"x\\ny\"}""#,
            r#"a shell: {"a":"x\ny"}"#,
        ),
        (
            "time curl -H 'X: y=\"z\"' -H \"X: [\\\"\\\"]\" --data-raw",
            r#"'{"a":"x\\ny"}'"#,
            r#"a shell: {"a":"x\\ny"}"#,
        ),
        (
            "curl --data-raw",
            r#"^"^{^\^"a^\^":^\^"x^\^\ny^%^41^\^"^}^""#,
            r#"a browser for cmd: {"a":"x\ny%41"}"#,
        ),
        (
            "iwr x -Body",
            r#""{`"a`":`"`$x\ny$([char]252)`"}""#,
            r#"PowerShell: {"a":"$x\nyü"}"#,
        ),
        (
            "iwr x `\n-Body",
            r#""{""a"":""x\\ny""}""#,
            r#"PowerShell: {"a":"x\\ny"}"#,
        ),
        (
            "PS C:\\> x -d",
            r#"'{"a":"it''s \\n"}'"#,
            r#"PowerShell: {"a":"it's \\n"}"#,
        ),
        (
            "curl.exe -d",
            r#"'{\"a\":\"it''s \\n\"}'"#,
            r#"an argument in PowerShell: {"a":"it's \\n"}"#,
        ),
        (
            "$x = @\"\n",
            "{\"a\":\"`$x `` \"}\n\"@",
            r#"PowerShell: {"a":"$x ` "}"#,
        ),
        (
            "$x = @'\n",
            "{\"a\":\"`$x\\\\n\"}\n'@",
            "{\"a\":\"`$x\\\\n\"}",
        ),
    ] {
        let text = format!("{command} {body}").replace("\n {", "\n{");
        assert_eq!(value(&text), expected, "{text}");
    }
    // A variable, a command and a typographic quote have another meaning there.
    for text in [
        r#"$ curl -d "{ESCAPED_NAMES,\"a\":\"$x\"}""#,
        r#"$ curl -d "{ESCAPED_NAMES,\"a\":\"`id`\"}""#,
        r#"curl.exe -d "{ESCAPED_NAMES,\"a\":\"%USERNAME%\"}""#,
        r#"curl.exe -d "{ESCAPED_NAMES,\"a\":\"a^b\"}""#,
        r#"curl -d "{ESCAPED_NAMES,\"a\":\"^\\n\"}""#,
        r#"irm -Body "{`"customer_phone`":1,`"assistant_phone`":$x}""#,
        "irm -Body '{NAMES,\"a\":\"‘ \\n\"}'",
    ] {
        assert!(value(text).starts_with('!'), "{text}: {}", value(text));
    }
}

#[test]
fn plain_json_in_text_stays_verbatim() {
    for text in [
        r#"it's {"a":"x\\ny"} isn't it"#,
        r#"body={"a":"x\\ny"}"#,
        r#"'svc' {"a":"x\\ny"}"#,
        r#"msg='{"a":"it's \n"}'"#,
    ] {
        let found = value(text);
        assert!(found.starts_with('{'), "{text}: {found}");
    }
}

#[test]
fn cells_with_doubled_backslashes_are_decoded() {
    for (text, expected) in [
        (
            "1\t{\"a\":\"x\\\\ny\"}\n",
            "Postgres COPY or mysql --batch: {\"a\":\"x\\ny\"}",
        ),
        (
            "{\"a\":\"x\\\\ny\"}\t\\N\n",
            "Postgres COPY or mysql --batch: {\"a\":\"x\\ny\"}",
        ),
        ("1\t{\"a\":\"C:\\\\Daten\"}\n", "{\"a\":\"C:\\\\Daten\"}"),
        ("1\t{\"a\":\"x\\ny\"}\n", "{\"a\":\"x\\ny\"}"),
        (
            "1\t{\\n  \"a\": \"x\\\\ny\"\\n}\n",
            "Postgres COPY or mysql --batch: {\n  \"a\": \"x\\ny\"\n}",
        ),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn values_with_a_gap_are_refused() {
    for text in [
        r#"('{NAMES,"a":"x ... (505 characters truncated) ... y"}', 5)"#,
        r#"('{NAMES,"a":"it\'s ... (505 characters truncated) ... y"}', 5)"#,
    ] {
        assert_eq!(value(text), "!SQLAlchemy has cut text out of the value");
    }
    let text = r#"{"a":"x ... (505 characters truncated) ... y"}"#;
    assert_eq!(value(text), text);
}

#[test]
fn unknown_escapes_are_never_dropped() {
    for text in [
        r#"x="{ESCAPED_NAMES,\"a\":\"\q\"}"#,
        r#"x="{ESCAPED_NAMES,\"a\":\"\xc3\"}"#,
        r#"x="{ESCAPED_NAMES,\"a\":\"\ud800\"}"#,
        r#"{ESCAPED_NAMES,\"a\":\"\q\"}"#,
    ] {
        assert!(value(text).starts_with('!'), "{text}: {}", value(text));
    }
}

/// `\u{21}` was read as an exclamation mark in languages that have no such escape.
#[test]
fn braces_are_no_escape_in_shells_postgres_and_json() {
    for text in [
        r#"curl x -d $'{NAMES,"a":"\u{21}"}'"#,
        r#"INSERT INTO t VALUES (E'{NAMES,"a":"\u{21}"}')"#,
        r#"INSERT INTO t VALUES (unistr('{NAMES,"a":"\u{21}"}'))"#,
        r#"{"text":"{ESCAPED_NAMES,\"a\":\"\u{21}\"}", x"#,
    ] {
        assert!(value(text).starts_with('!'), "{text}: {}", value(text));
    }
    assert_eq!(
        value(r#"x = "{ESCAPED_NAMES,\"a\":\"\u{21}\"}";"#),
        r#"Python or JavaScript: {"a":"!"}"#,
    );
}

/// One damaged character made a literal of standard SQL one of `MySQL`.
#[test]
fn all_double_quotes_are_escaped_or_none() {
    for text in [
        r#"insert into t values (1, '{\"id":1,NAMES,"a":"\\t''"}')"#,
        r#"x = '{NAMES,"a":"\\t",\"b":1}'"#,
    ] {
        assert!(value(text).starts_with('!'), "{text}: {}", value(text));
    }
}
