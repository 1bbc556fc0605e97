//! Properties that hold for any input, tested on the built program with generated bodies, texts and
//! bytes.

mod any_input;
mod bodies;
mod cells;
mod command_lines;
#[path = "../common/mod.rs"]
mod common;
mod sources;
mod threads;
mod workflow_commands;
