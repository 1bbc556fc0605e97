#!/usr/bin/env bash
# Draws the README's pictures anew, from real runs.
set -euo pipefail
cd "$(dirname "$0")/.."
SNAPSHOTS=overwrite cargo test --quiet --test pictures
