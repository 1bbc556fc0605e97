//! The bodies of the fuzz targets: plain functions that panic if a law does not hold for some
//! bytes. `fuzz_targets/` calls them with bytes from libFuzzer, and `tests/fuzz_corpus.rs` of the
//! main package with the files of the corpus.

pub mod command_line;
pub mod csv_cells;
pub mod decoders;
pub mod pauses;
pub mod scanner;

/// A law, and the name of its target and of its folder in the corpus.
pub type Target = (&'static str, fn(&[u8]));

/// The targets that need only the library. `command_line` also needs a way to run the program.
pub const TARGETS: &[Target] = &[
    ("scanner", scanner::check),
    ("pauses", pauses::check),
    ("csv_cells", csv_cells::check),
    ("decoders", decoders::check),
];
