"""A statement without a trace of somebody, or with another identifier for them; else unchanged.

What is not touched keeps its exact form: every digit of a number, the order of keys.
"""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import msgspec

from lrs.rules.equivalence import SIGNATURE
from lrs.rules.who import Stand, Who, agent_named, sum_of

_IDENTIFYING: Final = ("mbox", "mbox_sha1sum", "openid", "account")
_DEPTH: Final = 20_000
_decode = msgspec.json.Decoder(float_hook=lambda text: msgspec.Raw(text.encode())).decode

_FIXED: Final = frozenset(("objectType", "language", "duration", "sha2", "interactionType"))
_ASIDE: Final = _FIXED | {"id", "stored", "timestamp", "version"}
"""Of a statement or a reference to one: what stays whatever it says."""


@dataclass(frozen=True, slots=True)
class Cut:
    """What else goes from statements that are by or about the person."""

    extensions: bool = False
    """Extensions of result and context. The response always goes."""


@dataclass(slots=True)
class Rewritten:
    """A statement after it was rewritten."""

    statement: dict[str, Any]
    payload: str
    sums: list[str] = field(default_factory=list)
    """SHA-2 sums of attachments it no longer has."""


def redact(payload: str, who: Who, stand: Stand, cut: Cut) -> Rewritten | None:
    """Return a statement in which nothing names somebody; None if nothing did.

    Where they are an agent, the stand-in takes their place without a name; in other text, the
    stand-in's own. From what is by or about them the response and attachments go, and from any
    that names them the signature, since it no longer holds: the context then says so.

    Args:
        payload: of a valid statement.
        who: is to be found no more.
        stand: instead of them.
        cut: what else goes.
    """
    with _room_to_nest():
        statement = _decode(payload)
        sums: list[str] = []
        is_found = False
        for level in _levels(statement):
            is_theirs = _replace(level, who, lambda _: stand.agent, keeps_name=False)
            if is_theirs is None:
                continue
            is_found = True
            if is_theirs:
                _cut(level, cut, sums)
        is_found = _scrub(statement, who, stand) or is_found
        if not is_found:
            return None
        _drop_signatures(statement, stand.base, sums)
        return Rewritten(statement, msgspec.json.encode(statement).decode(), sums)


def rename(payload: str, who: Who, new: str, base: str) -> Rewritten | None:
    """Return a statement in which somebody goes by another identifier; None if they are not in it.

    A form that hid the address behind its SHA-1 sum goes on hiding it. Names and text stay.
    """

    def instead(actor: Mapping[str, Any]) -> dict[str, Any]:
        hides = "mbox_sha1sum" in actor and new.startswith("mbox::")
        return agent_named(sum_of(new) if hides else new)

    with _room_to_nest():
        statement = _decode(payload)
        found = [_replace(level, who, instead, keeps_name=True) for level in _levels(statement)]
        if all(one is None for one in found):
            return None
        sums: list[str] = []
        _drop_signatures(statement, base, sums)
        return Rewritten(statement, msgspec.json.encode(statement).decode(), sums)


def read_payload(payload: str) -> dict[str, Any]:
    """Return a stored statement; numbers that are no integers stand as they were sent."""
    with _room_to_nest():
        statement: dict[str, Any] = _decode(payload)
        return statement


def scrub_json(text: str, who: Who, stand: Stand) -> str | None:
    """Return any JSON without what names somebody; None if nothing in it does."""
    with _room_to_nest():
        value = [_decode(text)]
        if not _scrub(value, who, stand):
            return None
        return msgspec.json.encode(value[0]).decode()


@contextmanager
def _room_to_nest() -> Iterator[None]:
    # what could be stored under a shallower stack must be read again under a deeper one
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEPTH))
    try:
        yield
    finally:
        sys.setrecursionlimit(before)


def _levels(statement: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield statement
    target = statement["object"]
    if target.get("objectType") == "SubStatement":
        yield target


def _places(level: dict[str, Any]) -> Iterator[tuple[dict[str, Any], str, bool]]:
    """Yield where an agent or group stands, and whether the statement is by or about it."""
    yield level, "actor", True
    if level["object"].get("objectType") in ("Agent", "Group"):
        yield level, "object", True
    if "authority" in level:
        yield level, "authority", False
    context = level.get("context") or {}
    for name in ("instructor", "team"):
        if name in context:
            yield context, name, False
    for name, whom in (("contextAgents", "agent"), ("contextGroups", "group")):
        for related in context.get(name) or ():
            yield related, whom, False


def _replace(
    level: dict[str, Any],
    who: Who,
    instead: Callable[[Mapping[str, Any]], dict[str, Any]],
    *,
    keeps_name: bool,
) -> bool | None:
    """Replace who is meant; None if they are not there, else whether it is by or about them."""
    theirs: bool | None = None
    for holder, key, is_close in _places(level):
        actor = holder[key]
        if who.is_meant_by(actor):
            holder[key] = actor = _renamed(actor, instead(actor), keeps_name)
            theirs = theirs or is_close
        members = actor.get("member") or []
        for position, member in enumerate(members):
            if who.is_meant_by(member):
                members[position] = _renamed(member, instead(member), keeps_name)
                theirs = theirs or is_close
    return theirs


def _renamed(
    actor: Mapping[str, Any], agent: Mapping[str, Any], keeps_name: bool
) -> dict[str, Any]:
    kept: dict[str, Any] = {}
    for key, value in actor.items():
        if key in _IDENTIFYING:
            kept.update(agent)
        elif key != "name" or keeps_name:
            kept[key] = value
    return kept


def _cut(level: dict[str, Any], cut: Cut, sums: list[str]) -> None:
    result = level.get("result")
    if result is not None:
        result.pop("response", None)
        if cut.extensions:
            result.pop("extensions", None)
    if cut.extensions and "context" in level:
        level["context"].pop("extensions", None)
    sums.extend(one["sha2"].lower() for one in level.pop("attachments", ()))


def _drop_signatures(statement: dict[str, Any], base: str, sums: list[str]) -> None:
    is_signed = False
    for level in _levels(statement):
        kept = []
        for attachment in level.get("attachments") or ():
            if attachment["usageType"] == SIGNATURE:
                sums.append(attachment["sha2"].lower())
                is_signed = True
            else:
                kept.append(attachment)
        if kept:
            level["attachments"] = kept
        else:
            level.pop("attachments", None)
    if is_signed:
        extensions = statement.setdefault("context", {}).setdefault("extensions", {})
        extensions[f"{base}/xapi/extensions/signature-removed"] = True


def _scrub(value: Any, who: Who, stand: Stand) -> bool:
    """Replace in place whatever text names somebody, keys too; return whether any did."""
    is_found = False
    waiting: list[tuple[Any, frozenset[str], bool]] = [(value, _ASIDE, False)]
    while waiting:
        holder, aside, is_free = waiting.pop()
        if isinstance(holder, dict):
            is_found = (is_free and _scrub_keys(holder, who, stand)) or is_found
            places: Any = list(holder.items())
            if not is_free and holder.get("objectType") == "StatementRef":
                aside = _ASIDE
        else:
            places = list(enumerate(holder))
        for key, item in places:
            if isinstance(item, (dict, list)):
                inner_free = is_free or key == "extensions"
                waiting.append((item, frozenset() if inner_free else _FIXED, inner_free))
            elif isinstance(item, str) and key not in aside:
                whole = is_free and who.is_whole_value(item)
                clean = stand.instead_of("name") if whole else who.without(item, stand)
                if clean != item:
                    holder[key] = clean
                    is_found = True
    return is_found


def _scrub_keys(holder: dict[str, Any], who: Who, stand: Stand) -> bool:
    clean = {key: who.without(key, stand) for key in holder}
    if all(key == new for key, new in clean.items()):
        return False
    items = [(clean[key], item) for key, item in holder.items()]
    holder.clear()
    holder.update(items)
    return True
