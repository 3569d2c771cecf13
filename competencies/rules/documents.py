"""What a framework says, whatever file it came from: the one shape readers make and services store."""

import hashlib
import json
import re
import uuid as uuids
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any

FRAMEWORKS = uuids.UUID("0f6f5f0c-6d1f-5c0e-9a3c-2b6c1d7e4a90")
"""Namespace of the uuids of frameworks that come without one of their own."""


@dataclass(frozen=True)
class LevelText:
    """A named, ranked step of the framework's scale; rank 1 is the lowest."""

    key: str
    rank: int
    name: str
    descriptor: str = ""


@dataclass(frozen=True)
class ItemText:
    """What one item says. ``identifier`` is what the source calls it, unique in the document.

    ``parent`` is another item's identifier, or None at the top. ``descriptors`` are by level key.
    ``extra`` is what the source said that has no field here, kept so that it goes out again.
    """

    identifier: str
    statement: str
    kind: str = "competency"
    parent: str | None = None
    code: str = ""
    title: str = ""
    notes: str = ""
    descriptors: Mapping[str, str] = field(default_factory=dict)
    changed_at: datetime | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class LinkText:
    """A link between two nodes, each ``{"identifier": …}`` with a title and address if known."""

    identifier: str
    kind: str
    origin: Mapping[str, Any]
    destination: Mapping[str, Any]
    sequence: int | None = None
    changed_at: datetime | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class FrameworkDocument:
    """A framework as one source gave it, items in reading order, parents before children.

    ``uuid`` is set when the source fixes the framework's identity; otherwise it follows from
    ``source`` and ``identifier``. ``counts_groups`` says whether groups are items of the source's
    own (CASE) or headings that its items stand under (a table). ``same_as`` is the uuid of the
    version that is known to say the same.
    """

    source: str
    identifier: str
    title: str
    items: tuple[ItemText, ...]
    links: tuple[LinkText, ...] = ()
    levels: tuple[LevelText, ...] = ()
    description: str = ""
    label: str = ""
    language: str = "en"
    creator: str = ""
    licence: str = ""
    status: str = "published"
    slug: str = ""
    is_shared: bool = False
    uuid: uuids.UUID | None = None
    changed_at: datetime | None = None
    counts_groups: bool = False
    same_as: uuids.UUID | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)

    @property
    def framework_uuid(self) -> uuids.UUID:
        return self.uuid or uuids.uuid5(FRAMEWORKS, f"{self.source} {self.identifier}")

    @property
    def item_count(self) -> int:
        """How many items the source has."""
        if self.counts_groups:
            return len(self.items)
        return sum(1 for item in self.items if item.kind == "competency")

    @property
    def sha256(self) -> str:
        """What tells one content from another: the same file read twice gives the same."""
        said = asdict(self)
        for key in ("slug", "is_shared", "uuid", "same_as"):
            said.pop(key)
        text = json.dumps(said, sort_keys=True, default=str, ensure_ascii=False)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


class UnreadableFile(ValueError):
    """A file is not what it should be; the message says what to do. Nothing of it is read."""


@dataclass(frozen=True)
class Refusal:
    """A part of a file that was not taken: where it stands (a line, or a path), and why."""

    where: str
    reason: str
    line: int | None = None

    def as_dict(self) -> dict[str, Any]:
        place: dict[str, Any] = {"line": self.line} if self.line else {"where": self.where}
        return {**place, "reason": self.reason}


@dataclass(frozen=True)
class Reading:
    """What was read from a file: frameworks, what was mended, left behind and refused."""

    documents: tuple[FrameworkDocument, ...]
    repaired: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()
    refused: tuple[Refusal, ...] = ()


def competency_uuid(framework_uuid: uuids.UUID, identifier: str) -> uuids.UUID:
    """Return the lasting uuid of an item: its framework's and what the source calls it."""
    return uuids.uuid5(framework_uuid, identifier)


def level_uuid(framework_uuid: uuids.UUID, key: str) -> uuids.UUID:
    """Return the lasting uuid of a level."""
    return uuids.uuid5(framework_uuid, f"level {key}")


def level_keys(names: Sequence[str]) -> dict[str, str]:
    """Return a short key for each level's name, each its own; level-1, level-2 … if need be."""
    keys: dict[str, str] = {}
    for rank, name in enumerate(names, start=1):
        key = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:36]
        keys[name] = key if key and key not in keys.values() else f"level-{rank}"
    return keys


def child_links(document_uuid: uuids.UUID, items: tuple[ItemText, ...]) -> tuple[LinkText, ...]:
    """Return the isChildOf links of a tree whose source writes none, numbered among siblings.

    An item at the top is a child of the document, as CASE has it.
    """
    links, counts = [], dict[str | None, int]()
    for item in items:
        counts[item.parent] = counts.get(item.parent, 0) + 1
        child = competency_uuid(document_uuid, item.identifier)
        parent = (
            competency_uuid(document_uuid, item.parent)
            if item.parent is not None
            else document_uuid
        )
        links.append(
            LinkText(
                identifier=str(uuids.uuid5(child, f"isChildOf {parent}")),
                kind="isChildOf",
                origin={"identifier": str(child)},
                destination={"identifier": str(parent)},
                sequence=counts[item.parent],
            )
        )
    return tuple(links)
