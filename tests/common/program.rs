//! Runs the built program.

use std::ffi::OsStr;
use std::io::{Read, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::Duration;

use serde_json::Value;

/// The time after which a test assumes that the program hangs.
pub(crate) const WATCHDOG: Duration = Duration::from_secs(60);

/// The key of `redact`, so that its output is always the same.
const REDACT_KEY: &str = "a key of 32 bytes for all tests.";

/// The program, 80 columns wide.
pub(crate) fn program<A: AsRef<OsStr>>(arguments: &[A]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_postcall"));
    command
        .args(arguments)
        .env("COLUMNS", "80")
        .env("POSTCALL_REDACT_KEY", REDACT_KEY)
        .env_remove("CLICOLOR_FORCE")
        .env_remove("POSTCALL_TZ")
        .env_remove("SOURCE_DATE_EPOCH");
    command
}

/// Copies the program to `folder`, where another user can run it.
///
/// `cp` writes the copy. If this process wrote it, then a process that another test starts at that
/// moment would hold it open too, and Linux does not execute a file that is open for writing.
pub(crate) fn copy_program(folder: &Path) -> PathBuf {
    let copy = folder.join("postcall");
    let status = Command::new("cp")
        .arg(env!("CARGO_BIN_EXE_postcall"))
        .arg(&copy)
        .status()
        .expect("cp is installed");
    assert!(status.success(), "{status}");
    copy
}

/// Runs `postcall` with `input` on stdin.
pub(crate) fn postcall<A: AsRef<OsStr>>(arguments: &[A], input: &[u8]) -> Output {
    run(program(arguments), vec![input.to_vec()])
}

/// Runs `postcall` and writes the chunks of `input` to its stdin, 1 ms apart.
pub(crate) fn postcall_in_chunks(arguments: &[&str], input: Vec<Vec<u8>>) -> Output {
    run(program(arguments), input)
}

/// Runs a command and writes the chunks of `input` to its stdin, 1 ms apart.
pub(crate) fn run(mut command: Command, input: Vec<Vec<u8>>) -> Output {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program was built");
    let mut stdin = child.stdin.take().expect("stdin is piped");
    let writer = thread::spawn(move || {
        for (index, chunk) in input.into_iter().enumerate() {
            if index > 0 {
                thread::sleep(Duration::from_millis(1));
            }
            // This fails if the program exits before it has read everything, which is allowed.
            let _ = stdin.write_all(&chunk);
        }
    });
    let output = child.wait_with_output().expect("the program runs");
    writer.join().expect("the writer does not panic");
    output
}

/// Runs `postcall` with `input` on stdin and returns its stdout.
pub(crate) fn stdout(arguments: &[&str], input: &[u8]) -> String {
    String::from_utf8(postcall(arguments, input).stdout).expect("postcall prints UTF-8")
}

/// Exports `input` to `file`. Panics if the export fails.
pub(crate) fn export(input: &str, file: &Path, options: &[&str]) -> Output {
    let file = file.to_str().expect("a UTF-8 path");
    let output = postcall(
        &[&["export", "-o", file], options].concat(),
        input.as_bytes(),
    );
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{messages}");
    output
}

/// Parses JSON Lines.
pub(crate) fn json_lines(lines: &[u8]) -> Vec<Value> {
    let lines = std::str::from_utf8(lines).expect("postcall prints UTF-8");
    let values = lines
        .lines()
        .map(|line| serde_json::from_str(line).expect("a line is JSON"));
    values.collect()
}

/// Reads `output` in a thread and sends each piece of text as soon as it arrives, until the end or
/// an error. A terminal returns an error when no process has it open any more.
pub(crate) fn read_in_background(mut output: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut chunk = [0; 4096];
        while let Ok(read @ 1..) = output.read(&mut chunk) {
            let text = String::from_utf8_lossy(&chunk[..read]);
            if sender.send(text.into_owned()).is_err() {
                break;
            }
        }
    });
    receiver
}
