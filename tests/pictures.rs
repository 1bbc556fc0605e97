//! The pictures in the README show real runs: these tests render the runs again and compare.
//! `docs/pictures.sh` updates the pictures.

mod common;

use common::{compare_with_file, program, repository};
use snapbox::Data;
use snapbox::data::DataFormat;

fn check_picture(name: &str, arguments: &[&str]) {
    let output = program(arguments)
        .args(["--color", "always"])
        .current_dir(repository())
        .env("COLUMNS", "96")
        .output()
        .expect("the program was built");
    let text = String::from_utf8(output.stdout).expect("postcall prints UTF-8");
    let command = format!("\u{1b}[1m$ postcall {}\u{1b}[0m\n", arguments.join(" "));
    let picture = Data::text(command + &text).coerce_to(DataFormat::TermSvg);
    let file = repository().join(format!("docs/{name}.term.svg"));
    compare_with_file(picture, &file);
}

#[test]
fn the_picture_of_show_is_current() {
    check_picture("show", &["show", "samples/campaign-call.json"]);
}

#[test]
fn the_picture_of_campaigns_is_current() {
    check_picture("campaigns", &["campaigns", "samples/day.jsonl"]);
}
