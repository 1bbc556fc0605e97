//! No run reads a file that it writes, and none replaces one of its inputs. The commands and their
//! options are derived from the command line, so that new ones are included.

use std::ffi::OsString;
use std::fs::{self, File};
use std::path::Path;
use std::process::Stdio;

use clap::CommandFactory as _;
use postcall::cli::Cli;

use crate::common::{postcall, program, reading_commands, temporary_folder};

const CALL: &str = r#"{"id":480601,"customer_phone":"+4930123456","duration":5,"lead":null}"#;

/// Options with files that are read.
const INPUT_OPTIONS: &[&str] = &["baseline", "config", "variables", "key-file"];

/// Options whose file is written by a run without input. They replace no file at all.
const NEW_FILE_OPTIONS: &[&str] = &["new-key"];

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
            if !is_output || INPUT_OPTIONS.contains(&long) || NEW_FILE_OPTIONS.contains(&long) {
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

/// A search of folders does not find these files, but they are not replaced either.
#[test]
fn no_option_replaces_a_capture_that_is_hidden_ignored_or_has_another_name() {
    let options = output_options().into_iter();
    for (command, option, _) in options.filter(|(_, _, is_folder)| !is_folder) {
        for name in [".hidden.csv", ".h/a.csv", "ignored.csv", "LICENSE"] {
            let folder = temporary_folder();
            let folder = folder.path();
            fs::create_dir_all(folder.join(".h")).expect("created");
            fs::create_dir_all(folder.join(".git")).expect("created");
            fs::write(folder.join(".gitignore"), "ignored.*").expect("written");
            fs::write(folder.join("a.json"), CALL).expect("written");
            let target = folder.join(name);
            let option = format!("{option}{}", target.display());
            let run = || {
                postcall(
                    &[command.as_ref(), option.as_ref(), folder.as_os_str()],
                    b"",
                )
            };
            fs::write(&target, CALL).expect("written");
            let output = run();
            let messages = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(3), "{option}: {messages}");
            assert!(messages.contains("refusing"), "{option}: {messages}");
            assert_eq!(fs::read_to_string(&target).expect("a file"), CALL);
            if command == "infer" {
                // It adds to declarations, and replaces no other file.
                continue;
            }
            // Without a call, the file is replaced, and so is the file that replaced it, unless it
            // has the calls.
            fs::write(&target, "id\r\n480601\r\n").expect("written");
            assert!(run().status.code() < Some(2), "{option}");
            if !["extract", "redact"].contains(&&*command) {
                assert!(run().status.code() < Some(2), "{option} again");
            }
        }
    }
}

/// Workbooks and Parquet files are replaced, whatever the text in them.
#[test]
fn an_earlier_workbook_or_parquet_file_is_replaced() {
    let folder = temporary_folder();
    let folder = folder.path();
    let quoted = serde_json::to_string(CALL).expect("text is JSON");
    let call = CALL.replace(
        "null",
        &format!("null,\"extracted_variables\":{{\"a\":{quoted}}}"),
    );
    fs::write(folder.join("a.json"), call).expect("written");
    for name in [
        "calls.xlsx",
        ".calls.xlsx",
        "calls.parquet",
        ".calls.parquet",
    ] {
        if !cfg!(feature = "parquet") && name.ends_with("parquet") {
            continue;
        }
        let target = folder.join(name);
        for _ in 0..2 {
            let arguments = [
                "export".as_ref(),
                "-o".as_ref(),
                target.as_os_str(),
                folder.as_os_str(),
            ];
            let output = postcall(&arguments, b"");
            let messages = String::from_utf8_lossy(&output.stderr);
            assert_eq!(output.status.code(), Some(0), "{name}: {messages}");
        }
    }
}

/// Runs the command with standard output, or standard error, at the end of `file`.
fn run_appending(arguments: &[OsString], file: &Path, is_stderr: bool) -> (Option<i32>, String) {
    let appended = || {
        let file = File::options().append(true).open(file);
        Stdio::from(file.expect("writable"))
    };
    let mut command = program(arguments);
    command.stdin(Stdio::null());
    let before = fs::read(file).expect("a file").len();
    if is_stderr {
        command.stdout(Stdio::piped()).stderr(appended());
    } else {
        command.stdout(appended()).stderr(Stdio::piped());
    }
    let child = command.spawn();
    let output = child.and_then(std::process::Child::wait_with_output);
    let output = output.expect("the program was built");
    let messages = if is_stderr {
        fs::read(file).expect("a file").split_off(before)
    } else {
        output.stderr
    };
    let messages = String::from_utf8_lossy(&messages).into_owned();
    (output.status.code(), messages)
}

#[test]
fn no_command_reads_the_file_of_its_standard_output() {
    no_command_reads_the_file_of(false);
}

#[test]
fn no_command_reads_the_file_of_its_standard_error() {
    no_command_reads_the_file_of(true);
}

fn no_command_reads_the_file_of(is_stderr: bool) {
    let stream = if is_stderr {
        "standard error"
    } else {
        "standard output"
    };
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
        let (_, messages) = run_appending(&arguments(folder), &out, is_stderr);
        assert!(messages.contains(stream), "{command:?}: {messages}");
        let before = fs::read(&out).expect("a file");
        let text = String::from_utf8_lossy(&before);
        assert_eq!(text.matches("480999").count(), 1, "{command:?}: {text}");
        let (code, messages) = run_appending(&arguments(&out), &out, is_stderr);
        assert_eq!(code, Some(3), "{command:?}: {messages}");
        let after = fs::read(&out).expect("a file");
        let added = after
            .strip_prefix(&before[..])
            .expect("it was only added to");
        assert!(added.is_empty() || is_stderr, "{command:?}");
        assert!(
            !is_stderr || messages.contains("refusing"),
            "{command:?}: {messages}"
        );
    }
}
