//! The binary: passes the command line to the library and returns its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    postcall::run(std::env::args_os()).into()
}
