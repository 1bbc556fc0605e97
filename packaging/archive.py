#!/usr/bin/env python3
"""Packs a folder, the same way each time: python3 packaging/archive.py FOLDER ARCHIVE

ARCHIVE ends with .tar.gz or .zip. The files are sorted, belong to root, and have the time
SOURCE_DATE_EPOCH, so that the same files give the same archive on any machine.
"""

import gzip
import os
import pathlib
import sys
import tarfile
import time
import zipfile

TIME = int(os.environ["SOURCE_DATE_EPOCH"])


def is_program(path):
    return path.name in ("postcall", "postcall.exe")


def write_tar(folder, files, archive):
    def set_owner(entry):
        entry.uid = entry.gid = 0
        entry.uname = entry.gname = "root"
        entry.mtime = TIME
        entry.mode = 0o755 if is_program(pathlib.Path(entry.name)) else 0o644
        return entry

    with (
        open(archive, "wb") as file,
        gzip.GzipFile(filename="", fileobj=file, mode="wb", mtime=TIME) as compressed,
        tarfile.open(fileobj=compressed, mode="w", format=tarfile.GNU_FORMAT) as tar,
    ):
        for path in files:
            tar.add(path, str(path.relative_to(folder.parent)), filter=set_owner)


def write_zip(folder, files, archive):
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for path in files:
            name = str(path.relative_to(folder.parent))
            entry = zipfile.ZipInfo(name, time.gmtime(TIME)[:6])
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if is_program(path) else 0o100644) << 16
            archive.writestr(entry, path.read_bytes())


def main():
    folder, archive = pathlib.Path(sys.argv[1]), sys.argv[2]
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    write = write_zip if archive.endswith(".zip") else write_tar
    write(folder, files, archive)


main()
