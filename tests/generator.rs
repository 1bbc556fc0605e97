//! The forms of `examples/generate` are the captures that they are named for: `list` finds each
//! call once, with its values, and has nothing to report.

#[path = "../examples/generate/main.rs"]
#[expect(dead_code, reason = "only the example uses its command line")]
mod generate;

use clap::{Parser as _, ValueEnum as _};
use serde_json::Value;

use crate::common::{in_parallel, json_lines, postcall};

#[test]
fn every_form_has_each_call_once() {
    let reference = list_calls("jsonl");
    assert_eq!(reference.len(), 500);
    let forms = generate::forms::Form::value_variants();
    assert!(forms.len() > 8);
    in_parallel(forms, |form| {
        let form = form.to_possible_value().expect("no form is hidden");
        let calls = list_calls(form.get_name());
        assert!(
            calls == reference,
            "{}: {} calls",
            form.get_name(),
            calls.len()
        );
    });
}

/// The rows of `list` for 500 generated calls.
fn list_calls(form: &str) -> Vec<Value> {
    let arguments = ["generate", "--calls", "500", "--as", form];
    let mut capture = Vec::new();
    generate::write_calls(&generate::Args::parse_from(arguments), &mut capture).expect("written");
    let written = postcall(&["list", "--format", "jsonl"], &capture);
    assert!(written.status.success(), "{form}: {written:?}");
    assert!(written.stderr.is_empty(), "{form}: {written:?}");
    json_lines(&written.stdout)
}
