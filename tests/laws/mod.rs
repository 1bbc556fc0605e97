//! Properties that hold for any input, tested on the built program with generated bodies, texts and
//! bytes.

mod alone;
mod any_input;
mod bodies;
mod calls;
mod canaries;
mod cells;
mod command_lines;
mod counts;
mod grep;
mod order;
mod redaction;
mod sources;
mod tables;
mod threads;
mod workflow_commands;
