//! Any input ends well, and its output is safe for terminals.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::bodies::{LAYOUTS, body, source, value};
use super::command_lines::{command_lines, terminal_command_lines, with_cases};
use crate::common::{in_parallel, postcall};

/// True if the text has characters that a terminal might interpret instead of showing them. This is
/// independent of the check in the program.
fn has_control_characters(text: &str) -> bool {
    text.chars().any(|character| {
        (character.is_control() && character != '\n')
            || ('\u{202a}'..='\u{202e}').contains(&character)
            || ('\u{2066}'..='\u{2069}').contains(&character)
    })
}

/// Random bytes, any JSON value, or bodies that are cut off somewhere.
fn any_input() -> impl Strategy<Value = Vec<u8>> {
    let cut_bodies = (vec(body(), 1..3), 0..LAYOUTS, any::<Index>());
    prop_oneof![
        vec(any::<u8>(), 0..60),
        value().prop_map(|value| value.to_string().into_bytes()),
        cut_bodies.prop_map(|(bodies, layout, cut)| {
            let mut bytes = source(&bodies, layout);
            bytes.truncate(cut.index(bytes.len()));
            bytes
        }),
    ]
}

#[test]
fn any_input_ends_with_a_known_exit_code_and_no_panic() {
    in_parallel(with_cases(4, command_lines()), |(config, arguments)| {
        proptest!(config, |(bytes in any_input())| {
            let output = postcall(&arguments, &bytes);
            prop_assert!(matches!(output.status.code(), Some(0 | 1 | 3)), "{arguments:?} {output:?}");
            let messages = String::from_utf8_lossy(&output.stderr);
            prop_assert!(!messages.contains("panicked"), "{arguments:?} {output:?}");
        });
    });
}

/// Starting the program takes longer than reading a body: many are read at once.
#[test]
fn bodies_with_any_texts_cause_no_panic() {
    in_parallel(with_cases(1, command_lines()), |(config, arguments)| {
        proptest!(config, |(bodies in vec(body(), 75))| {
            let output = postcall(&arguments, &source(&bodies, 0));
            prop_assert!(matches!(output.status.code(), Some(0 | 1)), "{arguments:?} {output:?}");
        });
    });
}

#[test]
fn output_for_terminals_has_no_control_characters() {
    in_parallel(
        with_cases(4, terminal_command_lines()),
        |(config, arguments)| {
            proptest!(config, |(bodies in vec(body(), 1..4))| {
                let output = postcall(&arguments, &source(&bodies, 0));
                let text = String::from_utf8(output.stdout).expect("postcall prints UTF-8");
                prop_assert!(!has_control_characters(&text), "{arguments:?} {text:?}");
                let messages = String::from_utf8(output.stderr).expect("postcall prints UTF-8");
                prop_assert!(!has_control_characters(&messages), "{arguments:?} {messages:?}");
            });
        },
    );
}

#[test]
fn deep_nesting_with_invalid_utf8_does_not_overflow_the_stack() {
    const LEVELS: usize = 100_000;
    let open = b"{\"a\":".repeat(LEVELS);
    let input = [&open[..], b"\"\xff\"", &b"}".repeat(LEVELS)].concat();
    for prefix in [&b""[..], b"a log line: "] {
        let output = postcall(&["list"], &[prefix, &input].concat());
        // The byte is read as Windows-1252, so the value is valid, but no call.
        assert_eq!(output.status.code(), Some(3), "{output:?}");
    }
}
