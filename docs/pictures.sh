#!/usr/bin/env bash
# Draws the pictures of the README and of docs/editors.md from real runs. Those of the editor, of the
# HTML report and of the page need Node.js and Chromium, and are drawn by `.ci/full editors report
# page`.
set -euo pipefail
cd "$(dirname "$0")/.."
SNAPSHOTS=overwrite cargo test --quiet --test integration pictures::
PICTURE=docs/editor.png .ci/full editors
PICTURE=docs/report.png .ci/full report
PICTURE=docs/page.png .ci/full page
