//! The pictures in the README show real runs: these tests draw the runs again and compare.
//! `docs/pictures.sh` updates the pictures.

mod sheet_picture;

use crate::common::{compare_with_file, program, repository, temporary_folder};
use sheet_picture::draw_sheet;
use snapbox::Data;
use snapbox::data::DataFormat;

/// Colours for a light background, and for a dark one if the reader prefers that.
const COLOURS: &str = "\
    .fg { fill: #24292f }
    .bg { fill: #ffffff; stroke: #d0d7de }
    .fg-red { fill: #b3202c }
    .fg-green { fill: #116329 }
    .fg-yellow { fill: #7d4e00 }
    .fg-cyan { fill: #0b6670 }
    @media (prefers-color-scheme: dark) {
      .fg { fill: #d1d7de }
      .bg { fill: #0d1117; stroke: #3d444d }
      .fg-red { fill: #ff8b82 }
      .fg-green { fill: #56d364 }
      .fg-yellow { fill: #e3b341 }
      .fg-cyan { fill: #56d4dd }
    }
";

#[test]
fn the_picture_of_show_is_current() {
    let arguments = ["show", "samples/campaign-call.json"];
    let output = program(&arguments)
        .args(["--color", "always"])
        .current_dir(repository())
        .env("COLUMNS", "96")
        .output()
        .expect("the program was built");
    let text = String::from_utf8(output.stdout).expect("postcall prints UTF-8");
    let command = format!("\u{1b}[1m$ postcall {}\u{1b}[0m\n", arguments.join(" "));
    let picture = Data::text(command + &text).coerce_to(DataFormat::TermSvg);
    let picture = with_colours(&picture.render().expect("a picture is text"));
    compare_with_file(Data::text(picture), &repository().join("docs/show.svg"));
}

/// Replaces the colours of the rendered terminal, which are for a dark background only. `opacity`
/// has no effect on parts of a text.
fn with_colours(picture: &str) -> String {
    let (start, rest) = picture.split_once("    .fg {").expect("colours");
    let (_, rest) = rest.split_once("    .container {").expect("more styles");
    let rest = rest.replace(
        ".dimmed { opacity: 0.4; }",
        ".dimmed { fill-opacity: 0.7; }",
    );
    format!("{start}{COLOURS}    .container {{{rest}")
}

#[test]
fn the_picture_of_the_workbook_is_current() {
    let folder = temporary_folder();
    let file = folder.path().join("calls.xlsx");
    let status = program(&["export", "samples/day.jsonl", "--tz", "Europe/Berlin", "-o"])
        .arg(&file)
        .current_dir(repository())
        .status()
        .expect("the program was built");
    assert!(status.success());
    let picture = draw_sheet(&file);
    compare_with_file(Data::text(picture), &repository().join("docs/workbook.svg"));
}
