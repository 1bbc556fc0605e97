#!/usr/bin/env bash
# Rewrites the corpus of a fuzz target: fuzz/minimise.sh TARGET
#
# Of the seeds, fuzz/found/TARGET and fuzz/corpus/TARGET, few small files stay that together reach
# the same code. The regressions in the corpus stay too.
set -euo pipefail
cd "$(dirname "$0")"

target=$1
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mkdir -p "$folder/minimal" "found/$target" "corpus/$target"
python3 seeds.py "$target" "$folder/seeds"
cp "corpus/$target/"regression-* "$folder/minimal/" 2>/dev/null || true
if [ -w /dev/shm ]; then export TMPDIR=/dev/shm; fi
cargo +nightly fuzz run "$target" "$folder/minimal" "$folder/seeds" "found/$target" \
    "corpus/$target" -- -set_cover_merge=1 -rss_limit_mb=2048 -timeout=0 -max_len=16384
rm -rf "corpus/$target"
mv "$folder/minimal" "corpus/$target"
echo "$(find "corpus/$target" -type f | wc -l) files, $(du -sb "corpus/$target" | cut -f1) bytes"
