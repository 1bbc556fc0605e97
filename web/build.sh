#!/usr/bin/env bash
# Builds the engine: web/target/engine/postcall_web_bg.wasm, with its glue for JavaScript in
# postcall_web.js there, a classic script that defines `wasm_bindgen`.
#
#   web/build.sh [OPTION OF CARGO]…
#
# ENGINE_FOLDER is another folder for these files, below web/.
#
# Needs the target wasm32-unknown-unknown. The program wasm-bindgen has to have the version of the
# crate, so it is installed in web/target/tools, or in $WASM_BINDGEN_ROOT, if it is missing there.
set -euo pipefail
cd "$(dirname "$0")"

target=wasm32-unknown-unknown
[ -d "$(rustc --print target-libdir --target "$target")" ] || rustup target add "$target"

version=$(sed -n 's/^wasm-bindgen = "=\(.*\)"$/\1/p' Cargo.toml)
root=${WASM_BINDGEN_ROOT:-$PWD/target/tools}
if [ "$("$root/bin/wasm-bindgen" --version 2>/dev/null)" != "wasm-bindgen $version" ]; then
    echo "installing wasm-bindgen $version in $root"
    cargo install --quiet --target "$(rustc --print host-tuple)" --root "$root" \
        --version "=$version" wasm-bindgen-cli
fi

folder=${CARGO_TARGET_DIR:-target}
cargo build --quiet --locked --release "$@"
"$root/bin/wasm-bindgen" --target no-modules --no-typescript \
    --remove-name-section --remove-producers-section --out-dir "${ENGINE_FOLDER:-target/engine}" \
    "$folder/$target/release/postcall_web.wasm"
