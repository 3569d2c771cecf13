"""The text we keep of a statement: what was sent, with what a record store adds.

It is put together from the text that was sent rather than written anew, so that a number keeps
every digit and an extension its exact form.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
import orjson

from lrs.rules.times import format_instant

_SHORTEST = len("2026-11-22T09:30:00Z")
_decode_top = msgspec.json.Decoder(dict[str, msgspec.Raw]).decode


def open_payload(
    *,
    raw: bytes,
    statement: Mapping[str, Any],
    statement_id: str,
    timestamp: datetime | None,
    authority: bytes,
    version: str,
) -> str:
    """Return the text of a statement up to when it was stored, which `close_payload` adds.

    Whoever stores it knows that moment last.

    Args:
        raw: the statement as sent, compact.
        statement: the same, parsed and validated.
        statement_id: as sent, or newly made.
        timestamp: when it happened; None if the statement does not say, which then is when it
            was stored.
        authority: the agent who vouches for it, as JSON.
        version: what a statement without a version is given.
    """
    parts: dict[str, Any] = _decode_top(raw)
    parts["id"] = b'"%s"' % statement_id.encode()
    parts.pop("stored", None)
    sent = statement.get("timestamp")
    if timestamp is not None and (
        sent is None or not sent.endswith("Z") or "-" not in sent or len(sent) < _SHORTEST
    ):
        parts["timestamp"] = b'"%s"' % format_instant(timestamp).encode()
    parts["authority"] = authority
    if "version" not in parts:
        parts["version"] = b'"%s"' % version.encode()
    if _has_single_activity(statement):
        parts["context"] = _with_lists(bytes(parts["context"]))
    target = statement["object"]
    if target.get("objectType") == "SubStatement" and _has_single_activity(target):
        inner: dict[str, Any] = _decode_top(parts["object"])
        inner["context"] = _with_lists(bytes(inner["context"]))
        parts["object"] = _join(inner)
    return _join(parts)[:-1].decode()


def close_payload(text: str, *, stored: str, has_timestamp: bool) -> str:
    """Return the text of a statement as the store gives it back.

    Args:
        text: what `open_payload` returned.
        stored: when it was stored, as we write it.
        has_timestamp: the statement says when it happened; if not, it was when it was stored.
    """
    happened = "" if has_timestamp else f',"timestamp":"{stored}"'
    return f'{text}{happened},"stored":"{stored}"}}'


def _has_single_activity(statement: Mapping[str, Any]) -> bool:
    groups = (statement.get("context") or {}).get("contextActivities")
    return groups is not None and any(type(group) is dict for group in groups.values())


def _with_lists(context: bytes) -> bytes:
    parts: dict[str, Any] = _decode_top(context)
    groups: dict[str, bytes] = {}
    for name, activities in _decode_top(parts["contextActivities"]).items():
        text = bytes(activities)
        groups[name] = text if text.startswith(b"[") else b"[" + text + b"]"
    parts["contextActivities"] = _join(groups)
    return _join(parts)


def _join(parts: Mapping[str, Any]) -> bytes:
    return (
        b"{"
        + b",".join(b"%s:%s" % (orjson.dumps(key), bytes(value)) for key, value in parts.items())
        + b"}"
    )
