"""When two statements are one and the same.

The standard (1.0.3, Data 2.3.1) says what may differ without making another statement: what a
store assigns, how an instant is written, the order of a group's members, displays of verbs,
definitions of activities, case where case has no meaning, and fractions of a duration below
0.01 seconds.
"""

import json
from collections.abc import Mapping
from typing import Any

import orjson

from lrs.rules.identity import actor_identifier
from lrs.rules.times import comparable_duration, parse_instant

SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"


def are_equivalent(first: Mapping[str, Any], second: Mapping[str, Any]) -> bool:
    """Return whether two valid statements say the same.

    An id or a timestamp that one of them lacks is taken for the other's: a store assigns both.
    """
    one, other = _comparable(first), _comparable(second)
    for name in ("id", "timestamp"):
        if name not in one or name not in other:
            one.pop(name, None)
            other.pop(name, None)
    return _canonical(one) == _canonical(other)


def without_signatures(statement: Mapping[str, Any]) -> dict[str, Any]:
    """Return a statement as it was before it was signed."""
    bare = dict(statement)
    rest = [
        attachment
        for attachment in bare.pop("attachments", ())
        if attachment["usageType"] != SIGNATURE
    ]
    if rest:
        bare["attachments"] = rest
    return bare


def _canonical(value: Any) -> str:
    try:
        return orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()
    except orjson.JSONEncodeError:  # a whole number longer than 64 bits, in what was made here
        return json.dumps(value, sort_keys=True)


def _comparable(statement: Mapping[str, Any]) -> dict[str, Any]:
    same = {
        key: value
        for key, value in statement.items()
        if key not in ("stored", "authority", "version")
    }
    if "id" in same:
        same["id"] = same["id"].lower()
    same["actor"] = _actor(statement["actor"])
    same["verb"] = statement["verb"]["id"]
    same["object"] = _object(statement["object"])
    if "timestamp" in same:
        same["timestamp"] = parse_instant(same["timestamp"]).isoformat()
    if "context" in same:
        same["context"] = _context(same["context"])
    duration = same.get("result", {}).get("duration")
    if duration is not None:
        same["result"] = {**same["result"], "duration": comparable_duration(duration)}
    if "attachments" in same:
        same["attachments"] = sorted(same["attachments"], key=_canonical)
    return same


def _actor(actor: Mapping[str, Any]) -> dict[str, Any]:
    same: dict[str, Any] = {
        "objectType": actor.get("objectType", "Agent"),
        "identifier": actor_identifier(actor),
    }
    if "name" in actor:
        same["name"] = actor["name"]
    if "member" in actor:
        same["member"] = sorted((_actor(member) for member in actor["member"]), key=_canonical)
    return same


def _object(target: Mapping[str, Any]) -> dict[str, Any]:
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        return {"activity": target["id"]}
    if kind in ("Agent", "Group"):
        return _actor(target)
    if kind == "StatementRef":
        return {"statement": target["id"].lower()}
    return _comparable(target)


def _context(context: Mapping[str, Any]) -> dict[str, Any]:
    same = dict(context)
    if "registration" in same:
        same["registration"] = same["registration"].lower()
    for name in ("instructor", "team"):
        if name in same:
            same[name] = _actor(same[name])
    if "statement" in same:
        same["statement"] = same["statement"]["id"].lower()
    for name, whom in (("contextAgents", "agent"), ("contextGroups", "group")):
        if name in same:
            same[name] = [{**related, whom: _actor(related[whom])} for related in same[name]]
    if "contextActivities" in same:
        same["contextActivities"] = {
            name: [activity["id"] for activity in (group if isinstance(group, list) else [group])]
            for name, group in same["contextActivities"].items()
        }
    return same
