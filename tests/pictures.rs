//! The pictures in the README show real runs: these tests render the runs again and compare.
//! `docs/pictures.sh` updates the pictures.

use std::process::Command;

use snapbox::data::DataFormat;
use snapbox::{Assert, Data};

fn check_picture(name: &str, arguments: &[&str]) {
    let output = Command::new(env!("CARGO_BIN_EXE_postcall"))
        .args(arguments)
        .args(["--color", "always"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env("COLUMNS", "96")
        .output()
        .expect("the program was built");
    let text = String::from_utf8(output.stdout).expect("postcall prints UTF-8");
    let command = format!("\u{1b}[1m$ postcall {}\u{1b}[0m\n", arguments.join(" "));
    let path = format!("{}/docs/{name}.term.svg", env!("CARGO_MANIFEST_DIR"));
    Assert::new()
        .action_env("SNAPSHOTS")
        .normalize_paths(false)
        .eq(
            Data::text(command + &text).coerce_to(DataFormat::TermSvg),
            Data::read_from(path.as_ref(), Some(DataFormat::TermSvg)),
        );
}

#[test]
fn the_picture_of_show_is_current() {
    check_picture("show", &["show", "samples/campaign-call.json"]);
}

#[test]
fn the_picture_of_campaigns_is_current() {
    check_picture("campaigns", &["campaigns", "samples/day.jsonl"]);
}
