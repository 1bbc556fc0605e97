//! Reproducible random cases.

use proptest::prelude::ProptestConfig;
use proptest::test_runner::RngSeed;

/// Proptest settings for this number of cases. The seed is fixed, so every run tries the same
/// cases; `PROPTEST_RNG_SEED=7 cargo test` tries others.
pub(crate) fn config(cases: u32) -> ProptestConfig {
    let config = ProptestConfig::with_cases(cases);
    ProptestConfig {
        failure_persistence: None,
        rng_seed: match config.rng_seed {
            RngSeed::Random => RngSeed::Fixed(1),
            fixed @ RngSeed::Fixed(_) => fixed,
        },
        ..config
    }
}
