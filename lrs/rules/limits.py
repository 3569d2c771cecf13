"""What a credential or an agreement is limited to, and whether a statement is within."""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from lrs.rules.formats import is_iri
from lrs.rules.identity import actor_identifier, split_identifier
from lrs.rules.validation.statements import VOIDED

_ORIGIN: Final = re.compile(r"https?://(?:[a-z0-9.\-]+|\[[0-9a-f:.]+\])(?::\d{1,5})?")


class BeyondLimits(Exception):
    """A key that is limited was used for something else.

    Attributes:
        path: where, as a JSON path or the name of a parameter.
    """

    def __init__(self, path: str, message: str) -> None:
        super().__init__(message)
        self.path = path


@dataclass(frozen=True, slots=True)
class Limits:
    """What may be written and read about; empty or None means anything.

    A statement is about the activity that is its object, or that of its substatement. One
    about another statement is about no activity, so a limit to verbs or activities leaves it out:
    what that other statement says could be told from it.
    """

    verbs: tuple[str, ...] = ()
    """IRIs."""
    activities: tuple[str, ...] = ()
    """IRIs; one that ends in ``*`` stands for all that begin so."""
    with_children: bool = False
    """Also statements that name such an activity as parent or grouping."""
    agent: str | None = None
    """The identifier of the one actor."""
    registration: str | None = None

    @property
    def exact_activities(self) -> tuple[str, ...] | None:
        """The activities, if none stands for all that begin so; None if one does, or no limit."""
        if not self.activities or any(iri.endswith("*") for iri in self.activities):
            return None
        return self.activities

    def covers_activity(self, iri: str) -> bool:
        """Return whether an activity is within."""
        return not self.activities or any(
            iri.startswith(one[:-1]) if one.endswith("*") else iri == one for one in self.activities
        )

    def covers_agent(self, identifier: str | None) -> bool:
        """Return whether an actor is within; an e-mail address and its SHA-1 sum are one."""
        if self.agent is None or identifier == self.agent:
            return True
        return identifier is not None and _sum_of(identifier) == _sum_of(self.agent)

    def covers_registration(self, registration: str | None) -> bool:
        """Return whether a registration, or none, is within."""
        if self.registration is None:
            return True
        return registration is not None and registration.lower() == self.registration.lower()

    def covers(self, statement: Mapping[str, Any]) -> bool:
        """Return whether a statement is within."""
        return self.beyond(statement) is None

    def beyond(self, statement: Mapping[str, Any]) -> tuple[str, str] | None:
        """Return where a statement is beyond, as a path without its start, and why; None if not."""
        if not self.covers_agent(actor_identifier(statement["actor"])):
            return "actor", "This key is for one actor only, and the statement has another."
        context = statement.get("context") or {}
        if not self.covers_registration(context.get("registration")):
            return (
                "context.registration",
                "This key is for one registration only; send the statement with it.",
            )
        if self.verbs and statement["verb"]["id"] not in self.verbs:
            return "verb.id", "This is not one of the verbs agreed upon."
        if (self.activities or self.verbs) and _is_reference(statement):
            return "object", "This key is limited, and not for statements about statements."
        if self.activities and not self._is_about(statement):
            return "object.id", "This key is limited to certain activities; this is another."
        return None

    def _is_about(self, statement: Mapping[str, Any]) -> bool:
        target = statement["object"]
        if target.get("objectType") == "SubStatement":
            target = target["object"]
        is_activity = target.get("objectType", "Activity") == "Activity"
        if is_activity and self.covers_activity(target["id"]):
            return True
        return self.with_children and any(map(self.covers_activity, _above(statement)))

    def contain(self, other: "Limits") -> bool:
        """Return whether whatever is within the other is within these."""
        return (
            (self.agent is None or (other.agent is not None and self.covers_agent(other.agent)))
            and self.covers_registration(other.registration)
            and (self.with_children or not other.with_children or not self.activities)
            and (
                not self.activities
                or (bool(other.activities) and all(map(self.covers_activity, other.activities)))
            )
        )


def check_within(
    limits: Limits | None, statements: Sequence[Mapping[str, Any]], *, is_batch: bool
) -> None:
    """Refuse statements that a limited key may not send; without limits it may send any.

    Raises:
        BeyondLimits: the first of them.
    """
    if limits is None:
        return
    for position, statement in enumerate(statements):
        found = limits.beyond(statement)
        if found is None and _is_reference(statement) and statement["verb"]["id"] == VOIDED:
            found = "verb.id", "This key is limited, and not for voiding statements."
        if found is not None:
            start = f"$[{position}]" if is_batch else "$"
            raise BeyondLimits(f"{start}.{found[0]}", found[1])


def is_activity_limit(text: str) -> bool:
    """Return whether the text is an IRI, or the beginning of one with ``*`` at its end."""
    return is_iri(text[:-1] if text.endswith("*") else text) and len(text) <= 2_000


def is_origin(text: str) -> bool:
    """Return whether the text is a web address as browsers name an origin."""
    return _ORIGIN.fullmatch(text) is not None


def _is_reference(statement: Mapping[str, Any]) -> bool:
    target = statement["object"]
    if target.get("objectType") == "SubStatement":
        target = target["object"]
    return target.get("objectType") == "StatementRef"


def _above(statement: Mapping[str, Any]) -> Iterator[str]:
    groups = (statement.get("context") or {}).get("contextActivities") or {}
    for name in ("parent", "grouping"):
        found = groups.get(name) or ()
        for activity in (found,) if isinstance(found, dict) else found:
            yield activity["id"]


def _sum_of(identifier: str) -> str:
    scheme, _, value = split_identifier(identifier)
    if scheme != "mbox":
        return identifier
    digest = hashlib.sha1(value.encode(), usedforsecurity=False).hexdigest()
    return f"mbox_sha1sum::{digest}"
