"""How far one tenant's log has been read: a place in the order of reading, and its text."""

import base64
import hashlib
import struct
from dataclasses import dataclass
from typing import Final

_FORM: Final = struct.Struct(">IQQ")
_SUM_BYTES: Final = 4


class ForeignCursor(ValueError):
    """A text that is no cursor of this record store."""


@dataclass(frozen=True, slots=True, order=True)
class Reach:
    """The last statement that was read: its transaction, 0 on SQLite, and its number."""

    xid: int = 0
    seq: int = 0


BEGINNING: Final = Reach()


def write_cursor(tenant_id: int, reach: Reach) -> str:
    """Return the text that a reader keeps and sends back, which says nothing to them."""
    packed = _FORM.pack(tenant_id, reach.xid, reach.seq)
    return base64.urlsafe_b64encode(packed + _sum(packed)).decode()


def read_cursor(tenant_id: int, text: str) -> Reach:
    """Return the place a cursor names; an empty one is the beginning.

    Raises:
        ForeignCursor: with a sentence that says what to do.
    """
    if not text:
        return BEGINNING
    try:
        data = base64.b64decode(text, altchars=b"-_", validate=True)
    except ValueError:
        data = b""
    packed, check = data[:-_SUM_BYTES], data[-_SUM_BYTES:]
    if len(packed) != _FORM.size or _sum(packed) != check:
        raise ForeignCursor(
            "This is not a cursor of ours. Send the one from our last answer as it came, or leave "
            "it out to begin with the first statement."
        )
    whose, xid, seq = _FORM.unpack(packed)
    if whose != tenant_id:
        raise ForeignCursor(
            "This cursor is of another organisation's record store; leave it out to begin here."
        )
    if seq >= 2**63:
        raise ForeignCursor("This cursor names no statement; leave it out to begin.")
    return Reach(xid, seq)


def _sum(packed: bytes) -> bytes:
    return hashlib.blake2b(packed, digest_size=_SUM_BYTES, person=b"reading").digest()
