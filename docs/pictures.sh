#!/usr/bin/env bash
# Draws the pictures of the README from real runs.
set -euo pipefail
cd "$(dirname "$0")/.."
SNAPSHOTS=overwrite cargo test --quiet --test pictures
