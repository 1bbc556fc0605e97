//! Output for people has no commands for CI services.

use serde_json::json;

use crate::common::{call, is_ignored, program, stdout, temporary_folder};

/// Runners of CI services search the output of each step for commands.
#[test]
fn no_line_for_people_is_a_workflow_command() {
    let hostile =
        "::error::a\n  ::error::b\r\n##[error]c ##[error]d\n\u{a0}\u{200b}::error::e ##vso[x.y]z";
    let mut body = call(
        1,
        &json!({"::error::f": hostile, "list": [[hostile]], "words": "a ".repeat(9) + hostile}),
    );
    for name in [
        "status",
        "customer_phone",
        "assistant_phone",
        "created_at",
        "duration",
    ] {
        body[name] = json!(hostile);
    }
    body["transcript"] = json!(format!("Customer: a\n{hostile}"));
    body["lead"] =
        json!({"id": hostile, "phone_number": hostile, "variables": {"##[error]g": hostile}});
    body["campaign"] = json!({"id": hostile, "name": hostile});
    let folder = temporary_folder();
    let name = "::error::h.json";
    std::fs::write(folder.path().join(name), body.to_string()).expect("a writable folder");
    std::fs::write(folder.path().join("::error::i.json"), "{\"a\n").expect("a writable folder");
    let commands: &[&[&str]] = &[
        &["show", "--transcript", "full"],
        &["transcript"],
        &["list"],
        &["list", "--format", "markdown"],
        &["variables"],
        &["campaigns"],
        &["validate", "--summary"],
        &["validate", "--format", "concise"],
        &["extract", "--list"],
        &["export", "--list-columns"],
        &["list", "--status", "\n::error::j"],
        &["list", "--kind"],
        &["list", "--id", "\n::error::j"],
        &["##[error]k"],
    ];
    for (arguments, width) in commands
        .iter()
        .flat_map(|arguments| [20, 33, 80, 120].map(|width| (arguments, width)))
    {
        for color in ["always", "never"] {
            let output =
                program(&[arguments, &["--color", color, name, "::error::i.json"][..]].concat())
                    .env("COLUMNS", width.to_string())
                    .current_dir(folder.path())
                    .output()
                    .expect("the program was built");
            for stream in [output.stdout, output.stderr] {
                let text = String::from_utf8(stream).expect("postcall prints UTF-8");
                for line in text.lines() {
                    let line: String = anstream::adapter::strip_str(line).to_string();
                    let is_blank = |c: char| is_ignored(c) && !c.is_ascii_punctuation();
                    let content = line.trim_start_matches(is_blank);
                    assert!(!content.starts_with("::"), "{arguments:?} {line:?}");
                    let tails = line
                        .match_indices("##")
                        .map(|(index, _)| &line[index + 2..]);
                    let is_command = |tail: &str| {
                        tail.trim_start_matches(|c: char| c.is_ascii_alphabetic())
                            .starts_with('[')
                    };
                    assert!(!tails.into_iter().any(is_command), "{arguments:?} {line:?}");
                }
            }
        }
    }
    let bytes = body.to_string();
    assert_eq!(stdout(&["extract"], bytes.as_bytes()).trim_end(), bytes);
    assert!(
        stdout(&["export", "--no-guard"], bytes.as_bytes())
            .contains("\n  ::error::b\r\n##[error]c ##[error]d\n")
    );
}
