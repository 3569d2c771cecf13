"""What is sent on of a statement, to whom, and what an answer to it means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Any, Final, Protocol
from uuid import UUID

import msgspec
import orjson

_decode_top = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode
_OURS: Final = ("stored", "authority")


class Meaning(Enum):
    """What an answer says about what was sent."""

    ARRIVED = "arrived"
    REFUSED = "refused"
    """It is the statement's fault, or that of one among them."""
    DOUBTFUL = "doubtful"
    """It may be the statement's fault or the receiver's."""
    UNWELL = "unwell"
    """It is the receiver's fault or that of how it was set up here: all of them have to wait."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one request; ``trouble`` is a word of `lrs.enums.SendingTrouble`."""

    meaning: Meaning
    trouble: str = ""
    detail: str = ""
    wait_seconds: float = 0.0
    """How long the receiver asks us to wait."""


ARRIVED: Final = Verdict(Meaning.ARRIVED)


@dataclass(frozen=True, slots=True)
class Item:
    """One statement on its way."""

    seq: int
    stored: datetime
    uuid: UUID
    learner_key: int
    payload: str
    is_void: bool = False
    attachments: Mapping[str, bytes] = field(default_factory=dict)
    """The contents it speaks of, by SHA-2 sum, as far as we hold them."""


class Keyed(Protocol):
    """A statement by its keys."""

    @property
    def verb_key(self) -> int: ...
    @property
    def object_key(self) -> int | None: ...
    @property
    def actor_key(self) -> int | None: ...
    @property
    def registration_key(self) -> int | None: ...
    @property
    def stored(self) -> datetime: ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which statements a receiver gets; an empty list lets all through."""

    verb_keys: frozenset[int] = frozenset()
    activity_keys: frozenset[int] = frozenset()
    actor_keys: frozenset[int] = frozenset()
    registration_key: int | None = None
    stored_from: datetime | None = None
    success: bool | None = None
    completion: bool | None = None

    def by_keys(self, statement: Keyed) -> bool:
        """Return whether a statement is wanted as far as its keys tell."""
        return (
            (not self.verb_keys or statement.verb_key in self.verb_keys)
            and (not self.activity_keys or statement.object_key in self.activity_keys)
            and (not self.actor_keys or statement.actor_key in self.actor_keys)
            and self.registration_key in (None, statement.registration_key)
            and (self.stored_from is None or statement.stored >= self.stored_from)
        )

    def by_result(self, payload: str) -> bool:
        """Return whether a statement is wanted as far as its result tells."""
        if self.success is None and self.completion is None:
            return True
        result: dict[str, Any] = orjson.loads(payload).get("result") or {}
        return all(
            wanted is None or result.get(name) is wanted
            for name, wanted in (("success", self.success), ("completion", self.completion))
        )


EVERYTHING: Final = Wanted()


def text_to_send(payload: str, *, version: str) -> bytes:
    """Return a statement without what its new store says itself, every digit as it was.

    Args:
        payload: as we give it back.
        version: that the receiver is spoken to in. A statement of a newer one goes without its
            version: what it says may still fit, and if not the receiver will say so.
    """
    parts: dict[str, msgspec.Raw] = _decode_top(payload)
    for name in _OURS:
        parts.pop(name, None)
    if version.startswith("1.") and bytes(parts.get("version", b"")).startswith(b'"2.'):
        parts.pop("version")
    return (
        b"{"
        + b",".join(b"%s:%s" % (orjson.dumps(key), bytes(text)) for key, text in parts.items())
        + b"}"
    )


def batches(items: Sequence[Item], *, most: int, most_bytes: int) -> list[list[Item]]:
    """Return items in batches, in order, each of at most so many and, if it can be, so long."""
    found: list[list[Item]] = []
    size = 0
    for item in items:
        length = len(item.payload) + sum(len(one) for one in item.attachments.values())
        if not found or len(found[-1]) >= most or size + length > most_bytes:
            found.append([])
            size = 0
        found[-1].append(item)
        size += length
    return found


def said(status: int, body: bytes) -> str:
    """Return what a receiver said, short and without what could harm whoever reads it."""
    return f"{status}: {said_text(body[:2000].decode('utf-8', 'replace'))}"[:400].rstrip(": ")


def said_text(text: str) -> str:
    """Return a text of somebody else's in at most 400 characters, all of which can be shown."""
    shown = "".join(letter if letter.isprintable() else " " for letter in text[:2000])
    return " ".join(shown.split())[:400]
