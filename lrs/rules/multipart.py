"""Reading and writing multipart/mixed (RFC 2046), with nothing guessed."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from lrs.rules.refusal import Refusal

_BOUNDARY = re.compile(
    r';\s*boundary=(?:"([0-9A-Za-z\'()+_,\-./:=? ]{0,69}[0-9A-Za-z\'()+_,\-./:=?])"'
    r"|([0-9A-Za-z'()+_,\-./:=?]{1,70}))\s*(?:;|$)",
    re.IGNORECASE,
)
_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,100}", re.ASCII)
_MOST_PARTS: Final = 10_000
_LONGEST_HEADERS: Final = 16_384


@dataclass(frozen=True, slots=True)
class Part:
    """One part; header names in lower case."""

    headers: Mapping[str, str]
    content: bytes


def _refuse(message: str) -> Refusal:
    return Refusal("$", "multipart", message)


def boundary_of(content_type: str) -> str:
    """Return the boundary that a content type names.

    Raises:
        Refusal: it names none, or not a good one.
    """
    found = _BOUNDARY.search(content_type)
    if found is None:
        raise _refuse("Name the boundary of the parts: Content-Type: multipart/mixed; boundary=…")
    return found[1] or found[2]


def read_parts(body: bytes, boundary: str) -> list[Part]:
    """Return the parts of a body.

    Raises:
        Refusal: it is not whole, or a part is broken.
    """
    mark = b"--" + boundary.encode()
    if body.startswith(mark):
        body = b"\r\n" + body
    pieces = re.split(rb"\r\n" + re.escape(mark) + rb"(--)?[ \t]*(?=\r\n|$)", body)
    # [preamble, None or "--", piece, None or "--", piece, …]: the last mark must be the closing one
    marks, rest = pieces[1::2], pieces[2::2]
    if not marks or marks[-1] is None or any(mark is not None for mark in marks[:-1]):
        raise _refuse("Begin each part with the boundary and end the last with it and two hyphens.")
    if len(marks) > _MOST_PARTS:
        raise _refuse(f"Send at most {_MOST_PARTS} parts.")
    return [_read_part(piece) for piece in rest[:-1]]


def _read_part(piece: bytes) -> Part:
    head, separator, content = piece[2:].partition(b"\r\n\r\n")
    if piece.startswith(b"\r\n\r\n"):
        return Part({}, piece[4:])
    if not separator or len(head) > _LONGEST_HEADERS:
        raise _refuse("Put an empty line between the headers of a part and its content.")
    headers: dict[str, str] = {}
    for line in head.decode("latin-1").split("\r\n"):
        name, colon, value = line.partition(":")
        if not colon or _NAME.fullmatch(name) is None or "\n" in value:
            raise _refuse("Write each header of a part as name, colon, value, on one line.")
        if name.lower() in headers:
            raise _refuse(f"A part has the header {name} twice.")
        headers[name.lower()] = value.strip(" \t")
    return Part(headers, content)


def write_parts(parts: Iterable[Part], boundary: str) -> bytes:
    """Return a body of these parts."""
    mark = f"--{boundary}".encode()
    lines: list[bytes] = []
    for part in parts:
        lines.append(mark)
        lines.extend(f"{name}: {value}".encode("latin-1") for name, value in part.headers.items())
        lines.extend((b"", part.content))
    return b"\r\n".join([*lines, mark + b"--", b""])
