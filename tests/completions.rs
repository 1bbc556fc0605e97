//! The completion scripts in bash, zsh and fish. `tests/completions/press_tab.py` presses TAB in
//! them, in a pseudo-terminal. A shell that is not installed is skipped here; `.ci/full
//! completions` needs all of them.
#![cfg(unix)]

use std::env;
use std::path::Path;
use std::process::Command;

use crate::common::{repository, run, stdout};
use clap::CommandFactory as _;
use postcall::cli::Cli;
use serde_json::{Value, json};

#[test]
fn tab_completes_in_bash() {
    press_tab_in("bash");
}

#[test]
fn tab_completes_in_zsh() {
    press_tab_in("zsh");
}

#[test]
fn tab_completes_in_fish() {
    press_tab_in("fish");
}

fn press_tab_in(shell: &str) {
    if !is_installed(shell) || !is_installed("python3") {
        return;
    }
    let program = Path::new(env!("CARGO_BIN_EXE_postcall"));
    let folder = program.parent().expect("the program is in a folder");
    let path = env::var("PATH").expect("a PATH");
    let mut command = Command::new("python3");
    command
        .arg(repository().join("tests/completions/press_tab.py"))
        .args([shell, &installation(shell)])
        .env("PATH", format!("{}:{path}", folder.display()));
    let cases: Vec<String> = cases().iter().map(Value::to_string).collect();
    let output = run(command, vec![cases.join("\n").into_bytes()]);
    let printed = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}{errors}");
}

fn is_installed(program: &str) -> bool {
    let path = env::var_os("PATH").expect("a PATH");
    env::split_paths(&path).any(|folder| folder.join(program).is_file())
}

/// The line of the help that installs the completions of a shell.
fn installation(shell: &str) -> String {
    let help = stdout(&["completions", "--help"], b"");
    let script = format!("postcall completions {shell}");
    let line = help.lines().find(|line| line.contains(&script));
    let line = line.expect("the help says how to install it").trim();
    // The name of the startup file follows.
    line.split("  ").next().unwrap_or(line).to_owned()
}

/// Lines with the arguments that TAB completes, or the words that it shows.
fn cases() -> Vec<Value> {
    let mut cases = vec![
        // Commands, with their aliases.
        json!({"line": "exp", "becomes": ["export"]}),
        json!({"line": "chec", "becomes": ["check"]}),
        json!({"line": "", "shows": ["show", "list", "validate", "completions"]}),
        // Files, with and without a command.
        json!({"line": "input-b", "becomes": ["input-body.json"]}),
        json!({"line": "list input-b", "becomes": ["list", "input-body.json"]}),
        json!({"line": "list ", "becomes": ["list", "input-body.json"]}),
        json!({
            "line": "list --status busy input-b",
            "becomes": ["list", "--status", "busy", "input-body.json"],
        }),
        json!({
            "line": "input-body.json --onl",
            "becomes": ["input-body.json", "--only"],
        }),
        json!({
            "line": "export --rejects input-b",
            "becomes": ["export", "--rejects", "input-body.json"],
        }),
        // Values.
        json!({"line": "export --ro", "becomes": ["export", "--rows"]}),
        json!({
            "line": "export --rows ",
            "shows": ["calls", "turns", "variables", "campaigns"],
        }),
        json!({
            "line": "validate --deny ",
            "shows": ["missing-field", "duplicate-call", "reading", "settings"],
        }),
        json!({
            "line": "list --status ",
            "shows": ["completed", "no-answer", "ended_by_customer"],
        }),
        json!({"line": "show --only ", "shows": ["call", "lead", "transcript"]}),
        json!({"line": "--only ", "shows": ["call", "lead", "transcript"]}),
        json!({"line": "list --format ", "shows": ["markdown", "jsonl", "csv"]}),
        json!({"line": "list --has ", "shows": ["recording", "campaign"]}),
        json!({
            "line": "list --tz Europe/Berl",
            "becomes": ["list", "--tz", "Europe/Berlin"],
        }),
        json!({"line": "rules missing-fi", "becomes": ["rules", "missing-field"]}),
        json!({"line": "completions zs", "becomes": ["completions", "zsh"]}),
        json!({"line": "man exp", "becomes": ["man", "export"]}),
        json!({"line": "help exp", "becomes": ["help", "export"]}),
    ];
    cases.extend(one_option_per_command());
    cases
}

/// An option of each command, typed without its last letter.
fn one_option_per_command() -> Vec<Value> {
    let mut cli = Cli::command();
    cli.build();
    let commands = cli
        .get_subcommands()
        .filter(|command| command.get_name() != "help");
    let mut cases = Vec::new();
    for command in commands {
        let options = command.get_arguments();
        let mut options: Vec<_> = options
            .filter_map(|option| Some((option.is_global_set(), option.get_long()?)))
            .collect();
        // Options of the command itself first.
        options.sort_unstable();
        let typed = |option: &str| option[..option.len() - 1].to_owned();
        let is_unique = |option: &&str| {
            let typed = typed(option);
            let mut others = options.iter();
            others.all(|(_, other)| other == option || !other.starts_with(&typed))
        };
        let option = options.iter().map(|(_, option)| *option).find(is_unique);
        let option = option.expect("an option");
        let name = command.get_name();
        cases.push(json!({
            "line": format!("{name} --{}", typed(option)),
            "becomes": [name, format!("--{option}")],
        }));
    }
    assert!(cases.len() > 10, "{cases:?}");
    cases
}
