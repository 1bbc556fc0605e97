#!/usr/bin/env bash
# Draws the pictures of the README and of docs/editors.md from real runs. Those of the editor and of
# the HTML report need Node.js and Chromium, and are drawn by `.ci/full editors report`.
set -euo pipefail
cd "$(dirname "$0")/.."
SNAPSHOTS=overwrite cargo test --quiet --test integration pictures::
PICTURE=docs/editor.png .ci/full editors
PICTURE=docs/report.png .ci/full report
