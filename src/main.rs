//! Joins the process to the library: words in, exit code out.

use std::process::ExitCode;

fn main() -> ExitCode {
    postcall::run(std::env::args_os()).into()
}
