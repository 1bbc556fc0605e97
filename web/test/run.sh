#!/usr/bin/env bash
# Builds the engine for WebAssembly and compares it under Node with the program, over all samples
# and cases: the output of all commands, messages and exit codes. Files compressed with zstd are
# listed instead. Then a build with a panic shows that a panic is reported. Exits with 0 if all is
# equal, 1 if not, and 77 if Node is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

command -v node >/dev/null || {
    echo "wasm: skipped: node is not installed"
    exit 77
}
web/build.sh
cargo build --quiet --locked
node web/test/compare.mjs web/target/engine "${CARGO_TARGET_DIR:-target}/debug/postcall" \
    samples tests/cases tests/rules
ENGINE_FOLDER=target/panic web/build.sh --features test-panic
node web/test/panic.mjs web/target/panic
