#!/usr/bin/env bash
# Builds the page: web/target/postcall.html, one file that contains the engine.
#
#   web/build_page.sh
#
# Needs Node.js with npm, and Python, and all that web/build.sh needs.
set -euo pipefail
cd "$(dirname "$0")"

./build.sh
npm ci --prefix page --silent --no-audit --no-fund
{
    python3 ../packaging/notices.py web/Cargo.toml
    cat page/licences.txt
} >target/licences.txt
python3 page/pack.py target/engine/postcall_web_bg.wasm target/engine.xz \
    target/licences.txt target/licences.txt.xz
node page/build.mjs target target/postcall.html
