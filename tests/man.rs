//! The man pages of all commands. `.ci/full man` checks their roff with other programs.

use std::fs;

use crate::common::{postcall, stdout, temporary_folder};
use clap::{Command, CommandFactory as _};
use postcall::cli::Cli;

#[test]
fn every_page_has_all_sections() {
    for command in commands() {
        let page = page_of(&command);
        let sections: Vec<&str> = page
            .lines()
            .filter_map(|line| line.strip_prefix(".SH "))
            .map(|title| title.trim_matches('"'))
            .collect();
        let mut expected = vec!["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS"];
        expected.extend(["GLOBAL OPTIONS", "EXIT STATUS", "EXAMPLES", "SEE ALSO"]);
        if is_main(&command) {
            expected.extend(["COMMANDS", "ENVIRONMENT", "FILES"]);
        }
        for title in expected {
            let count = sections.iter().filter(|section| **section == title).count();
            assert_eq!(count, 1, "{}: {title}: {sections:?}", command.get_name());
        }
        assert!(!sections.contains(&"EXTRA"), "{}", command.get_name());
    }
}

#[test]
fn every_page_has_the_options_and_values_of_the_command() {
    for command in commands() {
        let page = page_of(&command);
        let name = command.get_name();
        for argument in command.get_arguments() {
            // The main page has only the options of all commands.
            let id = argument.get_id().as_str();
            if is_main(&command) && !argument.is_global_set() && id != "help" && id != "version" {
                continue;
            }
            let short = argument.get_short().map(|short| format!("-{short}"));
            let long = argument.get_long().map(|long| format!("--{long}"));
            let takes_values = argument.get_action().takes_values();
            let values = argument.get_possible_values().into_iter();
            let values = values
                .filter(|value| takes_values && !value.is_hide_set())
                .map(|value| value.get_name().to_owned());
            let has_value = argument.is_positional().then(|| argument.to_string());
            for text in short.into_iter().chain(long).chain(values).chain(has_value) {
                assert!(page.contains(&escaped(&text)), "{name}: {text}");
            }
        }
    }
}

#[test]
fn examples_are_verbatim() {
    for command in commands() {
        let page = page_of(&command);
        let help = command.get_after_help().expect("examples").to_string();
        let lines = help.lines().skip(1).take_while(|line| !line.is_empty());
        let lines: Vec<String> = lines.map(|line| escaped(line.trim_start())).collect();
        let examples = format!("\n.SH EXAMPLES\n.EX\n{}\n.EE\n", lines.join("\n"));
        assert!(page.contains(&examples), "{examples}{page}");
    }
}

#[test]
fn all_pages_are_written_to_a_folder() {
    let folder = temporary_folder();
    let folder = folder.path().join("man/man1");
    let path = folder.to_str().expect("a UTF-8 path");
    // The second run replaces the pages of the first.
    for _ in 0..2 {
        let output = postcall(&["man", "--split", path], b"");
        assert!(output.status.success() && output.stdout.is_empty());
    }
    let files = fs::read_dir(&folder).expect("the folder was created");
    assert_eq!(files.count(), commands().len());
    for command in commands() {
        let name = command.get_display_name().unwrap_or("postcall");
        let file = folder.join(format!("{name}.1"));
        let page = fs::read_to_string(&file).expect("the page of the command");
        assert_eq!(page, page_of(&command), "{name}");
    }
}

#[test]
fn an_alias_finds_the_page() {
    assert_eq!(stdout(&["man", "ls"], b""), stdout(&["man", "list"], b""));
}

/// The program and its commands.
fn commands() -> Vec<Command> {
    let mut cli = Cli::command();
    cli.build();
    let commands = cli
        .get_subcommands()
        .filter(|command| command.get_name() != "help");
    let commands: Vec<Command> = [&cli].into_iter().chain(commands).cloned().collect();
    assert!(commands.len() > 10);
    commands
}

fn is_main(command: &Command) -> bool {
    command.get_name() == "postcall"
}

fn page_of(command: &Command) -> String {
    let arguments = ["man", command.get_name()];
    let arguments = &arguments[..if is_main(command) { 1 } else { 2 }];
    let page = stdout(arguments, b"");
    assert!(page.is_ascii(), "{page}");
    page
}

/// Text in roff that is printed as it is and can be copied from a terminal.
fn escaped(text: &str) -> String {
    text.replace('-', r"\-")
        .replace('\'', r"\*(Aq")
        .replace('~', r"\(ti")
        .replace('^', r"\(ha")
}
