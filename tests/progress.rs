//! The line that tells how far a run is, on a terminal of the test's own.
#![cfg(unix)]

use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

/// Only a run that hangs waits so long.
const WATCHDOG: Duration = Duration::from_secs(60);

const BODY: &str = include_str!("../samples/day.jsonl");

/// A run with a terminal on standard error.
struct Run {
    child: Child,
    stdin: ChildStdin,
    shown: Receiver<String>,
}

impl Run {
    /// Exports to `file`, with the environment changed.
    fn start(file: &Path, environment: &[(&str, &str)], stdout: Stdio) -> Self {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).expect("it is ours");
        unlockpt(&master).expect("it is ours");
        let name = ptsname(&master, Vec::new()).expect("it has a name");
        let terminal = OpenOptions::new()
            .read(true)
            .write(true)
            .open(name.to_str().expect("it is ASCII"))
            .expect("it can be opened");
        let mut child = Command::new(env!("CARGO_BIN_EXE_postcall"))
            .args(["export", "--format", "csv", "--output"])
            .arg(file)
            .env_remove("CI")
            .env_remove("NO_COLOR")
            .env("TERM", "xterm")
            .envs(environment.iter().copied())
            .stdin(Stdio::piped())
            .stdout(stdout)
            .stderr(terminal)
            .spawn()
            .expect("the program was built");
        let stdin = child.stdin.take().expect("it is piped");
        let (give, shown) = mpsc::channel();
        thread::spawn(move || {
            let mut master = File::from(master);
            let mut piece = [0; 4096];
            // Where nobody has the terminal open any more, reading fails.
            while let Ok(read @ 1..) = master.read(&mut piece) {
                let text = String::from_utf8_lossy(&piece[..read]);
                if give.send(text.into_owned()).is_err() {
                    break;
                }
            }
        });
        Self {
            child,
            stdin,
            shown,
        }
    }

    /// Lets the input end, and gives the exit code and what was shown until the end.
    fn end(mut self) -> (Option<i32>, String) {
        drop(self.stdin);
        let rest = self.shown.iter().collect();
        let status = self.child.wait().expect("it ends");
        (status.code(), rest)
    }
}

/// What a terminal of one line shows in the end.
fn last_seen(shown: &str) -> &str {
    shown
        .rsplit_once("\r\u{1b}[2K")
        .map_or(shown, |(_, last)| last)
}

#[test]
fn the_line_comes_while_a_run_lasts_and_leaves_no_trace() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for environment in [&[][..], &[("NO_COLOR", "1")]] {
        let file = folder.path().join("calls.csv");
        let mut run = Run::start(&file, environment, Stdio::null());
        run.stdin.write_all(BODY.as_bytes()).expect("it reads");
        let mut shown = String::new();
        while !shown.contains(" calls/s · 23 calls") {
            shown += &run.shown.recv_timeout(WATCHDOG).expect("the line comes");
        }
        assert!(shown.contains(" kB read · "), "{shown:?}");
        assert!(!shown.contains('\n'), "{shown:?}");
        let (code, rest) = run.end();
        shown += &rest;
        assert_eq!((code, last_seen(&shown)), (Some(0), ""), "{shown:?}");
        assert!(file.exists());
    }
}

#[test]
fn the_line_makes_way_for_messages() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut run = Run::start(&folder.path().join("calls.csv"), &[], Stdio::null());
    run.stdin.write_all(BODY.as_bytes()).expect("it reads");
    let mut shown = run.shown.recv_timeout(WATCHDOG).expect("the line comes");
    writeln!(run.stdin, "{{\"id\": 1, broken").expect("it reads");
    let (code, rest) = run.end();
    shown += &rest;
    let message = shown
        .find("postcall: <stdin>:24:")
        .expect("what is broken is told");
    assert!(shown[..message].ends_with("\r\u{1b}[2K"), "{shown:?}");
    assert_eq!(code, Some(1), "{shown:?}");
}

#[test]
fn a_signal_takes_the_line_away() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut run = Run::start(&folder.path().join("calls.csv"), &[], Stdio::null());
    run.stdin.write_all(BODY.as_bytes()).expect("it reads");
    let mut shown = run.shown.recv_timeout(WATCHDOG).expect("the line comes");
    let process = rustix::process::Pid::from_child(&run.child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).expect("it runs");
    shown.extend(run.shown.iter());
    let (code, _) = run.end();
    assert_eq!((code, last_seen(&shown)), (Some(130), ""), "{shown:?}");
    let left = folder.path().read_dir().expect("it is there").count();
    assert_eq!(left, 0, "nothing of the export is left");
}

#[test]
fn programs_are_shown_no_line() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    for (environment, stdout) in [
        (&[("CI", "true")][..], Stdio::null()),
        (&[("TERM", "dumb")], Stdio::null()),
        (&[], Stdio::piped()),
    ] {
        let mut run = Run::start(&folder.path().join("calls.csv"), environment, stdout);
        run.stdin.write_all(BODY.as_bytes()).expect("it reads");
        // So long that it could have come.
        thread::sleep(Duration::from_millis(900));
        assert_eq!(run.end(), (Some(0), String::new()), "{environment:?}");
    }
}
