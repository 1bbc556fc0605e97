//! Slow input and closed output: each call is shown before the next one arrives, and a run ends
//! when its stdout is closed, even if its input does not end.

use std::io::{Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{WATCHDOG, in_parallel, program, read_in_background, temporary_folder};

/// A body with a type error, so that `validate` reports a finding for each call.
fn body(id: u64) -> String {
    format!(
        r#"{{"id":{id},"customer_phone":"+4930123456","assistant_phone":null,"duration":"short {id}","status":"completed","extracted_variables":{{"number":{id}}},"input_variables":{{}},"transcript":"Assistant: number {id}","created_at":"2024-01-15T10:30:00Z","finished_at":"2024-01-15T10:31:00Z","campaign":{{"id":7,"name":"A campaign with a name of {id} words"}}}}"#
    )
}

/// Commands that show each call as soon as they have read it.
const COMMANDS: &[&[&str]] = &[
    &["show"],
    &["show", "--format", "jsonl"],
    &["list"],
    &["list", "--format", "vertical"],
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
    &["export", "--format", "json"],
    &["extract"],
    &["extract", "--list"],
];

fn start(arguments: &[&str], columns: Option<&str>) -> (Child, ChildStdin, ChildStdout) {
    let mut command = program(arguments);
    command
        .env_remove("COLUMNS")
        .envs(columns.map(|columns| ("COLUMNS", columns)))
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = command.spawn().expect("the program was built");
    let stdin = child.stdin.take().expect("the stream is piped");
    let stdout = child.stdout.take().expect("the stream is piped");
    (child, stdin, stdout)
}

/// Collects the output of the program as it arrives.
struct OutputReader {
    chunks: Receiver<String>,
    text: String,
}

impl OutputReader {
    fn new(stdout: ChildStdout) -> Self {
        Self {
            chunks: read_in_background(stdout),
            text: String::new(),
        }
    }

    /// Waits until the output mentions call `id`.
    fn wait_for(&mut self, id: u64, context: &str) {
        while !self.text.contains(&id.to_string()) {
            match self.chunks.recv_timeout(WATCHDOG) {
                Ok(chunk) => self.text.push_str(&chunk),
                Err(RecvTimeoutError::Timeout) => panic!("{context}: call {id} was not shown"),
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("{context}: output ended before call {id}")
                }
            }
        }
    }
}

/// Waits for the program to exit and returns its exit code. Kills it when the watchdog time is
/// over.
fn wait_for_exit(mut child: Child, context: &str) -> Option<i32> {
    let started = Instant::now();
    while started.elapsed() < WATCHDOG {
        if let Some(status) = child.try_wait().expect("a child process can be waited for") {
            return status.code();
        }
        thread::sleep(Duration::from_millis(5));
    }
    // The test fails below, so an error here does not matter.
    let _ = child.kill();
    panic!("{context}: it did not exit");
}

/// Writes calls one by one, each in the chunks that `chunks` returns, and waits until a call is
/// shown before it writes the next.
fn check_each_call_is_shown(
    arguments: &[&str],
    columns: Option<&str>,
    chunks: impl Fn(u64) -> Vec<String>,
) {
    let context = format!("{arguments:?} with columns {columns:?}");
    let (child, mut stdin, stdout) = start(arguments, columns);
    let mut printed = OutputReader::new(stdout);
    for id in 480_411..480_414 {
        for chunk in chunks(id) {
            stdin
                .write_all(chunk.as_bytes())
                .expect("the program reads stdin");
            thread::sleep(Duration::from_millis(1));
        }
        printed.wait_for(id, &context);
    }
    // The last line may lack a line break.
    write!(stdin, "{}", body(480_414)).expect("the program reads stdin");
    drop(stdin);
    printed.wait_for(480_414, &context);
    wait_for_exit(child, &context);
}

/// Each command with each number of threads.
fn with_threads<'a>(commands: &[&[&'a str]], threads: &[&'a str]) -> Vec<Vec<&'a str>> {
    let mut lines = Vec::new();
    for command in commands {
        for threads in threads {
            lines.push([command, &["--threads", threads][..]].concat());
        }
    }
    lines
}

#[test]
fn each_call_is_shown_when_its_line_arrives() {
    in_parallel(with_threads(COMMANDS, &["1", "2", "4"]), |arguments| {
        check_each_call_is_shown(&arguments, None, |id| vec![format!("{}\n", body(id))]);
    });
}

#[test]
fn rows_for_a_terminal_are_shown_one_by_one() {
    in_parallel([["list"], ["transcript"], ["show"]], |command| {
        check_each_call_is_shown(&command, Some("80"), |id| vec![format!("{}\n", body(id))]);
    });
}

#[test]
fn a_line_that_arrives_in_chunks_is_one_call() {
    in_parallel(["1", "2"], |threads| {
        check_each_call_is_shown(&["list", "--threads", threads], None, |id| {
            let (body, line_break) = (body(id), "\n".to_owned());
            let (start, rest) = body.split_at(40);
            vec![start.to_owned(), rest.to_owned(), line_break]
        });
    });
}

#[test]
fn closed_output_ends_the_run_while_input_keeps_arriving() {
    let commands = [
        &["list"][..],
        &["list", "--format", "csv"],
        &["show"],
        &["export", "--format", "jsonl"],
        &["extract"],
    ];
    in_parallel(with_threads(&commands, &["1", "2", "4"]), |arguments| {
        let context = format!("{arguments:?}");
        let (child, mut stdin, mut stdout) = start(&arguments, None);
        let writer = thread::spawn(move || {
            for id in 480_411..490_411 {
                // The write fails when the program has exited.
                if writeln!(stdin, "{}", body(id)).is_err() {
                    break;
                }
            }
            stdin
        });
        stdout
            .read_exact(&mut [0])
            .expect("the program prints something");
        drop(stdout);
        assert_eq!(wait_for_exit(child, &context), Some(0), "{context}");
        // Stdin stays open until the program has exited.
        drop(writer.join().expect("the writer does not panic"));
    });
}

#[test]
fn closed_output_ends_the_run_while_stdin_is_silent() {
    let commands = [
        &["list"][..],
        &["show"],
        &["validate"],
        &["validate", "--format", "jsonl"],
        &["export", "--format", "jsonl"],
    ];
    in_parallel(with_threads(&commands, &["1", "2"]), |arguments| {
        let context = format!("{arguments:?}");
        let (child, mut stdin, mut stdout) = start(&arguments, None);
        writeln!(stdin, "{}", body(480_411)).expect("the program reads stdin");
        stdout
            .read_exact(&mut [0])
            .expect("the program prints something");
        drop(stdout);
        let code = i32::from(arguments[0] == "validate");
        assert_eq!(wait_for_exit(child, &context), Some(code), "{context}");
        // Stdin stays open until the program has exited.
        drop(stdin);
    });
}

#[test]
fn output_files_are_complete_even_if_stdout_is_closed() {
    let folder = temporary_folder();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let (rows, findings) = (path("rows.jsonl"), path("findings.jsonl"));
    let report = format!("jsonl={findings}");
    let cases = [
        (&["export", "--output", &rows][..], &rows),
        (
            &["validate", "--format", "concise", "--report", &report],
            &findings,
        ),
    ];
    in_parallel(cases, |(command, file)| {
        let context = format!("{command:?}");
        let (child, mut stdin, stdout) = start(command, None);
        writeln!(stdin, "{}", body(480_411)).expect("the program reads stdin");
        drop(stdout);
        // Long enough for the program to notice that stdout is closed.
        thread::sleep(Duration::from_millis(500));
        writeln!(stdin, "{}", body(480_412)).expect("the program keeps reading stdin");
        drop(stdin);
        wait_for_exit(child, &context);
        let written = std::fs::read_to_string(file).expect("the file was written");
        assert!(written.contains("480412"), "{context}: {written}");
    });
}
