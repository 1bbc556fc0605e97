//! The binary: passes the command line to the library and returns its exit code.

#[cfg(not(windows))]
use std::env::args_os;
use std::process::ExitCode;

// The allocator of musl is slow: with it, `export --flat` takes 1.8 times as long as with glibc's.
#[cfg(target_env = "musl")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

// The shells of Windows do not expand globs.
#[cfg(windows)]
use wild::args_os;

fn main() -> ExitCode {
    postcall::run(args_os()).into()
}
