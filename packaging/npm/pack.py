#!/usr/bin/env python3
"""Writes npm packages: python3 packaging/npm/pack.py PROGRAM TARGET DIST

One package has the program for the platform of TARGET. The package `postcall` has no program: it
depends on the packages of all platforms, of which npm installs the one that fits, and its launcher
runs that one.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import tomllib

FOLDER = pathlib.Path(__file__).parent
ROOT = FOLDER.parent.parent

# The names of npm for the platforms: operating system and processor.
PLATFORMS = {
    "x86_64-unknown-linux-musl": ("linux", "x64"),
    "aarch64-unknown-linux-musl": ("linux", "arm64"),
    "x86_64-pc-windows-gnu": ("win32", "x64"),
    "aarch64-apple-darwin": ("darwin", "arm64"),
    "x86_64-apple-darwin": ("darwin", "x64"),
}


def manifest():
    """What both kinds of packages say about themselves, from Cargo.toml."""
    package = tomllib.loads((ROOT / "Cargo.toml").read_text())["package"]
    return {
        "version": package["version"],
        "description": package["description"],
        "license": package["license"],
        "repository": {"type": "git", "url": f"git+{package['repository']}.git"},
    }


def package_name(platform):
    return "@postcall/" + "-".join(platform)


def pack(files, fields, dist):
    """Writes the package with these files and this package.json to `dist`."""
    with tempfile.TemporaryDirectory() as folder:
        for path in files:
            shutil.copy(path, folder)
        text = json.dumps(fields, indent=2) + "\n"
        (pathlib.Path(folder) / "package.json").write_text(text)
        command = ["npm", "pack", "--silent", "--pack-destination", dist]
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)


def main():
    program, target, dist = pathlib.Path(sys.argv[1]), sys.argv[2], pathlib.Path(sys.argv[3])
    common = manifest()
    platform = PLATFORMS[target]
    fields = {"name": package_name(platform), **common, "os": [platform[0]], "cpu": [platform[1]]}
    licences = sorted((ROOT / "packaging/python/licences").iterdir())
    pack([program, *licences], fields, dist.resolve())
    launcher = {
        "name": "postcall",
        **common,
        "bin": {"postcall": "postcall.js"},
        "optionalDependencies": {
            package_name(platform): common["version"] for platform in PLATFORMS.values()
        },
    }
    licences = [ROOT / "LICENSE-MIT", ROOT / "LICENSE-APACHE"]
    pack([FOLDER / "postcall.js", ROOT / "README.md", *licences], launcher, dist.resolve())


main()
