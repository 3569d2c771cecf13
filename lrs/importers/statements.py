"""Statements from a file, one at a time however large it is: JSON lines, an array, or gzip of them."""

import gzip
import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import BinaryIO, Final, cast

import orjson

from lrs.rules.parsing import parse_statements
from lrs.rules.refusal import Refusal
from lrs.rules.validation import validate_statements
from lrs.rules.versions import XAPI_1_0, XAPI_2_0, RuleBook

LONGEST: Final = 32 * 1024 * 1024
"""The largest statement, line or element that is taken in, in bytes."""

_GZIP: Final = b"\x1f\x8b"
_BLOCK: Final = 1024 * 1024
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*(?:(")|\\?\Z)|[{}]', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Line:
    """A statement of a file, or why there is none."""

    number: int
    """Of the line it begins on, from 1."""
    raw: bytes = b""
    version: str = ""
    """The version of the standard under which it is one."""
    statement_id: str | None = None
    """In lower case, if it has one."""
    stored: str = ""
    """When another store says it stored it, if it does."""
    refused: str = ""
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    """Contents it speaks of that came with it, by SHA-2 sum in lower case."""


class UnreadableFile(Exception):
    """The file cannot be read to its end."""


def statements_in(file: BinaryIO) -> Iterator[Line]:
    """Yield each statement of a file, and each thing in it that is not one.

    Args:
        file: opened in binary at its beginning; must be able to look ahead (a buffered reader).

    Raises:
        UnreadableFile: its compression is broken.
    """
    peek = getattr(file, "peek", lambda _: b"")
    if peek(2)[:2] == _GZIP:
        file = cast(BinaryIO, gzip.GzipFile(fileobj=file))
    try:
        yield from _read(file)
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise UnreadableFile(f"The gzip file is damaged or cut short: {error}.") from error


def _read(file: BinaryIO) -> Iterator[Line]:
    number = 0
    for line in _lines(file):
        number += 1
        text = line.strip()
        if not text:
            continue
        if number == 1 and text.startswith(b"\xef\xbb\xbf"):
            text = text[3:]
        if text[:1] == b"[" or text == b"{":
            # an array, or an object over several lines: from here on, by brackets
            for start, piece in _by_brackets(line, file, number):
                yield from take_in(start, piece)
            return
        yield from take_in(number, text)


def _lines(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(LONGEST + 1):
        yield line


def _by_brackets(first: bytes, file: BinaryIO, number: int) -> Iterator[tuple[int, bytes]]:
    """Yield each object that stands in no other, and whatever else stands between them.

    Each comes with the number of the line it begins on.
    """
    data, line = first, number
    depth, begin, seen = 0, 0, 0  # of the open object or of what is between; scanned until
    while True:
        for token in _TOKEN.finditer(data, seen):
            if token[0][:1] == b'"' and not token[1]:
                break  # a text that goes on in the next block
            seen = token.end()
            if token[0] == b"{":
                if depth == 0:
                    yield from _between(data[begin : token.start()], line)
                    line += data.count(b"\n", begin, token.start())
                    begin = token.start()
                depth += 1
            elif token[0] == b"}" and depth:
                depth -= 1
                if depth == 0:
                    yield line, data[begin:seen]
                    line += data.count(b"\n", begin, seen)
                    begin = seen
        data, begin, seen = data[begin:], 0, seen - begin
        block = file.read(_BLOCK) if len(data) <= LONGEST else b""
        if not block:
            yield from _between(data, line)
            return
        data += block


def _between(text: bytes, line: int) -> Iterator[tuple[int, bytes]]:
    rest = text.strip(b" \t\r\n,[]")
    if rest:
        yield line + text[: text.index(rest)].count(b"\n"), rest


def take_in(number: int, text: bytes) -> Iterator[Line]:
    """Yield each statement of a piece of JSON, or why it is none."""
    if len(text) > LONGEST:
        yield Line(number, refused=f"It is longer than {LONGEST // 1024 // 1024} MiB.")
        return
    try:
        parsed = parse_statements(text)
    except Refusal as error:
        yield Line(number, refused=_why(error, XAPI_1_0))
        return
    values, raws = parsed.statements, parsed.raws
    if not parsed.is_batch and "statements" in values[0] and "actor" not in values[0]:
        # an answer of a record store: {"statements": […], "more": "…"}
        inner = values[0]["statements"]
        values = inner if isinstance(inner, list) else [inner]
        raws = [orjson.dumps(value) for value in values]
    for value, raw in zip(values, raws, strict=True):
        yield _judge(number, value, raw)


def _judge(number: int, value: object, raw: bytes) -> Line:
    books: tuple[RuleBook, ...] = (XAPI_1_0, XAPI_2_0)
    if isinstance(value, dict) and "version" in value:
        books = (XAPI_2_0,) if str(value["version"]).startswith("2.") else (XAPI_1_0,)
    first: Line | None = None
    for book in books:
        try:
            validate_statements([value], book=book, is_batch=False)
        except Refusal as error:
            first = first or Line(number, raw, refused=_why(error, book))
        else:
            statement = cast(dict[str, str], value)
            statement_id, stored = statement.get("id"), statement.get("stored", "")
            return Line(number, raw, book.version, statement_id and statement_id.lower(), stored)
    return cast(Line, first)


def _why(error: Refusal, book: RuleBook) -> str:
    return f"{error.path}: {error.message} ({error.clause(book.version)})"
