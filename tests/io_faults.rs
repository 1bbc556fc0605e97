//! Input and output that fail: each message names the right file once. Streams in non-blocking mode
//! lose nothing.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;
use std::time::Duration;

use crate::common::{
    call, copy_program, in_parallel, names_in, postcall, program, repository, run, temporary_folder,
};
use rustix::fs::OFlags;
use rustix::fs::{fcntl_getfl, fcntl_setfl};
use serde_json::json;

const NO_SPACE: &str = "No space left on device";
const TMPDIR_HINT: &str = "set TMPDIR to another folder";

fn sample() -> String {
    let sample = repository().join("samples/day.jsonl");
    fs::read_to_string(sample).expect("a sample")
}

/// More calls than fit into memory buffers: about 9 MB.
fn many_calls() -> String {
    sample().repeat(320)
}

/// Writes calls to a file of the folder, and returns its path.
fn write_calls(folder: &Path, calls: &str) -> String {
    let path = folder.join("calls.jsonl");
    fs::write(&path, calls).expect("a temporary folder");
    path.display().to_string()
}

/// Runs the command and returns its exit code and its messages.
fn messages(command: Command) -> (Option<i32>, String) {
    let output = run(command, Vec::new());
    let messages = String::from_utf8(output.stderr).expect("messages are UTF-8");
    (output.status.code(), messages)
}

fn set_nonblocking(stream: &OwnedFd) {
    let flags = fcntl_getfl(stream).expect("a stream has flags");
    fcntl_setfl(stream, flags | OFlags::NONBLOCK).expect("a pipe can be non-blocking");
}

#[test]
fn a_full_output_is_named_once() {
    let folder = temporary_folder();
    let calls = write_calls(folder.path(), &sample());
    let full = "/dev/full";
    let commands = [
        vec!["export", &calls, "--format", "csv", "-o", full],
        vec!["export", &calls, "--format", "jsonl", "-o", full],
        vec!["export", &calls, "--format", "xlsx", "-o", full],
        vec!["export", &calls, "--format", "parquet", "-o", full],
        vec!["extract", &calls, "-o", full],
        vec!["validate", &calls, "--report", "json=/dev/full"],
        vec!["validate", &calls, "--report", "junit=/dev/full"],
    ];
    in_parallel(commands, |command| {
        let (code, messages) = messages(program(&command));
        assert_eq!(code, Some(3), "{command:?}");
        let expected = format!("postcall: error: /dev/full: {NO_SPACE}\n");
        assert_eq!(messages, expected, "{command:?}");
    });
}

#[test]
fn a_full_standard_output_is_named_once() {
    let folder = temporary_folder();
    let calls = write_calls(folder.path(), &sample());
    let commands = [
        vec!["show", &calls],
        vec!["list", &calls],
        vec!["list", &calls, "--format", "json"],
        vec!["variables", &calls],
        vec!["campaigns", &calls],
        vec!["transcript", &calls],
        vec!["validate", &calls],
        vec!["validate", &calls, "--format", "junit"],
        vec!["export", &calls, "--format", "csv"],
        vec!["export", &calls, "--format", "xlsx"],
        vec!["export", &calls, "--format", "parquet"],
        vec!["extract", &calls],
        vec!["extract", &calls, "--list"],
        vec!["rules"],
        vec!["rules", "missing-field"],
        vec!["schema"],
        vec!["man"],
        vec!["completions", "bash"],
        vec!["--help"],
        vec!["list", "-h"],
        vec!["--version"],
    ];
    in_parallel(commands, |command| {
        let full = File::options().write(true).open("/dev/full");
        let output = program(&command)
            .stdout(full.expect("a device"))
            .output()
            .expect("the program was built");
        let messages = String::from_utf8_lossy(&output.stderr);
        let expected = format!("postcall: error: standard output: {NO_SPACE}\n");
        assert_eq!(messages, expected, "{command:?}");
        assert_eq!(output.status.code(), Some(3), "{command:?}");
    });
}

#[test]
fn a_missing_folder_for_temporary_files_is_named() {
    let folder = temporary_folder();
    let calls = write_calls(folder.path(), &many_calls());
    let output = folder.path().join("calls.xlsx").display().to_string();
    let commands = [
        vec!["export", &calls, "-o", &output],
        vec!["export", &calls, "--format", "csv"],
        vec!["export", &calls, "--format", "parquet"],
        vec!["export", &calls, "--format", "jsonl", "--flat"],
        vec!["list", "/dev/fd/0", "--dedupe", "last"],
        vec!["list", "--dedupe", "last"],
    ];
    let missing = folder.path().join("missing").display().to_string();
    in_parallel(commands, |command| {
        let mut program = program(&command);
        program.env("TMPDIR", &missing);
        let (code, messages) = messages(program);
        assert_eq!(code, Some(3), "{command:?}");
        let reason = format!("No such file or directory; {TMPDIR_HINT}");
        let expected = format!("postcall: error: temporary file in {missing}: {reason}\n");
        assert_eq!(messages, expected, "{command:?}");
    });
    assert!(!Path::new(&output).exists());
    // A small workbook needs no temporary file.
    let few = repository().join("samples/day.jsonl").display().to_string();
    let mut program = program(&["export", &few, "-o", &output]);
    program.env("TMPDIR", &missing);
    assert_eq!(messages(program).0, Some(0));
    assert!(Path::new(&output).exists());
}

#[test]
fn a_file_beyond_the_limit_of_the_shell_is_named() {
    let folder = temporary_folder();
    let calls = write_calls(folder.path(), &many_calls());
    let cases = [
        (&["export", "-o", "calls.csv"][..], "calls.csv"),
        (
            &["validate", "--quiet", "--report", "json=report.json"],
            "report.json",
        ),
        (&["extract"], "standard output"),
    ];
    for (command, name) in cases {
        let mut shell = Command::new("sh");
        shell.args(["-c", "ulimit -f 8; exec \"$0\" \"$@\" > stdout"]);
        shell.arg(program(command).get_program()).args(command);
        shell.arg(&calls).current_dir(folder.path());
        let (code, messages) = messages(shell);
        assert_eq!(code, Some(3), "{command:?}: {messages}");
        let expected = format!("postcall: error: {name}: File too large\n");
        assert_eq!(messages, expected);
        assert!(!folder.path().join(name).exists());
    }
    let left = fs::read_dir(folder.path()).expect("a folder").count();
    assert_eq!(left, 2, "the input and standard output");
}

#[test]
fn a_full_folder_for_temporary_files_is_named() {
    let folder = temporary_folder();
    let mut random = fastrand::Rng::with_seed(1);
    let calls = (1..200).map(|id| {
        let note: String = (0..10_000).map(|_| random.alphanumeric()).collect();
        call(id, &json!({"note": note})).to_string()
    });
    let calls = write_calls(folder.path(), &calls.collect::<Vec<_>>().join("\n"));
    let mut shell = Command::new("sh");
    // The rows fit into memory, but their sheet is in a file, even when it is compressed.
    shell.args(["-c", "ulimit -f 8; exec \"$0\" \"$@\""]);
    shell.arg(program(&["export"]).get_program());
    shell.args(["export", &calls, "-o", "/dev/null", "--format", "xlsx"]);
    shell.env("TMPDIR", folder.path());
    let (code, messages) = messages(shell);
    let expected = format!(
        "postcall: error: temporary file in {}: File too large; {TMPDIR_HINT}\n",
        folder.path().display()
    );
    assert_eq!((code, messages), (Some(3), expected));
}

#[test]
fn a_file_in_the_place_of_a_folder_is_named_once() {
    let folder = temporary_folder();
    let calls = write_calls(folder.path(), &sample());
    let below = format!("{calls}/below");
    for (path, reason) in [(&calls, "is not a folder"), (&below, "Not a directory")] {
        let (code, messages) = messages(program(&["man", "--split", path]));
        let expected = format!("postcall: error: {path}: {reason}\n");
        assert_eq!((code, messages), (Some(3), expected));
    }
    let few = repository().join("samples/day.jsonl").display().to_string();
    let (code, messages) = messages(program(&["extract", &few, "--split", &calls]));
    let expected = format!("postcall: error: {calls}: is not a folder\n");
    assert_eq!((code, messages), (Some(3), expected));
}

#[test]
fn unreadable_input_is_named_once() {
    let folder = temporary_folder();
    fs::write(folder.path().join("calls.jsonl"), sample()).expect("a temporary folder");
    std::os::unix::fs::symlink("loop.json", folder.path().join("loop.json")).expect("a link");
    let path = folder.path().join("loop.json").display().to_string();
    let expected = format!("postcall: error: {path}: Too many levels of symbolic links\n");
    let folder = folder.path().display().to_string();
    for input in [&path, &folder] {
        let (code, messages) = messages(program(&["list", input]));
        assert_eq!((code, &messages), (Some(3), &expected));
    }
    let (code, messages) = messages(program(&["list", "/proc/self/mem"]));
    let expected = "postcall: error: /proc/self/mem: Input/output error\n";
    assert_eq!((code, messages.as_str()), (Some(3), expected));
}

#[test]
fn a_locked_folder_is_named_once() {
    use std::os::unix::fs::PermissionsExt as _;

    let folder = temporary_folder();
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).expect("a temporary folder");
    let sample = folder.path().join("calls.jsonl");
    fs::write(&sample, self::sample()).expect("a temporary folder");
    for path in [folder.path(), &sample] {
        let mode = fs::Permissions::from_mode(0o755);
        fs::set_permissions(path, mode).expect("the test owns it");
    }
    let mode = fs::Permissions::from_mode(0o000);
    fs::set_permissions(&locked, mode).expect("the test owns it");
    let path = locked.display().to_string();
    let expected = format!("postcall: error: {path}: Permission denied\n");
    for input in [folder.path(), &locked] {
        // Root can read every folder, so it becomes another user, who needs a copy of the program.
        let mut command = program(&["list".as_ref(), input.as_os_str()]);
        if fs::read_dir(&locked).is_ok() {
            let mut other = Command::new("setpriv");
            other
                .args(["--reuid=65534", "--clear-groups"])
                .arg(copy_program(folder.path()));
            other.args(command.get_args()).current_dir(folder.path());
            command = other;
        }
        let (code, messages) = messages(command);
        assert_eq!((code, messages), (Some(3), expected.clone()));
    }
}

#[test]
fn a_zstd_window_that_is_too_large_is_not_called_damage() {
    // The header of a frame with a window of 2 GiB (RFC 8878 §3.1.1), and an empty last block.
    let frame = [0x28, 0xb5, 0x2f, 0xfd, 0x00, 21 << 3, 1, 0, 0];
    let output = postcall(&["list"], &frame);
    let messages = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(
        messages,
        "postcall: error: <stdin>: the zstd data needs more than 128 MiB of memory; decompress it \
         with zstd -dc --long=31\n"
    );
}

#[test]
fn nonblocking_output_is_complete() {
    let folder = temporary_folder();
    let calls = write_calls(folder.path(), &sample().repeat(80));
    let commands = [
        vec!["list", &calls, "--format", "csv"],
        vec!["export", &calls, "--format", "csv"],
        vec!["export", &calls, "--format", "jsonl"],
        vec!["export", &calls, "--format", "parquet"],
        vec!["validate", &calls, "--format", "junit"],
        vec!["show", &calls],
        vec!["extract", &calls],
        vec!["completions", "bash"],
    ];
    in_parallel(commands, |command| {
        let expected = run(program(&command), Vec::new()).stdout;
        let (mut reader, writer) = std::io::pipe().expect("a pipe");
        let writer = OwnedFd::from(writer);
        set_nonblocking(&writer);
        let mut program = program(&command);
        let mut child = program.stdout(writer).spawn().expect("the program");
        // The pipe is open only in the program now.
        drop(program);
        // Long enough to fill the pipe.
        thread::sleep(Duration::from_millis(300));
        let mut received = Vec::new();
        reader.read_to_end(&mut received).expect("a pipe");
        assert!(received == expected, "{command:?} lost output");
        let status = child.wait().expect("the program");
        assert_eq!(status.code(), Some(0), "{command:?}");
    });
}

#[test]
fn nonblocking_input_is_read_to_its_end() {
    let input = sample();
    let commands = [
        &["list", "--format", "csv"][..],
        &["list", "--threads", "1"],
        &["list", "--dedupe", "last"],
        &["validate", "--format", "json"],
        &["export", "--format", "csv"],
        &["extract"],
        // Without a command and a path.
        &[],
    ];
    in_parallel(commands, |command| {
        let expected = postcall(command, input.as_bytes()).stdout;
        let (reader, mut writer) = std::io::pipe().expect("a pipe");
        let reader = OwnedFd::from(reader);
        set_nonblocking(&reader);
        let mut program = program(command);
        program.stdin(reader).stdout(Stdio::piped());
        let child = program.spawn().expect("the program");
        drop(program);
        for chunk in input.as_bytes().chunks(input.len() / 4) {
            thread::sleep(Duration::from_millis(30));
            writer.write_all(chunk).expect("the program reads");
        }
        drop(writer);
        let output = child.wait_with_output().expect("the program");
        assert!(output.stdout == expected, "{command:?} lost input");
    });
}

#[test]
fn nonblocking_messages_are_complete() {
    let input = "{\"id\":1,}\n".repeat(99);
    let expected = postcall(&["list"], input.as_bytes()).stderr;
    let (mut reader, writer) = std::io::pipe().expect("a pipe");
    rustix::pipe::fcntl_setpipe_size(&writer, 4096).expect("less is always granted");
    let writer = OwnedFd::from(writer);
    set_nonblocking(&writer);
    let mut program = program(&["list"]);
    let mut child = program
        .stdin(Stdio::piped())
        .stderr(writer)
        .spawn()
        .expect("the program");
    drop(program);
    let mut stdin = child.stdin.take().expect("stdin is piped");
    stdin
        .write_all(input.as_bytes())
        .expect("the program reads");
    drop(stdin);
    thread::sleep(Duration::from_millis(300));
    let mut received = Vec::new();
    reader.read_to_end(&mut received).expect("a pipe");
    assert!(received == expected && received.len() > 4096);
    child.wait().expect("the program");
}

#[test]
fn messages_about_names_of_any_length_are_short() {
    let folder = temporary_folder();
    let calls = write_calls(folder.path(), &sample());
    let long = "n".repeat(100_000);
    let option = format!("--{long}");
    let report = format!("json={long}");
    let format = format!("{long}=x");
    let unknown_rule = format!("{long}:/a");
    let commands = [
        vec!["list", &calls, &option],
        vec!["list", &long],
        vec!["list", &calls, "--since", &long],
        vec!["list", &calls, "--at", &long],
        vec!["list", &calls, "--var", &long],
        vec!["list", &calls, "--format", &long],
        vec!["export", &calls, "--columns", &long],
        vec!["export", &calls, "-o", &long],
        vec!["validate", &calls, "--allow", &unknown_rule],
        vec!["validate", &calls, "--report", &report],
        vec!["validate", &calls, "--report", &format],
        vec!["validate", &calls, "--config", &long],
        vec!["validate", &calls, "--variables", &long],
        vec!["rules", &long],
        vec!["man", &long],
        vec!["man", "--split", &long],
        vec!["completions", &long],
        vec!["extract", &calls, "--split", &long],
        vec!["help", &long],
        vec![&long],
    ];
    in_parallel(commands, |command| {
        let mut program = program(&command);
        program.current_dir(folder.path());
        let (code, messages) = messages(program);
        assert!(matches!(code, Some(2 | 3)), "{:?}", command[0]);
        assert!(messages.contains('…'), "{}", &messages[..200]);
        assert!(messages.len() < 1000, "{}", &messages[..200]);
    });
    let object = format!("{{\"{long}\":1}}");
    let messages = postcall(&["list"], object.as_bytes()).stderr;
    assert!(messages.len() < 1000);
}

/// Runs a script of `sh` in the folder, where `$0` is the program.
fn run_script(script: &str, folder: &Path) -> (Option<i32>, String) {
    let mut shell = Command::new("bash");
    shell.args(["-c", script]);
    shell.arg(program(&["export"]).get_program());
    shell.current_dir(folder);
    messages(shell)
}

#[test]
fn all_names_of_standard_output_are_the_same() {
    let folder = temporary_folder();
    let folder = folder.path();
    write_calls(folder, &many_calls());
    let names = ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"];
    let commands = [
        "export",
        "export --format jsonl",
        "export --format parquet",
        "extract",
    ];
    let cases = commands
        .iter()
        .flat_map(|command| names.map(|name| (command, name)));
    in_parallel(cases.collect::<Vec<_>>(), |(command, name)| {
        // The reader closes the pipe.
        let script = format!(
            "\"$0\" {command} --quiet calls.jsonl -o {name} | head -c 1 >/dev/null; \
             exit ${{PIPESTATUS[0]}}"
        );
        let result = run_script(&script, folder);
        assert_eq!(result, (Some(0), String::new()), "{command} -o {name}");
        // A file is not replaced.
        let file = format!("{command} {name}").replace(['/', ' '], "_");
        let script = format!(
            "{{ echo a; \"$0\" {command} --quiet calls.jsonl --limit 1 -o {name}; echo b; }} > {file}"
        );
        let result = run_script(&script, folder);
        assert_eq!(result, (Some(0), String::new()), "{command} -o {name}");
        let written = fs::read(folder.join(&file)).expect("a file");
        assert!(written.starts_with(b"a\n") && written.ends_with(b"b\n"));
        assert!(written.len() > 100, "{command} -o {name}");
    });
}

#[test]
fn the_file_of_a_descriptor_is_added_to() {
    let folder = temporary_folder();
    let folder = folder.path();
    write_calls(folder, &sample());
    for command in [
        "export calls.jsonl -o",
        "validate calls.jsonl --quiet --report json=",
    ] {
        let argument = if command.ends_with('=') {
            "/dev/fd/3"
        } else {
            " /dev/fd/3"
        };
        let script =
            format!("echo a > f; \"$0\" {command}{argument} 3>> f >/dev/null; echo b >> f");
        assert_eq!(
            run_script(&script, folder),
            (Some(0), String::new()),
            "{command}"
        );
        let written = fs::read(folder.join("f")).expect("a file");
        assert!(
            written.starts_with(b"a\n") && written.ends_with(b"b\n"),
            "{command}"
        );
        assert!(written.len() > 100, "{command}");
    }
}

/// A stream that is closed at the start counts as `/dev/null`, and no file takes its number.
#[test]
fn closed_streams_do_not_mix_with_files() {
    let folder = temporary_folder();
    let folder = folder.path();
    write_calls(folder, &(sample() + "{\"broken\n"));
    assert_eq!(
        run_script("\"$0\" export calls.jsonl -o open.csv 2>/dev/null", folder).0,
        Some(1)
    );
    let open = fs::read(folder.join("open.csv")).expect("a file");
    for closed in [">&-", "2>&-", "<&-", "<&- >&- 2>&-"] {
        let script = format!("\"$0\" export calls.jsonl -o closed.csv {closed}");
        assert_eq!(run_script(&script, folder).0, Some(1), "{closed}");
        assert!(
            fs::read(folder.join("closed.csv")).expect("a file") == open,
            "{closed}"
        );
        let script = format!("\"$0\" list calls.jsonl {closed}");
        assert_eq!(run_script(&script, folder).0, Some(1), "{closed}");
    }
    let (code, messages) = run_script("\"$0\" list <&-", folder);
    assert_eq!(code, Some(3), "{messages}");
}

#[test]
fn the_next_run_deletes_the_file_of_an_aborted_one() {
    let folder = temporary_folder();
    let folder = folder.path();
    let long = "a".repeat(90_000_000);
    let call =
        format!("{{\"id\":1,\"customer_phone\":null,\"duration\":1,\"transcript\":\"{long}\"}}\n");
    write_calls(folder, &(sample() + &call));
    let names = || names_in(folder);
    let script = "ulimit -v 120000; exec \"$0\" export calls.jsonl -o a.csv --threads 1";
    let (code, _) = run_script(script, folder);
    assert_eq!(code, None, "memory is exhausted");
    assert_eq!(names().len(), 2, "{:?}", names());
    fs::write(folder.join("calls.jsonl"), sample()).expect("written");
    let (code, messages) = run_script("\"$0\" export calls.jsonl -o b.csv", folder);
    assert_eq!(code, Some(0), "{messages}");
    assert_eq!(names(), ["b.csv", "calls.jsonl"]);
}
