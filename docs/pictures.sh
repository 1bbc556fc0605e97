#!/usr/bin/env bash
# Draws the pictures of the README and of docs/editors.md from real runs. That of the editor needs
# Node.js and Chromium, and is drawn by `.ci/full editors`.
set -euo pipefail
cd "$(dirname "$0")/.."
SNAPSHOTS=overwrite cargo test --quiet --test integration pictures::
PICTURE=docs/editor.png .ci/full editors
