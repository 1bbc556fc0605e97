//! Input that comes slowly: each call is shown before the next one arrives. And output that nobody reads any more: the run ends, also when its input
//! does not.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// Only a run that hangs waits so long.
const WATCHDOG: Duration = Duration::from_secs(60);

/// A body with an error in it, so that `validate` has something to say of each.
fn body(id: u64) -> String {
    format!(
        r#"{{"id":{id},"customer_phone":"+4930123456","assistant_phone":null,"duration":"short {id}","status":"completed","extracted_variables":{{"number":{id}}},"input_variables":{{}},"transcript":"Assistant: number {id}","created_at":"2024-01-15T10:30:00Z","finished_at":"2024-01-15T10:31:00Z","campaign":{{"id":7,"name":"A campaign with a name of {id} words"}}}}"#
    )
}

/// What takes a call in and shows it.
const COMMANDS: &[&[&str]] = &[
    &["show"],
    &["list"],
    &["list", "--format", "markdown"],
    &["list", "--format", "json"],
    &["list", "--format", "jsonl"],
    &["list", "--format", "csv"],
    &["list", "--format", "tsv"],
    &["transcript"],
    &["transcript", "--format", "jsonl"],
    &["variables", "--format", "jsonl"],
    &["validate"],
    &["validate", "--quiet"],
    &["validate", "--format", "concise"],
    &["validate", "--format", "jsonl"],
    &["validate", "--format", "github"],
    &["export", "--format", "jsonl"],
    &["extract"],
    &["extract", "--list"],
];

fn start(arguments: &[&str], columns: Option<&str>) -> (Child, ChildStdin, ChildStdout) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postcall"));
    command
        .args(arguments)
        .env_remove("COLUMNS")
        .envs(columns.map(|columns| ("COLUMNS", columns)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("the program was built");
    let stdin = child.stdin.take().expect("it is piped");
    let stdout = child.stdout.take().expect("it is piped");
    (child, stdin, stdout)
}

/// What is printed, as it comes.
struct Printed {
    pieces: Receiver<String>,
    so_far: String,
}

impl Printed {
    fn on(mut stdout: ChildStdout) -> Self {
        let (give, pieces) = mpsc::channel();
        thread::spawn(move || {
            let mut piece = [0; 4096];
            while let Ok(read @ 1..) = stdout.read(&mut piece) {
                let text = String::from_utf8_lossy(&piece[..read]);
                if give.send(text.into_owned()).is_err() {
                    break;
                }
            }
        });
        Self {
            pieces,
            so_far: String::new(),
        }
    }

    /// Waits until call `id` was told of.
    fn wait_for(&mut self, id: u64, what: &str) {
        while !self.so_far.contains(&id.to_string()) {
            match self.pieces.recv_timeout(WATCHDOG) {
                Ok(piece) => self.so_far.push_str(&piece),
                Err(RecvTimeoutError::Timeout) => panic!("{what}: call {id} was not shown"),
                Err(RecvTimeoutError::Disconnected) => panic!("{what}: ended before call {id}"),
            }
        }
    }
}

/// Waits for the end and gives the exit code.
fn end(mut child: Child, what: &str) -> Option<i32> {
    let started = Instant::now();
    while started.elapsed() < WATCHDOG {
        if let Some(status) = child.try_wait().expect("it can be waited for") {
            return status.code();
        }
        thread::sleep(Duration::from_millis(5));
    }
    // Nothing more can be done when this fails.
    let _ = child.kill();
    panic!("{what}: it did not end");
}

/// Feeds calls one by one, in pieces as they are given, and sees each before the next is written.
fn check(arguments: &[&str], columns: Option<&str>, pieces: impl Fn(u64) -> Vec<String>) {
    let what = format!("{arguments:?} with columns {columns:?}");
    let (child, mut stdin, stdout) = start(arguments, columns);
    let mut printed = Printed::on(stdout);
    for id in 480_411..480_414 {
        for piece in pieces(id) {
            stdin.write_all(piece.as_bytes()).expect("it reads");
            thread::sleep(Duration::from_millis(1));
        }
        printed.wait_for(id, &what);
    }
    // A last line may lack its line break.
    write!(stdin, "{}", body(480_414)).expect("it reads");
    drop(stdin);
    printed.wait_for(480_414, &what);
    end(child, &what);
}

#[test]
fn each_call_is_shown_as_its_line_arrives() {
    for command in COMMANDS {
        for threads in ["1", "2", "4"] {
            let arguments = [command, &["--threads", threads][..]].concat();
            check(&arguments, None, |id| vec![format!("{}\n", body(id))]);
        }
    }
}

#[test]
fn rows_for_a_terminal_come_one_by_one_too() {
    for command in [&["list"][..], &["transcript"], &["show"]] {
        check(command, Some("80"), |id| vec![format!("{}\n", body(id))]);
    }
}

#[test]
fn a_line_that_comes_in_pieces_is_one() {
    for threads in ["1", "2"] {
        check(&["list", "--threads", threads], None, |id| {
            let (body, line_break) = (body(id), "\n".to_owned());
            let (start, rest) = body.split_at(40);
            vec![start.to_owned(), rest.to_owned(), line_break]
        });
    }
}

#[test]
fn output_that_nobody_reads_ends_the_run_while_stdin_stays_open() {
    for command in [
        &["list"][..],
        &["list", "--format", "csv"],
        &["show"],
        &["export", "--format", "jsonl"],
        &["extract"],
    ] {
        for threads in ["1", "2", "4"] {
            let arguments = [command, &["--threads", threads][..]].concat();
            let what = format!("{arguments:?}");
            let (child, mut stdin, mut stdout) = start(&arguments, None);
            let feeder = thread::spawn(move || {
                for id in 480_411..490_411 {
                    // Until the program ends.
                    if writeln!(stdin, "{}", body(id)).is_err() {
                        break;
                    }
                }
                stdin
            });
            stdout.read_exact(&mut [0]).expect("it prints something");
            drop(stdout);
            assert_eq!(end(child, &what), Some(0), "{what}");
            // Open until here.
            drop(feeder.join().expect("it does not panic"));
        }
    }
}

#[test]
fn output_that_nobody_reads_ends_the_run_while_stdin_is_silent() {
    for (command, code) in [
        (&["list"][..], 0),
        (&["show"], 0),
        (&["validate"], 1),
        (&["validate", "--format", "jsonl"], 1),
        (&["export", "--format", "jsonl"], 0),
    ] {
        for threads in ["1", "2"] {
            let arguments = [command, &["--threads", threads][..]].concat();
            let what = format!("{arguments:?}");
            let (child, mut stdin, mut stdout) = start(&arguments, None);
            writeln!(stdin, "{}", body(480_411)).expect("it reads");
            stdout.read_exact(&mut [0]).expect("it prints something");
            drop(stdout);
            assert_eq!(end(child, &what), Some(code), "{what}");
            // Open until here.
            drop(stdin);
        }
    }
}

#[test]
fn files_are_complete_whoever_reads_standard_output() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let file = folder.path().join("out.jsonl");
    let path = file.to_str().expect("it is UTF-8");
    let report = format!("jsonl={path}");
    for command in [
        &["export", "--output", path][..],
        &["validate", "--format", "concise", "--report", &report],
    ] {
        let what = format!("{command:?}");
        let (child, mut stdin, stdout) = start(command, None);
        writeln!(stdin, "{}", body(480_411)).expect("it reads");
        drop(stdout);
        // So long that it could have noticed.
        thread::sleep(Duration::from_millis(500));
        writeln!(stdin, "{}", body(480_412)).expect("it reads on");
        drop(stdin);
        end(child, &what);
        let written = std::fs::read_to_string(&file).expect("it is there");
        assert!(written.contains("480412"), "{what}: {written}");
    }
}
