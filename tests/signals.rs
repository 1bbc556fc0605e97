//! Signals: the process ends as others do and leaves no file behind, but a signal that was ignored
//! at the start stays ignored.
#![cfg(unix)]

use std::fs;
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{WATCHDOG, in_parallel, names_in, program, temporary_folder};
use rustix::process::{Pid, Signal, kill_process};

const BODY: &str = include_str!("../samples/day.jsonl");

/// Commands that wait for more input, with the name of the first file that they create.
const COMMANDS: &[&[&str]] = &[
    &["show"],
    &["list"],
    &["transcript"],
    &["extract"],
    &["validate"],
    &["extract", "--output", "calls.jsonl"],
    &["export", "--output", "calls.csv"],
    &["export", "--output", "calls.xlsx", "--rejects", "r.jsonl"],
    &["export", "--output", "calls.parquet", "--threads", "1"],
    &["validate", "--report", "json=a", "--report", "junit=b"],
];

const SIGNALS: &[Signal] = &[
    Signal::INT,
    Signal::TERM,
    Signal::HUP,
    Signal::QUIT,
    Signal::USR1,
];

/// Starts the command in `folder` with `input` on stdin, which stays open.
fn start(command: &mut Command, folder: &Path) -> Child {
    let mut child = command
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program was built");
    let stdin = child.stdin.as_mut().expect("stdin is piped");
    // Fails if the program has ended, which the test reports.
    let _ = stdin.write_all(BODY.as_bytes());
    child
}

fn send(signal: Signal, child: &Child) {
    let id = child.id().try_into().expect("process ids are small");
    let id = Pid::from_raw(id).expect("process ids are positive");
    kill_process(id, signal).expect("the process exists");
}

/// Waits until `is_true`. Panics with `context` when the watchdog time is over.
fn wait_until(context: &str, mut is_true: impl FnMut() -> bool) {
    let started = Instant::now();
    while !is_true() {
        assert!(started.elapsed() < WATCHDOG, "{context}");
        thread::sleep(Duration::from_millis(5));
    }
}

fn wait_for_end(child: &mut Child, context: &str) -> ExitStatus {
    let mut status = None;
    wait_until(context, || {
        status = child.try_wait().expect("a child can be waited for");
        status.is_some()
    });
    status.expect("it is set")
}

/// True for commands that write files.
fn has_files(command: &[&str]) -> bool {
    command.iter().any(|word| word.starts_with("--"))
}

/// True if the tests ignore the signal, as those do that run under `nohup`: the program ignores it
/// too then. Always false without `/proc`.
fn is_signal_ignored(signal: Signal) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.map_or(0, |mask| {
        u64::from_str_radix(mask.trim(), 16).expect("a hexadecimal mask")
    });
    mask >> (signal.as_raw() - 1) & 1 == 1
}

#[test]
fn a_signal_ends_every_command_and_leaves_nothing() {
    let cases: Vec<_> = COMMANDS
        .iter()
        .flat_map(|command| SIGNALS.iter().map(move |signal| (*command, *signal)))
        .filter(|(_, signal)| !is_signal_ignored(*signal))
        .collect();
    in_parallel(cases, |(command, signal)| {
        let context = format!("{command:?} after {signal:?}");
        let folder = temporary_folder();
        let mut child = start(&mut program(command), folder.path());
        wait_until(&context, || {
            !has_files(command) || !names_in(folder.path()).is_empty()
        });
        send(signal, &child);
        let status = wait_for_end(&mut child, &context);
        assert_eq!(status.signal(), Some(signal.as_raw()), "{context}");
        assert_eq!(names_in(folder.path()), [""; 0], "{context}");
    });
}

#[test]
fn a_signal_at_any_time_leaves_complete_files_or_none() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/samples/day.jsonl");
    in_parallel(0..60, |delay| {
        let folder = temporary_folder();
        let mut command = program(&["man", "--split", "pages"]);
        if delay % 2 == 0 {
            command = program(&["export", sample, "--output", "calls.csv"]);
        }
        let mut child = start(&mut command, folder.path());
        thread::sleep(Duration::from_micros(delay * 300));
        // A child that has ended takes signals until its status is read.
        send(Signal::TERM, &child);
        wait_for_end(&mut child, "a short run");
        let mut left = names_in(folder.path());
        if left == ["pages"] {
            left = names_in(&folder.path().join("pages"));
        }
        let is_temporary = |name: &String| name.starts_with('.');
        assert!(!left.iter().any(is_temporary), "{left:?}");
    });
}

#[test]
fn a_second_signal_changes_nothing() {
    in_parallel([Signal::INT, Signal::HUP], |second| {
        let folder = temporary_folder();
        let mut command = program(&["export", "--output", "calls.csv"]);
        let mut child = start(&mut command, folder.path());
        wait_until("no file", || !names_in(folder.path()).is_empty());
        send(Signal::TERM, &child);
        send(second, &child);
        let status = wait_for_end(&mut child, "two signals");
        assert!(status.signal().is_some(), "{status}");
        assert_eq!(names_in(folder.path()), [""; 0]);
    });
}

#[cfg(target_os = "linux")]
#[test]
fn a_signal_that_was_ignored_at_the_start_stays_ignored() {
    for command in [&["list"][..], &["export", "--output", "calls.csv"]] {
        in_parallel([Signal::HUP, Signal::INT, Signal::TERM], |signal| {
            let context = format!("{command:?} after {signal:?}");
            let folder = temporary_folder();
            let script = format!("trap '' {}; exec \"$0\" \"$@\"", signal.as_raw());
            let program = program(command);
            let mut shell = Command::new("sh");
            shell.args(["-c", &script]).arg(program.get_program());
            let mut child = start(shell.args(program.get_args()), folder.path());
            wait_until(&context, || {
                // Before, it is the shell.
                let name = fs::read_to_string(format!("/proc/{}/comm", child.id()));
                name.is_ok_and(|name| name.trim() == "postcall")
                    && (!has_files(command) || !names_in(folder.path()).is_empty())
            });
            send(signal, &child);
            thread::sleep(Duration::from_millis(50));
            let stdin = child.stdin.as_mut().expect("stdin is piped");
            (stdin.write_all(BODY.as_bytes())).expect("the program still reads");
            drop(child.stdin.take());
            let status = wait_for_end(&mut child, &context);
            assert_eq!(status.code(), Some(0), "{context}");
            let files = names_in(folder.path());
            assert_eq!(files.is_empty(), !has_files(command), "{context}");
        });
    }
}

/// The kernel ignores signals of the first process of a container unless it handles them.
#[cfg(target_os = "linux")]
#[test]
fn a_signal_ends_the_first_process_of_a_container() {
    let unshare = |arguments: &[&str]| {
        let mut command = Command::new("unshare");
        command.args(["--map-root-user", "--pid", "--fork", "--kill-child"]);
        command.args(arguments);
        command
    };
    if !unshare(&["true"])
        .output()
        .is_ok_and(|output| output.status.success())
    {
        // This system has no `unshare`, or does not permit it.
        return;
    }
    let folder = temporary_folder();
    for command in [&["list"][..], &["export", "--output", "calls.csv"]] {
        let program = program(command);
        let mut inside = vec![program.get_program().to_str().expect("a UTF-8 path")];
        inside.extend(command);
        let mut child = start(&mut unshare(&inside), folder.path());
        let id = child.id();
        let mut first = String::new();
        wait_until("it does not start", || {
            let children = format!("/proc/{id}/task/{id}/children");
            first = fs::read_to_string(children).unwrap_or_default();
            let name = fs::read_to_string(format!("/proc/{}/comm", first.trim()));
            name.is_ok_and(|name| name.trim() == "postcall")
                && (!has_files(command) || !names_in(folder.path()).is_empty())
        });
        // The signal is ignored until the program handles it.
        wait_until("the signal is ignored", || {
            let killed = Command::new("kill").args(["-TERM", first.trim()]).output();
            let _ = killed.expect("there is a command");
            thread::sleep(Duration::from_millis(20));
            child.try_wait().is_ok_and(|status| status.is_some())
        });
        let status = wait_for_end(&mut child, "it ended");
        assert_eq!(status.code(), Some(143), "{command:?}");
        assert_eq!(names_in(folder.path()), [""; 0]);
    }
}
