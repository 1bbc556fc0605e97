#!/usr/bin/env bash
# Builds the library for WebAssembly and compares its output under Node with that of the program,
# over all samples: `validate --format json` and CSV. Files compressed with zstd are listed instead:
# zstd is written in C, so the library is built without it. Exits with 0 if all outputs are equal, 1
# if not, and 77 if Node or the target is missing.
set -euo pipefail
cd "$(dirname "$0")/../.."

target=wasm32-unknown-unknown
skip() {
    echo "wasm: skipped: $1"
    exit 77
}
command -v node >/dev/null || skip "node is not installed"
libraries=$(rustc --print target-libdir --target "$target" 2>/dev/null) || libraries=
[ -d "$libraries" ] || skip "the target is missing (rustup target add $target)"

folder=${CARGO_TARGET_DIR:-target}
cargo build --quiet --locked --release --target "$target" \
    --manifest-path tests/wasm/Cargo.toml --target-dir "$folder/wasm-test"
cargo build --quiet --locked
node tests/wasm/compare.mjs "$folder/wasm-test/$target/release/postcall_wasm_test.wasm" \
    "$folder/debug/postcall" samples
