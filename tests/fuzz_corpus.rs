//! Replays the corpus of the fuzz targets in `fuzz/`, without a fuzzer and a nightly compiler.

#![cfg(unix)]

#[path = "../fuzz/src/targets/mod.rs"]
#[allow(unreachable_pub, reason = "modules of the package in `fuzz/`")]
pub(crate) mod targets;

use std::collections::BTreeSet;
use std::fs;
use std::panic::catch_unwind;
use std::path::PathBuf;

use crate::common::{in_parallel, names_in, postcall, repository, temporary_folder};
use targets::command_line::{self, Outcome};
use targets::{TARGETS, Target};

/// Limit on the size of all files together.
const MAX_BYTES: u64 = 2_000_000;

fn corpus() -> PathBuf {
    repository().join("fuzz/corpus")
}

/// All targets: those that need only the library, and `command_line` on the built program.
fn all_targets() -> impl Iterator<Item = Target> {
    let command_line: Target = ("command_line", |data| {
        let run = |arguments: &[String], input: &[u8]| {
            let output = postcall(arguments, input);
            Outcome {
                code: output.status.code(),
                stdout: output.stdout,
                stderr: output.stderr,
            }
        };
        command_line::check(data, temporary_folder().path(), &run);
    });
    TARGETS.iter().copied().chain([command_line])
}

#[test]
fn the_corpus_holds_all_laws() {
    let files = all_targets().flat_map(|(name, check)| {
        let folder = corpus().join(name);
        let files = names_in(&folder).into_iter();
        files.map(move |file| (folder.join(file), check))
    });
    let files: Vec<_> = files.collect();
    in_parallel(files, |(file, check)| {
        let bytes = fs::read(&file).expect("a file of the repository");
        let result = catch_unwind(|| check(&bytes));
        assert!(result.is_ok(), "{}", file.display());
    });
}

#[test]
fn each_target_has_a_small_corpus() {
    let names: BTreeSet<String> = all_targets().map(|(name, _)| name.to_owned()).collect();
    assert_eq!(BTreeSet::from_iter(names_in(&corpus())), names);
    let programs = names_in(&repository().join("fuzz/fuzz_targets"));
    let programs: BTreeSet<String> = programs
        .iter()
        .map(|file| file.trim_end_matches(".rs").to_owned())
        .collect();
    assert_eq!(programs, names);
    let mut bytes = 0;
    for name in names {
        let folder = corpus().join(&name);
        let files = names_in(&folder);
        assert!(files.len() > 20, "{name} has only {} files", files.len());
        let size = |file: &String| fs::metadata(folder.join(file)).expect("a file").len();
        bytes += files.iter().map(size).sum::<u64>();
    }
    assert!(bytes <= MAX_BYTES, "the corpus has {bytes} bytes");
}
