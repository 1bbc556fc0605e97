//! The binary: passes the command line to the library and returns its exit code.

#[cfg(not(windows))]
use std::env::args_os;
use std::process::ExitCode;

// The shells of Windows do not expand globs.
#[cfg(windows)]
use wild::args_os;

fn main() -> ExitCode {
    postcall::run(args_os()).into()
}
