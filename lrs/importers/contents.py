"""The contents of attachments beside a file of statements: a folder, or a zip file."""

import hashlib
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Final, Protocol

import orjson

from lrs.importers.statements import LONGEST, Line
from lrs.rules.parts import attachments_of

_HASHES: Final = {56: "sha224", 64: "sha256", 96: "sha384", 128: "sha512"}


class Contents(Protocol):
    """Wherever they are."""

    def get(self, sha2: str) -> bytes | None:
        """Return the content with this sum; None if there is none."""


class FolderOfContents:
    """Files named after their sums."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def get(self, sha2: str) -> bytes | None:
        """Return the content with this sum; None if there is none."""
        file = self._path / sha2
        return file.read_bytes() if file.is_file() else None


class ZipOfContents:
    """Members named after their sums."""

    def __init__(self, path: Path) -> None:
        self._zip = zipfile.ZipFile(path)
        self._names = set(self._zip.namelist())

    def get(self, sha2: str) -> bytes | None:
        """Return the content with this sum; None if there is none."""
        if sha2 not in self._names or self._zip.getinfo(sha2).file_size > LONGEST:
            return None
        return self._zip.read(sha2)


def contents_at(path: Path) -> Contents:
    """Return the contents in a folder or a zip file.

    Raises:
        OSError: there is none.
        zipfile.BadZipFile: it is not one.
    """
    if path.is_dir():
        return FolderOfContents(path)
    return ZipOfContents(path)


def with_contents(lines: Iterable[Line], contents: Contents) -> Iterator[Line]:
    """Yield lines with the contents their statements speak of, as far as the sums are right."""
    for line in lines:
        if line.refused or b'"attachments"' not in line.raw:
            yield line
            continue
        found = {}
        for _, attachment in attachments_of(orjson.loads(line.raw)):
            sum_ = attachment["sha2"].lower()
            content = contents.get(sum_) if len(sum_) in _HASHES and sum_.isalnum() else None
            if content is not None and is_content_of(sum_, content):
                found[sum_] = content
        yield replace(line, attachments=found)


def is_content_of(sha2: str, content: bytes) -> bool:
    """Return whether a content has this SHA-2 sum, in lower case."""
    kind = _HASHES.get(len(sha2))
    return kind is not None and hashlib.new(kind, content).hexdigest() == sha2
