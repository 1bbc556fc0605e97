//! Helpers shared by the integration tests, one file per subject.

mod calls;
mod commands;
mod files;
mod guard;
pub(crate) mod markdown;
mod parallel;
pub(crate) mod paths;
mod program;
mod random;
pub(crate) mod sheet_xml;
pub(crate) mod source;
mod tables;

pub(crate) use calls::call;
pub(crate) use commands::reading_commands;
pub(crate) use files::{compare_with_file, files_below, names_in, repository, temporary_folder};
pub(crate) use guard::{is_ignored, is_operator, without_guard};
pub(crate) use parallel::in_parallel;
pub(crate) use program::{
    WATCHDOG, copy_program, export, json_lines, postcall, postcall_in_chunks, program,
    read_in_background, run, stdout,
};
pub(crate) use random::config;
pub(crate) use tables::columns;
