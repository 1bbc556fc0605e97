#!/usr/bin/env bash
# Draws the pictures of the README and of docs/editors.md from real runs. Those of the editor, the
# HTML report and the page need Node.js and Chromium; `.ci/full editors report page` draws them.
set -euo pipefail
cd "$(dirname "$0")/.."
SNAPSHOTS=overwrite cargo test --quiet --test integration pictures::
PICTURE=docs/editor.png .ci/full editors
PICTURE=docs/report.png .ci/full report
PICTURE=docs/page.png .ci/full page
