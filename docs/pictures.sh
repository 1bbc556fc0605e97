#!/usr/bin/env bash
# Renders the README's pictures from real runs.
set -euo pipefail
cd "$(dirname "$0")/.."
SNAPSHOTS=overwrite cargo test --quiet --test pictures
