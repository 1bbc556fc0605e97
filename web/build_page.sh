#!/usr/bin/env bash
# Builds the page: web/target/postcall.html, one file that contains the engine.
#
#   web/build_page.sh
#
# Needs Node.js and Python, and all that web/build.sh needs.
set -euo pipefail
cd "$(dirname "$0")"

./build.sh
python3 ../packaging/notices.py web/Cargo.toml >target/licences.txt
node page/build.mjs target/engine target/licences.txt target/postcall.html
