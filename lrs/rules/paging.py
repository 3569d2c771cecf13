"""How a list is continued: everything the next page needs, in one short token."""

import base64
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import orjson

DEFAULT_LIMIT = 100
MOST = 500
_LONGEST_TOKEN = 20_000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Position:
    """The last statement of a page: the next page starts after it."""

    stored: datetime
    seq: int


def page_size(limit: int | None) -> int:
    """Return how many statements a page holds; 0 means as many as we allow."""
    return DEFAULT_LIMIT if limit is None else min(limit or MOST, MOST)


def write_token(parameters: Mapping[str, str], position: Position) -> str:
    """Return a token for the page after this position of a query."""
    micros = (position.stored - _EPOCH) // timedelta(microseconds=1)
    text = orjson.dumps([dict(parameters), micros, position.seq])
    return base64.urlsafe_b64encode(zlib.compress(text, 9)).decode().rstrip("=")


def read_token(token: str) -> tuple[dict[str, str], Position]:
    """Return the parameters and position of a token.

    Raises:
        ValueError: we did not write this token.
    """
    try:
        parameters, position = _unpack(token)
    except (ValueError, TypeError, AttributeError, OverflowError, zlib.error) as error:
        raise ValueError("This address of a further page is not one of ours.") from error
    return parameters, position


def _unpack(token: str) -> tuple[dict[str, str], Position]:
    if len(token) > _LONGEST_TOKEN:
        raise ValueError("too long")
    packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    if base64.urlsafe_b64encode(packed).decode().rstrip("=") != token:
        raise ValueError("more than it needs")
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(packed, 100 * _LONGEST_TOKEN)
    if not unpacker.eof or unpacker.unused_data:
        raise ValueError("cut short or gone on")
    parameters, micros, seq = orjson.loads(text)
    if not all(type(part) is str for item in parameters.items() for part in item):
        raise ValueError("not text")
    if type(micros) is not int or type(seq) is not int or abs(seq) >= 2**63:
        raise ValueError("not a position")
    return parameters, Position(_EPOCH + timedelta(microseconds=micros), seq)
