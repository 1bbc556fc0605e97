#!/usr/bin/env bash
# Installs what packaging/build.sh and packaging/smoke.sh need, on Debian, Ubuntu and macOS, but for
# Rust, Python and Node.js.
set -euo pipefail

python3 -m pip install --quiet ziglang==0.17.1 maturin==1.16.0 wheel
if [ "$(uname -s)" = Linux ]; then
    sudo=
    [ "$(id -u)" -eq 0 ] || sudo=sudo
    $sudo apt-get update -qq
    $sudo apt-get install -qq --yes --no-install-recommends \
        gcc-mingw-w64-x86-64 qemu-user wine wine64 unzip rpm cpio
    cargo install --quiet --locked cargo-deb@3.8.0 cargo-generate-rpm
fi
