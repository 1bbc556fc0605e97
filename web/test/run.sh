#!/usr/bin/env bash
# Builds the engine for WebAssembly and compares its output under Node with that of the program,
# over all samples. Files compressed with zstd are listed instead: zstd is written in C, so the
# engine is built without it. Exits with 0 if all outputs are equal, 1 if not, and 77 if Node is
# missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

command -v node >/dev/null || {
    echo "wasm: skipped: node is not installed"
    exit 77
}
web/build.sh
cargo build --quiet --locked
node web/test/compare.mjs web/target/engine "${CARGO_TARGET_DIR:-target}/debug/postcall" samples
