"""From the bytes of a request to JSON, with every oddity named and none guessed at."""

import json
import re
from dataclasses import dataclass
from typing import Any, Final

import msgspec
import orjson

from lrs.rules.refusal import Refusal

MOST_STATEMENTS: Final = 50_000
"""Statements in one request; more is a mistake, and would hold the store for too long."""

MOST_LEVELS: Final = 250
"""Of objects and arrays within one another; what is accepted must be written again, in any form."""

_SPACED_COLON = re.compile(rb'"[ \t\r\n]+:')
_TOO_DEEP: Final = f"Nest less deeply: there may be {MOST_LEVELS} levels."
_ESCAPED_ASCII = re.compile(rb"\\u00[0-7]")
_decode_list = msgspec.json.Decoder(list[msgspec.Raw]).decode


@dataclass(frozen=True, slots=True)
class Parsed:
    """A request body of statements."""

    statements: list[Any]
    """As Python values, not yet validated."""
    raws: list[bytes]
    """The same, as text without idle white space; numbers as they were sent."""
    is_batch: bool
    """An array was sent, not a single statement."""


def parse_json(body: bytes, *, path: str = "$") -> Any:
    """Return the value of a JSON text.

    Raises:
        Refusal: not UTF-8, not JSON, nested too deep, a number no computer holds, or a key
            that an object has twice.
    """
    try:
        value = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Refusal(path, "json", _why_not_json(body, error)) from error
    try:
        written = orjson.dumps([[[[value]]]])  # it writes 254 levels
    except orjson.JSONEncodeError as error:
        raise Refusal(path, "json", _TOO_DEEP) from error
    if _may_repeat_a_key(body, written):
        _refuse_repeated_keys(body, path)
    return value


def parse_statements(body: bytes) -> Parsed:
    """Return the statements of a request body, one or many.

    Raises:
        Refusal: as for ``parse_json``; or neither an object nor an array; or too many.
    """
    value = parse_json(body)
    if isinstance(value, dict):
        return Parsed([value], [_compact(body)], is_batch=False)
    if not isinstance(value, list):
        raise Refusal("$", "batch", "Send one statement as an object, or several as an array.")
    if len(value) > MOST_STATEMENTS:
        message = f"Send at most {MOST_STATEMENTS} statements at once; this has {len(value)}."
        raise Refusal("$", "batch", message)
    raws = [bytes(raw) for raw in _decode_list(_compact(body))]
    return Parsed(value, raws, is_batch=True)


def _compact(body: bytes) -> bytes:
    return msgspec.json.format(body, indent=-1)


def _why_not_json(body: bytes, error: orjson.JSONDecodeError) -> str:
    if not body.strip():
        return "The body is empty; send JSON."
    if body.startswith(b"\xef\xbb\xbf"):
        return "Leave out the byte order mark at the start."
    where = f"line {error.lineno}, column {error.colno}"
    try:
        body.decode()
    except UnicodeDecodeError as wrong:
        return f"Send UTF-8: the byte at position {wrong.start} is not."
    if "depth" in error.msg:
        return _TOO_DEEP
    return f"Send well-formed JSON: {error.msg} ({where})."


def _may_repeat_a_key(body: bytes, written: bytes) -> bool:
    # Keys end in `":`. Our own writing of the value has each key once, so as many ends of keys
    # in what was sent means that none was repeated. Text inside strings can hold `":` too, but
    # never oftener in our writing than in theirs, unless theirs hides it behind an escape.
    if _ESCAPED_ASCII.search(body):
        return True
    ends = body.count(b'":') + len(_SPACED_COLON.findall(body))
    return ends != written.count(b'":')


def _refuse_repeated_keys(body: bytes, path: str) -> None:
    def unique(pairs: list[tuple[str, Any]]) -> None:
        seen: set[str] = set()
        for key, _ in pairs:
            if key in seen:
                raise Refusal(path, "format", f"An object has the key {key[:80]!r} twice.")
            seen.add(key)

    json.loads(body, object_pairs_hook=unique)
