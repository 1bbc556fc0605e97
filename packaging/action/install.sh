#!/usr/bin/env bash
# The first step of action.yml: puts postcall on the PATH of the job.
#
# INPUT_VERSION is the version, and INPUT_SHA256 the checksum of its archive for this runner, or
# empty: then SHA256SUMS of the release is trusted. DOWNLOAD_URL is where the archives are.
set -euo pipefail

fail() {
    echo "::error::postcall: $*"
    exit 1
}

[[ $INPUT_VERSION =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]] || fail "version is not like 1.2.3"
case $RUNNER_OS-$RUNNER_ARCH in
    Linux-X64) target=x86_64-unknown-linux-musl ;;
    Linux-ARM64) target=aarch64-unknown-linux-musl ;;
    macOS-ARM64) target=aarch64-apple-darwin ;;
    macOS-X64) target=x86_64-apple-darwin ;;
    *) fail "there is no program for $RUNNER_OS on $RUNNER_ARCH" ;;
esac
name=postcall-$INPUT_VERSION-$target
folder=$RUNNER_TEMP/postcall
mkdir -p "$folder"
cd "$folder"

download() {
    curl --fail --silent --show-error --location --retry 3 --output "$1" "$DOWNLOAD_URL/$1" ||
        fail "cannot download $DOWNLOAD_URL/$1"
}

download "$name.tar.gz"
checksum=$INPUT_SHA256
if [ -z "$checksum" ]; then
    download SHA256SUMS
    checksum=$(awk -v file="$name.tar.gz" '$2 == file { print $1 }' SHA256SUMS)
    [ -n "$checksum" ] || fail "SHA256SUMS has no line for $name.tar.gz"
fi
if command -v sha256sum >/dev/null; then
    actual=$(sha256sum "$name.tar.gz")
else
    actual=$(shasum -a 256 "$name.tar.gz")
fi
[ "${actual%% *}" = "$checksum" ] || fail "the checksum of $name.tar.gz is wrong"
tar -xzf "$name.tar.gz"
echo "$folder/$name" >>"$GITHUB_PATH"
