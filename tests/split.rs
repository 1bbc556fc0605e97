//! `extract --split`: interrupted runs, several runs at the same time, and folders in which there
//! is something else.
#![cfg(unix)]

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Stdio;
use std::thread;
use std::time::{Duration, Instant};

use crate::common::{WATCHDOG, names_in, postcall, program, temporary_folder};

fn body(id: usize, text: &str) -> String {
    format!(
        r#"{{"id":{id},"customer_phone":"+4930123456","duration":5,"transcript":"Customer: {text}"}}"#
    )
}

fn split(input: &str, folder: &Path) -> String {
    let folder = folder.to_str().expect("a UTF-8 path");
    let output = postcall(&["extract", "--split", folder], input.as_bytes());
    let messages = String::from_utf8(output.stderr).expect("UTF-8");
    assert!(output.status.success(), "{messages}");
    messages
}

/// The names in the folder, also hidden ones.
fn names(folder: &Path) -> BTreeSet<String> {
    names_in(folder).into_iter().collect()
}

/// The texts of all files in the folder.
fn texts(folder: &Path) -> BTreeSet<String> {
    let texts = names(folder).into_iter();
    texts
        .map(|name| fs::read_to_string(folder.join(name)).expect("a file"))
        .collect()
}

#[test]
fn a_run_after_killed_runs_leaves_complete_files_only() {
    let folder = temporary_folder();
    let output = folder.path().join("calls");
    let lines: Vec<_> = (0..3000)
        .map(|id| body(id, &"text ".repeat(200)) + "\n")
        .collect();
    let input = folder.path().join("calls.jsonl");
    fs::write(&input, lines.concat()).expect("written");
    let started = Instant::now();
    for files in [1, 40, 700] {
        let mut child = program(&["extract".as_ref(), input.as_os_str(), "--split".as_ref()])
            .arg(&output)
            .stderr(Stdio::null())
            .spawn()
            .expect("the program was built");
        while fs::read_dir(&output).map_or(0, Iterator::count) < files {
            assert!(started.elapsed() < WATCHDOG);
            thread::sleep(Duration::from_millis(1));
        }
        child.kill().expect("killed");
        child.wait().expect("it ended");
        for name in names(&output).iter().filter(|name| !name.starts_with('.')) {
            let text = fs::read_to_string(output.join(name)).expect("a file");
            assert!(text.ends_with("}\n"), "{name} is incomplete");
        }
    }
    split(&lines.concat(), &output);
    let expected = (0..3000).map(|id| format!("{id}.json")).collect();
    assert_eq!(names(&output), expected);
    assert_eq!(texts(&output), lines.into_iter().collect());
}

#[test]
fn two_runs_into_one_folder_lose_nothing() {
    for is_same in [true, false] {
        let folder = temporary_folder();
        let inputs = ["one", "two"].map(|run| {
            let text = if is_same { "same" } else { run };
            let lines: Vec<_> = (0..1000).map(|id| body(id % 700, text) + "\n").collect();
            let path = folder.path().join(format!("{run}.jsonl"));
            fs::write(&path, lines.concat()).expect("written");
            (path, lines)
        });
        let output = folder.path().join("calls");
        fs::create_dir(&output).expect("created");
        // An older version can have left an empty file.
        fs::write(output.join("5.json"), "").expect("written");
        let children = inputs.each_ref().map(|(path, _)| {
            program(&["extract".as_ref(), path.as_os_str(), "--split".as_ref()])
                .arg(&output)
                .stderr(Stdio::null())
                .spawn()
                .expect("the program was built")
        });
        for mut child in children {
            assert!(child.wait().expect("it ended").success());
        }
        let expected: BTreeSet<_> = inputs.into_iter().flat_map(|(_, lines)| lines).collect();
        assert_eq!(texts(&output), expected);
        let numbers: &[&str] = if is_same {
            &["", "-2"]
        } else {
            &["", "-2", "-3", "-4"]
        };
        for name in names(&output) {
            let stem = name.strip_suffix(".json").expect("no temporary file");
            let suffix = stem.trim_start_matches(|c: char| c.is_ascii_digit());
            assert!(numbers.contains(&suffix), "{name}");
        }
    }
}

#[test]
fn other_things_in_the_folder_are_kept_and_not_opened() {
    let folder = temporary_folder();
    let folder = folder.path();
    let pipe = |name: &str| {
        let status = std::process::Command::new("mkfifo")
            .arg(folder.join(name))
            .status();
        assert!(status.expect("mkfifo is installed").success());
    };
    pipe("1.json");
    fs::create_dir(folder.join("2.json")).expect("created");
    symlink("/dev/zero", folder.join("3.json")).expect("created");
    symlink("missing", folder.join("4.json")).expect("created");
    symlink("missing/5.json", folder.join("5.json")).expect("created");
    fs::write(folder.join("empty"), "").expect("written");
    symlink("empty", folder.join("6.json")).expect("created");
    fs::write(folder.join("7.json"), "{}").expect("written");
    let temporary = [
        ".postcall-aaaaaaaaaaaaaaaa.tmp",
        ".postcall-bbbbbbbbbbbbbbbb.tmp",
    ];
    pipe(temporary[0]);
    symlink("empty", folder.join(temporary[1])).expect("created");
    fs::write(folder.join(".postcall-notes.tmp"), "").expect("written");
    let stale = ".postcall-cccccccccccccccc.tmp";
    fs::write(folder.join(stale), "").expect("written");
    let before = names(folder);
    let lines: Vec<_> = (1..=8).map(|id| body(id, "text") + "\n").collect();
    split(&lines.concat(), folder);
    let mut expected = before;
    expected.remove(stale);
    expected.extend((1..=7).map(|id| format!("{id}-2.json")));
    expected.insert("8.json".to_owned());
    assert_eq!(names(folder), expected);
    assert_eq!(
        fs::read_to_string(folder.join("7.json")).expect("a file"),
        "{}"
    );
    assert_eq!(
        fs::read_to_string(folder.join("empty")).expect("a file"),
        ""
    );
    let messages = split(&lines.concat(), folder);
    assert!(messages.contains("8 files already present"), "{messages}");
}

#[test]
fn a_file_with_the_start_of_a_body_is_replaced() {
    let folder = temporary_folder();
    let folder = folder.path();
    let text = body(1, "text") + "\n";
    fs::write(folder.join("1.json"), &text[..30]).expect("written");
    fs::write(folder.join("2.json"), "").expect("written");
    fs::write(folder.join("3.json"), "{\"id\":4").expect("written");
    let lines: Vec<_> = (1..=3).map(|id| body(id, "text") + "\n").collect();
    split(&lines.concat(), folder);
    let expected = ["1.json", "2.json", "3-2.json", "3.json"].map(str::to_owned);
    assert_eq!(names(folder), BTreeSet::from(expected));
    assert_eq!(
        fs::read_to_string(folder.join("1.json")).expect("a file"),
        text
    );
}

#[test]
fn outputs_of_other_commands_delete_stale_files_too() {
    let folder = temporary_folder();
    let folder = folder.path();
    fs::write(folder.join(".postcall-cccccccccccccccc.tmp"), "").expect("written");
    let file = folder.join("calls.csv");
    let arguments = ["export".as_ref(), "-o".as_ref(), file.as_os_str()];
    let output = postcall(&arguments, body(1, "text").as_bytes());
    assert!(output.status.success());
    assert_eq!(names(folder), BTreeSet::from(["calls.csv".to_owned()]));
}
