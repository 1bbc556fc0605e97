//! No run reads a file that it writes, and none replaces one of its inputs. The commands and their
//! options are derived from the command line, so that new ones are included.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use clap::CommandFactory as _;
use postcall::cli::Cli;

mod common;

use common::{postcall, program, reading_commands, temporary_folder};

const CALL: &str = r#"{"id":480601,"customer_phone":"+4930123456","duration":5,"lead":null}"#;

/// Options with files that are read.
const INPUT_OPTIONS: &[&str] = &["config", "variables"];

/// The options of reading commands that name an output, each with its command and whether it names
/// a folder.
fn output_options() -> Vec<(String, String, bool)> {
    let mut cli = Cli::command();
    cli.build();
    let mut options = Vec::new();
    for command in cli.get_subcommands() {
        if command.get_arguments().all(|a| a.get_id() != "paths") {
            continue;
        }
        for option in command.get_arguments() {
            let (Some(long), Some(values)) = (option.get_long(), option.get_value_names()) else {
                continue;
            };
            let value = values.concat();
            let is_output = value.ends_with("FILE") || value.ends_with("FOLDER");
            if !is_output || INPUT_OPTIONS.contains(&long) {
                continue;
            }
            // A format comes first in `--report FORMAT=FILE`.
            let option = if value.contains('=') {
                format!("--{long}=json=")
            } else {
                format!("--{long}=")
            };
            options.push((command.get_name().to_owned(), option, value == "FOLDER"));
        }
    }
    options
}

#[test]
fn no_option_replaces_an_input() {
    let options = output_options();
    assert!(options.len() >= 5, "options are missing: {options:?}");
    for (command, option, is_folder) in options {
        let folder = temporary_folder();
        let folder = folder.path();
        let call = folder.join("call.csv");
        fs::write(&call, CALL).expect("written");
        let output = if is_folder { folder } else { &call };
        let option = format!("{option}{}", output.display());
        for input in [&call, folder] {
            let arguments = [command.as_ref(), option.as_ref(), input.as_os_str()];
            let output = postcall(&arguments, b"");
            let messages = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(3), "{arguments:?}: {messages}");
            assert!(messages.contains("refusing"), "{arguments:?}: {messages}");
            let names: Vec<OsString> = fs::read_dir(folder)
                .expect("a folder")
                .map(|entry| entry.expect("readable").file_name())
                .collect();
            assert_eq!(names, ["call.csv"], "{arguments:?}");
            assert_eq!(fs::read_to_string(&call).expect("a file"), CALL);
        }
    }
}

/// Runs the command with standard output at the end of `file`.
fn run_appending(arguments: &[OsString], file: &Path) -> (Option<i32>, String) {
    let file = File::options().append(true).open(file);
    let child = program(arguments)
        .stdin(Stdio::null())
        .stdout(file.expect("writable"))
        .stderr(Stdio::piped())
        .spawn();
    let output = child.and_then(std::process::Child::wait_with_output);
    let output = output.expect("the program was built");
    let messages = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), messages)
}

#[test]
fn no_command_reads_the_file_of_its_standard_output() {
    for command in reading_commands() {
        let folder = temporary_folder();
        let folder = folder.path();
        let (call, out) = (folder.join("call.json"), folder.join("out.txt"));
        fs::write(&call, CALL).expect("written");
        fs::write(&out, CALL.replace("480601", "480999\n")).expect("written");
        let arguments = |path: &Path| {
            let command = command.iter().map(OsString::from);
            command.chain([path.into()]).collect::<Vec<_>>()
        };
        let (_, messages) = run_appending(&arguments(folder), &out);
        assert!(
            messages.contains("standard output"),
            "{command:?}: {messages}"
        );
        let before = fs::read(&out).expect("a file");
        let text = String::from_utf8_lossy(&before);
        assert_eq!(text.matches("480999").count(), 1, "{command:?}: {text}");
        let (code, messages) = run_appending(&arguments(&out), &out);
        assert_eq!(code, Some(3), "{command:?}: {messages}");
        assert!(fs::read(&out).expect("a file") == before, "{command:?}");
    }
}
