"""What the tables hold of a statement beside its text: keys, references and when."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lrs.rules import times
from lrs.rules.identity import (
    ACTIVITY,
    AGENT,
    REGISTRATION,
    VERB,
    actor_identifier,
    key_of,
)
from lrs.rules.validation.statements import VOIDED

RELATED_AGENT = b"related-agent"
RELATED_ACTIVITY = b"related-activ"


@dataclass(frozen=True, slots=True)
class Facts:
    """The facts of one statement that queries ask for."""

    actor_key: int | None
    verb_key: int
    object_key: int | None
    """The activity, agent or identified group it is about."""
    registration_key: int | None
    timestamp: datetime | None
    """When it happened, if the statement says so."""
    target: UUID | None
    """The statement that its object refers to."""
    is_voiding: bool
    related: frozenset[int]
    """Keys of members of the actor and object (as agents), and of everything around them."""
    sums: tuple[str, ...]
    """SHA-2 sums of its attachments, those of a substatement included."""


def facts_of(statement: Mapping[str, Any]) -> Facts:
    """Return the facts of a statement that validation has accepted."""
    target = statement["object"]
    kind = target.get("objectType", "Activity")
    verb = statement["verb"]["id"]
    context = statement.get("context") or {}
    registration = context.get("registration")
    timestamp = statement.get("timestamp")
    related: set[int] = set()
    for actor in (statement["actor"], target):
        related.update(
            key_of(AGENT, identifier)
            for member in actor.get("member") or ()
            if (identifier := actor_identifier(member)) is not None
        )
    for identifier in _agents_around(statement):
        related.add(key_of(RELATED_AGENT, identifier))
    for iri in _activities_around(statement):
        related.add(key_of(RELATED_ACTIVITY, iri))
    own_actor = actor_identifier(statement["actor"])
    return Facts(
        actor_key=None if own_actor is None else key_of(AGENT, own_actor),
        verb_key=key_of(VERB, verb),
        object_key=_object_key(target, kind),
        registration_key=None
        if registration is None
        else key_of(REGISTRATION, registration.lower()),
        timestamp=None if timestamp is None else times.parse_instant(timestamp),
        target=UUID(target["id"]) if kind == "StatementRef" else None,
        is_voiding=verb == VOIDED and kind == "StatementRef",
        related=frozenset(related),
        sums=tuple(_sums(statement)),
    )


def _object_key(target: Mapping[str, Any], kind: str) -> int | None:
    if kind == "Activity":
        return key_of(ACTIVITY, target["id"])
    if kind in ("Agent", "Group"):
        identifier = actor_identifier(target)
        return None if identifier is None else key_of(AGENT, identifier)
    return None


def _with_members(actor: Mapping[str, Any]) -> Iterator[str]:
    for one in (actor, *(actor.get("member") or ())):
        identifier = actor_identifier(one)
        if identifier is not None:
            yield identifier


def _context_agents(context: Mapping[str, Any]) -> Iterator[str]:
    for name in ("instructor", "team"):
        if name in context:
            yield from _with_members(context[name])
    for related in context.get("contextAgents") or ():
        yield from _with_members(related["agent"])
    for related in context.get("contextGroups") or ():
        yield from _with_members(related["group"])


def _agents_around(statement: Mapping[str, Any]) -> Iterator[str]:
    if "context" in statement:
        yield from _context_agents(statement["context"])
    target = statement["object"]
    if target.get("objectType") == "SubStatement":
        yield from _with_members(target["actor"])
        if target["object"].get("objectType") in ("Agent", "Group"):
            yield from _with_members(target["object"])
        if "context" in target:
            yield from _context_agents(target["context"])


def _context_activities(statement: Mapping[str, Any]) -> Iterator[str]:
    groups = (statement.get("context") or {}).get("contextActivities") or {}
    for group in groups.values():
        for activity in group if isinstance(group, list) else (group,):
            yield activity["id"]


def _activities_around(statement: Mapping[str, Any]) -> Iterator[str]:
    yield from _context_activities(statement)
    target = statement["object"]
    if target.get("objectType") == "SubStatement":
        if target["object"].get("objectType", "Activity") == "Activity":
            yield target["object"]["id"]
        yield from _context_activities(target)


def _sums(statement: Mapping[str, Any]) -> Iterator[str]:
    for attachment in statement.get("attachments") or ():
        yield attachment["sha2"].lower()
    target = statement["object"]
    if target.get("objectType") == "SubStatement":
        for attachment in target.get("attachments") or ():
            yield attachment["sha2"].lower()


def activities_in(statement: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield every activity of a statement, with its definition if it has one."""
    target = statement["object"]
    kind = target.get("objectType", "Activity")
    if kind == "Activity":
        yield target
    elif kind == "SubStatement":
        yield from activities_in(target)
    groups = (statement.get("context") or {}).get("contextActivities") or {}
    for group in groups.values():
        yield from group if isinstance(group, list) else (group,)
