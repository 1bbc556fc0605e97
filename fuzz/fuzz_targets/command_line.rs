#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;
use postcall_fuzz::process;
use postcall_fuzz::targets::command_line::check;
use tempfile::TempDir;

static FOLDER: LazyLock<TempDir> =
    LazyLock::new(|| tempfile::tempdir().expect("a temporary folder"));

fuzz_target!(init: process::prepare(), |data: &[u8]| {
    check(data, FOLDER.path(), &process::run);
});
