//! Peer for `benches/compare.sh`: validates JSON Lines with the `jsonschema` crate, on one thread
//! and with one line buffer. Each line is parsed with `serde_json` and checked by the compiled
//! schema.
//!
//! `peer_jsonschema SCHEMA FILE` prints the number of lines and the number of valid lines.

#![allow(clippy::print_stdout, reason = "stdout is the result")]

use std::env;
use std::fs::{self, File};
use std::io::{BufRead as _, BufReader};

use anyhow::{Context as _, Result, ensure};
use serde_json::Value;

fn main() -> Result<()> {
    let mut arguments = env::args().skip(1);
    let usage = "usage: peer_jsonschema SCHEMA FILE";
    let schema = fs::read(arguments.next().context(usage)?).context("cannot read the schema")?;
    let file = File::open(arguments.next().context(usage)?).context("cannot open the bodies")?;

    let validator = jsonschema::validator_for(&serde_json::from_slice(&schema)?)?;
    let mut lines = BufReader::with_capacity(1 << 20, file);
    let mut line = Vec::new();
    let (mut total, mut valid) = (0_u64, 0_u64);
    while lines.read_until(b'\n', &mut line)? > 0 {
        let body: Value = serde_json::from_slice(&line)?;
        total += 1;
        valid += u64::from(validator.is_valid(&body));
        line.clear();
    }
    println!("{total} {valid}");
    ensure!(total == valid, "not all of them are valid");
    Ok(())
}
