//! Runs the program in this process, with its standard streams in files.

use std::fs::File;
use std::io::{self, BufRead as _, Read as _, Seek as _, Write as _};
use std::os::fd::OwnedFd;
use std::panic;
use std::sync::Mutex;

use rustix::fs::{MemfdFlags, memfd_create};
use rustix::io::dup;
use rustix::stdio::{
    dup2_stderr, dup2_stdin, dup2_stdout, stderr as stderr_fd, stdin as stdin_fd,
    stdout as stdout_fd,
};

use crate::targets::command_line::Outcome;

/// The standard streams of the fuzzer. They are put back before a panic is reported.
static STREAMS: Mutex<Option<[OwnedFd; 3]>> = Mutex::new(None);

/// Prepares the process. Call this once, before the first run.
pub fn prepare() {
    check_signals();
    let streams = [
        dup(stdin_fd()).expect("a standard input"),
        dup(stdout_fd()).expect("a standard output"),
        dup(stderr_fd()).expect("a standard error"),
    ];
    *STREAMS.lock().expect("no panic holds the lock") = Some(streams);
    let report = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        restore_streams();
        report(info);
    }));
}

/// The program dies by signals after it has created a file. libFuzzer uses SIGALRM for its time
/// limit, so the program has to find it ignored.
fn check_signals() {
    const SIGALRM: u32 = 14;
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    let is_ignored = mask.is_some_and(|mask| mask >> (SIGALRM - 1) & 1 == 1);
    if !is_ignored {
        eprintln!("start this target with fuzz/run.sh, or with -timeout=0");
        return;
    }
    // The program looks for ignored signals when it creates its first file.
    let folder = tempfile::tempdir().expect("a temporary folder");
    let folder = folder.path().to_str().expect("UTF-8").to_owned();
    let exit = postcall::run(["postcall", "man", "--split", &folder].map(Into::into));
    assert_eq!(exit, postcall::exit::Exit::Done);
}

/// Runs the program with these arguments and this standard input.
pub fn run(arguments: &[String], input: &[u8]) -> Outcome {
    let [mut stdin, stdout, stderr] = ["stdin", "stdout", "stderr"].map(|name| {
        let file = memfd_create(name, MemfdFlags::CLOEXEC).expect("memory for a file");
        File::from(file)
    });
    stdin.write_all(input).expect("memory for a file");
    stdin.rewind().expect("a file in memory");
    dup2_stdin(&stdin).expect("a file in memory");
    dup2_stdout(&stdout).expect("a file in memory");
    dup2_stderr(&stderr).expect("a file in memory");
    let program = std::iter::once("postcall").chain(arguments.iter().map(String::as_str));
    let exit = postcall::run(program.map(Into::into));
    io::stdout().flush().expect("a file in memory");
    // The run may leave bytes in the buffer of standard input.
    let mut rest = io::stdin().lock();
    while let Ok(length @ 1..) = rest.fill_buf().map(<[u8]>::len) {
        rest.consume(length);
    }
    drop(rest);
    restore_streams();
    let [stdout, stderr] = [stdout, stderr].map(|mut file| {
        let mut bytes = Vec::new();
        file.rewind().expect("a file in memory");
        file.read_to_end(&mut bytes).expect("a file in memory");
        bytes
    });
    Outcome {
        code: Some(exit as i32),
        stdout,
        stderr,
    }
}

fn restore_streams() {
    let streams = STREAMS.lock().expect("no panic holds the lock");
    if let Some([stdin, stdout, stderr]) = &*streams {
        dup2_stdin(stdin).expect("it is open");
        dup2_stdout(stdout).expect("it is open");
        dup2_stderr(stderr).expect("it is open");
    }
}
