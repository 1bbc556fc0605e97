#!/usr/bin/env bash
# Runs a fuzz target: fuzz/run.sh TARGET [SECONDS [OPTION OF LIBFUZZER]...]
#
# New inputs go to fuzz/found/TARGET, and inputs that fail to fuzz/artifacts/TARGET.
set -euo pipefail
cd "$(dirname "$0")"

target=$1 seconds=${2:-60}
shift "$(($# < 2 ? $# : 2))"
mkdir -p "found/$target"
# Files of the runs are in memory if possible.
if [ -w /dev/shm ]; then export TMPDIR=/dev/shm; fi
# `command_line` needs this signal ignored: see src/process.rs. Its threads may still end while
# libFuzzer looks for leaks.
trap '' ALRM
exec cargo +nightly fuzz run "$target" "found/$target" "corpus/$target" -- \
    -max_total_time="$seconds" -rss_limit_mb=2048 -timeout=20 -max_len=16384 \
    -detect_leaks=0 "$@"
