"""A file of statements that can be left half written and gone on with."""

import gzip
import json
import os
import zipfile
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO


class CannotGoOn(Exception):
    """There is nothing to go on with, or it was begun with another filter."""


@dataclass(frozen=True, slots=True)
class Written:
    """How far a file has been written."""

    asked: str
    """What was asked for, so that it is not gone on with as something else."""
    cursor: str
    bytes: int
    statements: int
    attachments: int
    missing: int


class StatementFile:
    """JSON lines, gzipped when the name ends in .gz, as FILE.part until it is whole.

    What lies between two checkpoints is cut off again when it is gone on with.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._part = path.with_name(path.name + ".part")
        self._notes = path.with_name(path.name + ".part.json")
        self._is_gzip = path.suffix == ".gz"
        self._raw: IO[bytes] | None = None
        self._out: IO[bytes] | None = None

    def begin(self) -> None:
        """Begin anew, whatever there was."""
        self._notes.unlink(missing_ok=True)
        self._raw = self._part.open("wb")
        self._open()

    def go_on(self, asked: str) -> Written:
        """Open it where it was left, and return how far that is.

        Raises:
            CannotGoOn: with a sentence that says what to do.
        """
        try:
            written = Written(**json.loads(self._notes.read_text()))
            self._raw = self._part.open("r+b")
        except (OSError, ValueError, TypeError) as error:
            raise CannotGoOn(
                f"There is no export of {self.path} to go on with; leave out --resume."
            ) from error
        if written.asked != asked:
            raise CannotGoOn(
                f"The export of {self.path} was begun with another filter or for another "
                "organisation; ask for the same again, or leave out --resume."
            )
        self._raw.truncate(written.bytes)
        self._raw.seek(written.bytes)
        self._open()
        return written

    def write(self, line: bytes) -> None:
        """Add a line."""
        if self._out is None:
            raise ValueError("the file is not open")
        self._out.write(line)

    def checkpoint(
        self, *, asked: str, cursor: str, statements: int, attachments: int, missing: int
    ) -> None:
        """Have everything on the disk, and note how far that is."""
        if self._out is None or self._raw is None:
            raise ValueError("the file is not open")
        if self._out is not self._raw:
            self._out.close()  # ends a member of the gzip file; the next one is simply added
        self._raw.flush()
        os.fsync(self._raw.fileno())
        written = Written(asked, cursor, self._raw.tell(), statements, attachments, missing)
        fresh = self._notes.with_name(self._notes.name + ".new")
        fresh.write_text(json.dumps(asdict(written)))
        fresh.replace(self._notes)
        self._open()

    def finish(self) -> None:
        """Close it and give it its name."""
        if self._out is not None and self._out is not self._raw:
            self._out.close()
        if self._raw is not None:
            self._raw.close()
        self._part.replace(self.path)
        self._notes.unlink(missing_ok=True)

    def _open(self) -> None:
        if self._raw is None:
            raise ValueError("the file is not open")
        self._out = self._raw
        if self._is_gzip:
            self._out = gzip.GzipFile(fileobj=self._raw, mode="wb", filename="", mtime=0)  # type: ignore[assignment]  # it writes bytes


class AttachmentFolder:
    """The contents of attachments, each a file named after its SHA-2 sum; or a zip file of them."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._is_zip = path.suffix == ".zip"
        self._folder = path.with_name(path.name + ".part") if self._is_zip else path
        self._folder.mkdir(parents=True, exist_ok=True)

    def has(self, sha2: str) -> bool:
        """Return whether it is there."""
        return (self._folder / sha2).exists()

    def keep(self, sha2: str, content: bytes) -> None:
        """Write one, whole or not at all."""
        fresh = self._folder / f"{sha2}.new"
        fresh.write_bytes(content)
        fresh.replace(self._folder / sha2)

    def finish(self) -> None:
        """Make the zip file."""
        if not self._is_zip:
            return
        fresh = self.path.with_name(self.path.name + ".new")
        with zipfile.ZipFile(fresh, "w", zipfile.ZIP_DEFLATED) as packed:
            for file in sorted(self._folder.iterdir()):
                if file.suffix != ".new":
                    packed.write(file, file.name)
        fresh.replace(self.path)
        for file in self._folder.iterdir():
            file.unlink()
        self._folder.rmdir()
