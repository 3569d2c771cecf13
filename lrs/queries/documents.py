"""Documents of state and profiles, and what the store knows of activities and agents."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from lrs.enums import DocumentKind
from lrs.models import ActivityDefinition, Document, Statement, Tenant
from lrs.rules.identity import ACTIVITY, AGENT, REGISTRATION, key_of

_DOCUMENT = b"document"
_STATEMENTS_TO_NAME_AN_AGENT = 50


@dataclass(frozen=True, slots=True)
class DocumentPlace:
    """Where a document is kept; parts its kind does not have are None."""

    kind: DocumentKind
    activity: str | None = None
    """An IRI."""
    agent: str | None = None
    """An identifier (`lrs.queries.identifier_of`)."""
    registration: str | None = None
    document_id: str | None = None

    @property
    def registration_key(self) -> int:
        """The key of the registration; 0 without one."""
        return key_of(REGISTRATION, self.registration.lower()) if self.registration else 0

    def group(self) -> dict[str, Any]:
        """Return what all documents of the same activity and agent share."""
        return {
            "kind": self.kind,
            "activity_key": key_of(ACTIVITY, self.activity) if self.activity else 0,
            "agent_key": key_of(AGENT, self.agent) if self.agent else 0,
        }

    def keys(self) -> dict[str, Any]:
        """Return what one document is found by."""
        return {
            **self.group(),
            "registration_key": self.registration_key,
            "document_key": key_of(_DOCUMENT, self.document_id or ""),
        }


def document(*, tenant: Tenant, place: DocumentPlace) -> Document | None:
    """Return a document; None if there is none."""
    return Document.objects.filter(tenant=tenant, **place.keys()).first()


def document_ids(
    *, tenant: Tenant, place: DocumentPlace, since: datetime | None = None
) -> dict[str, datetime]:
    """Return the documents of an activity, an agent or both: ids and changes, oldest first.

    Args:
        tenant: whose.
        place: a registration narrows to its own; without one, those of all are listed.
        since: only those changed after this.
    """
    found = Document.objects.filter(tenant=tenant, **place.group())
    if place.registration is not None:
        found = found.filter(registration_key=place.registration_key)
    if since is not None:
        found = found.filter(updated_at__gt=since)
    return dict(found.order_by("updated_at", "id").values_list("document_id", "updated_at"))


def definitions(*, tenant: Tenant, activities: Collection[str]) -> dict[str, dict[str, Any]]:
    """Return what the store itself says these activities are, by IRI; unknown ones are left out."""
    keys = [key_of(ACTIVITY, iri) for iri in activities]
    rows = ActivityDefinition.objects.filter(tenant=tenant, key__in=keys)
    return {row.iri: orjson.loads(row.definition) for row in rows}


def names_of_agent(*, tenant: Tenant, identifier: str) -> list[str]:
    """Return the names an agent has gone by in recent statements, most recent first."""
    payloads = (
        Statement.objects.filter(tenant=tenant, actor_key=key_of(AGENT, identifier))
        .order_by("-stored", "-seq")
        .values_list("payload", flat=True)[:_STATEMENTS_TO_NAME_AN_AGENT]
    )
    names = [orjson.loads(payload)["actor"].get("name") for payload in payloads]
    return list(dict.fromkeys(name for name in names if name))
