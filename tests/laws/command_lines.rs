//! The command lines that the program is tested with.

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

use crate::common::{config, reading_commands};

/// Options that are tested in combination. `reading_commands` has each command and each format.
const COMBINATIONS: &[&[&str]] = &[
    &["validate", "--strict", "--format=sarif"],
    &["validate", "--format=concise", "--summary"],
    &["export", "--format=jsonl", "--flat", "--tz=utc"],
    &["export", "--rows=turns", "--format=tsv"],
    &["export", "--list-columns"],
];

/// Commands that write values verbatim, for other programs.
const VERBATIM_COMMANDS: &[&str] = &["export", "extract", "redact"];

/// Formats that contain values verbatim.
const VERBATIM_FORMATS: &[&str] = &["--format=csv", "--format=tsv"];

/// The command lines that the program is tested with.
pub(crate) fn command_lines() -> Vec<Vec<String>> {
    let combinations = COMBINATIONS.iter().map(|arguments| {
        let arguments = arguments.iter().copied();
        arguments.map(str::to_owned).collect()
    });
    reading_commands().into_iter().chain(combinations).collect()
}

/// The command lines whose output people read on a terminal. JSON is included, because terminals
/// show it most often.
pub(crate) fn terminal_command_lines() -> Vec<Vec<String>> {
    let is_verbatim = |argument: &String| {
        VERBATIM_COMMANDS.contains(&argument.as_str())
            || VERBATIM_FORMATS.contains(&argument.as_str())
    };
    let mut lines = command_lines();
    lines.retain(|arguments| !arguments.iter().any(is_verbatim));
    lines
}

/// Pairs each command line with the settings for this number of random cases, which differ for each
/// command line.
pub(crate) fn with_cases(
    cases: u32,
    command_lines: Vec<Vec<String>>,
) -> impl Iterator<Item = (ProptestConfig, Vec<String>)> {
    let config = config(cases);
    let RngSeed::Fixed(seed) = config.rng_seed else {
        unreachable!("the seed is fixed");
    };
    (0..).zip(command_lines).map(move |(index, arguments)| {
        let rng_seed = RngSeed::Fixed(seed.wrapping_add(index << 32));
        let config = ProptestConfig {
            rng_seed,
            ..config.clone()
        };
        (config, arguments)
    })
}
