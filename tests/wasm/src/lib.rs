//! A WebAssembly module that checks and exports one file in memory, for `compare.mjs`. It exchanges
//! bytes with JavaScript through its linear memory and needs no bindings.

use std::cell::RefCell;
use std::io::Cursor;
use std::sync::Arc;

use chrono::DateTime;
use postcall::capture::source::reader::{SourceOptions, TableUse};
use postcall::capture::source::sources::sources_from_seekable;
use postcall::export::{Dialect, TextFormat};
use postcall::host::Clock;
use postcall::in_memory;
use postcall::report::FindingsFormat;

thread_local! {
    static OUTPUT: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Allocates `length` bytes for an argument of [`run`], which frees them.
#[unsafe(no_mangle)]
pub extern "C" fn allocate(length: usize) -> *mut u8 {
    Box::into_raw(vec![0_u8; length].into_boxed_slice()).cast()
}

/// Checks (`command` 0) or exports (1) a file. `seconds` is the current time since 1970. Returns
/// the length of the output, or -1 if there was an error, whose message is the output then.
///
/// # Safety
///
/// Both pointers must come from [`allocate`], with these lengths.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn run(
    command: u32,
    name: *mut u8,
    name_length: usize,
    bytes: *mut u8,
    length: usize,
    seconds: f64,
) -> isize {
    // SAFETY: the caller passes what `allocate` returned.
    let take = |bytes: *mut u8, length| unsafe {
        Vec::from(Box::from_raw(std::ptr::slice_from_raw_parts_mut(
            bytes, length,
        )))
    };
    let name = String::from_utf8_lossy(&take(name, name_length)).into_owned();
    let bytes = take(bytes, length);
    let (result, output) = run_command(command, Arc::from(name), bytes, seconds);
    let (output, length) = match result {
        Ok(()) => {
            let length = isize::try_from(output.len()).unwrap_or(-1);
            (output, length)
        }
        Err(error) => (error.into_bytes(), -1),
    };
    OUTPUT.set(output);
    length
}

fn run_command(
    command: u32,
    name: Arc<str>,
    bytes: Vec<u8>,
    seconds: f64,
) -> (Result<(), String>, Vec<u8>) {
    let time = DateTime::from_timestamp(seconds as i64, 0).unwrap_or_default();
    let clock = Clock::Fixed(time);
    // As in the program: a table with a column per field has rows, but no bodies to check.
    let mut options = SourceOptions::default();
    options.tables = match command {
        0 => TableUse::Refuse,
        _ => TableUse::Read,
    };
    let sources = sources_from_seekable(name, Cursor::new(bytes), &options);
    let mut out = Vec::new();
    let result = if command == 0 {
        in_memory::validate(sources, FindingsFormat::Json, clock, &mut out)
    } else {
        let format = TextFormat::Delimited(Dialect::csv());
        in_memory::export(sources, &format, clock, &mut out)
    };
    (result.map_err(|error| format!("{error:#}")), out)
}

/// The address of the output of the last [`run`].
#[unsafe(no_mangle)]
pub extern "C" fn output() -> *const u8 {
    OUTPUT.with_borrow(|output| output.as_ptr())
}

/// The length of the output of the last [`run`].
#[unsafe(no_mangle)]
pub extern "C" fn output_length() -> usize {
    OUTPUT.with_borrow(Vec::len)
}
