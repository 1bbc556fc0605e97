//! The progress line, and other output for a person, tested on a pseudo-terminal.
#![cfg(unix)]

use std::fs::{File, OpenOptions};
use std::io::Write as _;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::{Child, ChildStdin, Stdio};
use std::sync::mpsc::Receiver;
use std::thread;
use std::time::Duration;

use crate::common::{WATCHDOG, in_parallel, program, read_in_background, temporary_folder};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

const BODY: &str = include_str!("../samples/day.jsonl");

/// Opens a pseudo-terminal: the side that shows output, and the side that a program writes to.
fn open_terminal() -> (File, File) {
    let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
    grantpt(&master).expect("the test owns the terminal");
    unlockpt(&master).expect("the test owns the terminal");
    let name = ptsname(&master, Vec::new()).expect("the terminal has a name");
    let terminal = OpenOptions::new()
        .read(true)
        .write(true)
        .open(name.to_str().expect("an ASCII name"))
        .expect("the terminal can be opened");
    (File::from(master), terminal)
}

/// A running export whose stderr is a pseudo-terminal.
struct TerminalRun {
    child: Child,
    stdin: ChildStdin,
    shown: Receiver<String>,
}

impl TerminalRun {
    /// Starts an export to `file` with these environment variables added.
    fn start(file: &Path, environment: &[(&str, &str)], stdout: Stdio) -> Self {
        let (master, terminal) = open_terminal();
        let mut child = program(&["export", "--output"])
            .arg(file)
            .env_remove("COLUMNS")
            .env_remove("CI")
            .env_remove("NO_COLOR")
            .env("TERM", "xterm")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(stdout)
            .stderr(terminal)
            .spawn()
            .expect("the program was built");
        let stdin = child.stdin.take().expect("stdin is piped");
        let shown = read_in_background(master);
        Self {
            child,
            stdin,
            shown,
        }
    }

    /// Closes stdin, waits for the program to exit and returns the exit code and the terminal
    /// output not yet received.
    fn finish(mut self) -> (Option<i32>, String) {
        drop(self.stdin);
        let rest = self.shown.iter().collect();
        let status = self.child.wait().expect("the program exits");
        (status.code(), rest)
    }
}

/// The text that a terminal shows in the end, if the output is a single line: everything after the
/// last erasure.
fn last_seen(shown: &str) -> &str {
    shown
        .rsplit_once("\r\u{1b}[2K")
        .map_or(shown, |(_, last)| last)
}

/// The messages about the file that an export of [`BODY`] has written.
fn result(file: &Path, is_replaced: bool) -> String {
    let file = file.display();
    let replaced = if is_replaced { " (replaced)" } else { "" };
    format!(
        "postcall: 23 calls → {file}{replaced}\r\n\
         postcall: times have the offsets of the bodies (--tz converts them)\r\n"
    )
}

#[test]
fn the_progress_line_appears_during_a_run_and_is_erased_at_its_end() {
    let folder = temporary_folder();
    for (is_replaced, environment) in [(false, &[][..]), (true, &[("NO_COLOR", "1")])] {
        let file = folder.path().join("calls.csv");
        let mut run = TerminalRun::start(&file, environment, Stdio::null());
        run.stdin
            .write_all(BODY.as_bytes())
            .expect("the program reads stdin");
        let mut shown = String::new();
        while !shown.contains(" calls/s · 23 calls") {
            shown += &run
                .shown
                .recv_timeout(WATCHDOG)
                .expect("the progress line appears");
        }
        assert!(shown.contains(" kB read · "), "{shown:?}");
        assert!(!shown.contains('\n'), "{shown:?}");
        let (code, rest) = run.finish();
        shown += &rest;
        let expected = result(&file, is_replaced);
        assert_eq!(
            (code, last_seen(&shown)),
            (Some(0), &*expected),
            "{shown:?}"
        );
        assert!(file.exists());
    }
}

#[test]
fn the_progress_line_moves_while_a_workbook_is_written() {
    let folder = temporary_folder();
    let mut run = TerminalRun::start(&folder.path().join("calls.xlsx"), &[], Stdio::null());
    // There are more calls than rows after which the line is drawn again.
    run.stdin
        .write_all(BODY.repeat(100).as_bytes())
        .expect("the program reads stdin");
    let mut shown = run
        .shown
        .recv_timeout(WATCHDOG)
        .expect("the progress line appears");
    let (code, rest) = run.finish();
    shown += &rest;
    assert!(shown.contains("writing · "), "{shown:?}");
    assert!(shown.contains(" rows"), "{shown:?}");
    assert_eq!(code, Some(0), "{shown:?}");
}

#[test]
fn the_progress_line_is_erased_before_a_message() {
    let folder = temporary_folder();
    let mut run = TerminalRun::start(&folder.path().join("calls.csv"), &[], Stdio::null());
    run.stdin
        .write_all(BODY.as_bytes())
        .expect("the program reads stdin");
    let mut shown = run
        .shown
        .recv_timeout(WATCHDOG)
        .expect("the progress line appears");
    writeln!(run.stdin, "{{\"id\": 1, broken").expect("the program reads stdin");
    let (code, rest) = run.finish();
    shown += &rest;
    let message = shown
        .find("postcall: error: <stdin>:24:")
        .expect("the broken line is reported");
    assert!(shown[..message].ends_with("\r\u{1b}[2K"), "{shown:?}");
    assert_eq!(code, Some(1), "{shown:?}");
}

#[test]
fn a_signal_erases_the_progress_line() {
    let folder = temporary_folder();
    let mut run = TerminalRun::start(&folder.path().join("calls.csv"), &[], Stdio::null());
    run.stdin
        .write_all(BODY.as_bytes())
        .expect("the program reads stdin");
    let mut shown = run
        .shown
        .recv_timeout(WATCHDOG)
        .expect("the progress line appears");
    let process = rustix::process::Pid::from_child(&run.child);
    // Not INT: shells start background jobs, such as tests in a script, with INT ignored.
    let signal = rustix::process::Signal::TERM;
    rustix::process::kill_process(process, signal).expect("the program is running");
    shown.extend(run.shown.iter());
    let status = run.child.wait().expect("the program exits");
    let expected = (Some(signal.as_raw()), "");
    assert_eq!((status.signal(), last_seen(&shown)), expected, "{shown:?}");
    let left = folder.path().read_dir().expect("the folder exists").count();
    assert_eq!(left, 0, "no file of the export remains");
}

#[test]
fn no_progress_line_appears_without_an_interactive_terminal() {
    let folder = temporary_folder();
    let cases = [
        ("ci.csv", &[("CI", "true")][..], Stdio::null()),
        ("dumb.csv", &[("TERM", "dumb")], Stdio::null()),
        ("piped.csv", &[], Stdio::piped()),
    ];
    in_parallel(cases, |(name, environment, stdout)| {
        let file = folder.path().join(name);
        let mut run = TerminalRun::start(&file, environment, stdout);
        run.stdin
            .write_all(BODY.as_bytes())
            .expect("the program reads stdin");
        // Long enough for the line to appear.
        thread::sleep(Duration::from_millis(900));
        assert_eq!(
            run.finish(),
            (Some(0), result(&file, false)),
            "{environment:?}"
        );
    });
}

#[test]
fn binary_formats_are_not_written_to_a_terminal() {
    for format in ["xlsx", "parquet"] {
        let (_master, terminal) = open_terminal();
        let output = program(&["export", "samples/busy.json", "--format", format])
            .current_dir(env!("CARGO_MANIFEST_DIR"))
            .stdin(Stdio::null())
            .stdout(terminal)
            .output()
            .expect("the program was built");
        let error = String::from_utf8_lossy(&output.stderr);
        let expected = format!(
            "postcall: error: {format} is a binary format, not for a terminal: name a file (-o calls.{format})\n"
        );
        assert_eq!((output.status.code(), &*error), (Some(2), &*expected));
    }
}
