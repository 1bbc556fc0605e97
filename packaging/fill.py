#!/usr/bin/env python3
"""Fills the templates of a release: python3 packaging/fill.py DIST

DIST has the archives of all targets. The installers and the job for GitLab are written there, and
the manifests for Homebrew, Scoop and winget to DIST/manifests. In a template, @VERSION@,
@REPOSITORY@ and @DESCRIPTION@ are from Cargo.toml, @SHA256:TARGET@ is the checksum of an archive,
and @CHECKSUMS@ has those of all archives for Linux and macOS, as cases of `case` in a shell.
"""

import hashlib
import pathlib
import re
import sys
import tomllib

FOLDER = pathlib.Path(__file__).parent
PUBLISHED = ("install.sh", "install.ps1", "gitlab.yml")
PLACEHOLDER = re.compile(r"@([A-Z0-9]+)(?::([a-z0-9_-]+))?@")


def checksums(dist, version):
    """The SHA-256 checksum of each archive, by target."""
    found = {}
    for path in sorted(dist.glob(f"postcall-{version}-*")):
        name = re.fullmatch(rf"postcall-{re.escape(version)}-(.+)\.(tar\.gz|zip)", path.name)
        if name:
            found[name[1]] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def fill(text, package, sums):
    """The text with all placeholders replaced. Fails if the archive of a target is missing."""
    cases = [
        f"        {target}) echo {checksum} ;;"
        for target, checksum in sums.items()
        if "windows" not in target
    ]
    values = {
        "VERSION": package["version"],
        "REPOSITORY": package["repository"],
        "DESCRIPTION": package["description"],
        "CHECKSUMS": "\n".join(cases),
    }

    def value(match):
        name, target = match[1], match[2]
        if name != "SHA256":
            return values[name]
        if target not in sums:
            sys.exit(f"fill.py: no archive for {target}")
        return sums[target]

    return PLACEHOLDER.sub(value, text)


def main():
    dist = pathlib.Path(sys.argv[1])
    package = tomllib.loads((FOLDER.parent / "Cargo.toml").read_text())["package"]
    sums = checksums(dist, package["version"])
    manifests = dist / "manifests"
    manifests.mkdir(exist_ok=True)
    for template in sorted((FOLDER / "templates").iterdir()):
        folder = dist if template.name in PUBLISHED else manifests
        (folder / template.name).write_text(fill(template.read_text(), package, sums))


main()
