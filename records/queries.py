"""Questions about one person's learning record."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from competencies.models import Evidence
from lrs.queries import key_of_identifier, split_identifier
from organisations.models import Organisation, User
from organisations.queries import iri_base
from records.enums import EntryKind
from records.models import IdentityLink, RecordEntry

QUIET = (EntryKind.ANSWERED, EntryKind.STARTED, EntryKind.EXPERIENCED, EntryKind.OTHER)


class NotYourRecord(Exception):
    """A record was asked for whole by somebody whose it is not."""


def entries_of(
    *, viewer: User, learner: User, most: int, visible: Q | None = None
) -> list[RecordEntry]:
    """Return a person's latest entries worth listing, newest first, each with its ``name``.

    The person sees all of their own; for anybody else ``visible`` says which. One query.
    """
    rows = _worth_listing(learner)
    if viewer.pk != learner.pk:
        rows = rows.filter(visible if visible is not None else Q(pk__in=[]))
    return list(rows.select_related("source_organisation").order_by("-occurred_at", "-pk")[:most])


def history_of(
    *, viewer: User, learner: User, year: int | None = None, kind: str = ""
) -> QuerySet[RecordEntry]:
    """Return all of a person's own entries worth listing, newest first; of a year, of a kind.

    Raises: NotYourRecord.
    """
    if viewer.pk != learner.pk:
        raise NotYourRecord
    rows = _worth_listing(learner)
    if year is not None:
        rows = rows.filter(occurred_at__year=year)
    if kind:
        rows = rows.filter(kind=kind)
    return rows.select_related("source_organisation").order_by("-occurred_at", "-pk")


def years_of(*, viewer: User, learner: User) -> list[int]:
    """Return the years that a person's own entries are from, newest first. One query.

    Raises: NotYourRecord.
    """
    if viewer.pk != learner.pk:
        raise NotYourRecord
    return [day.year for day in _worth_listing(learner).datetimes("occurred_at", "year", "DESC")]


def evidence_of(*, viewer: User, learner: User) -> list[Evidence]:
    """Return all of a person's own evidence, newest first, lapsed or not. One query.

    Raises: NotYourRecord.
    """
    if viewer.pk != learner.pk:
        raise NotYourRecord
    return list(
        Evidence.objects.filter(person=learner, withdrawn_at__isnull=True)
        .select_related("competency", "item__version", "level", "source_organisation")
        .order_by("-observed_at", "-pk")
    )


def _worth_listing(learner: User) -> QuerySet[RecordEntry]:
    return RecordEntry.objects.filter(person=learner, retracted_at__isnull=True).exclude(
        kind__in=QUIET
    )


def how_many_finished(*, activity_iri: str) -> int:
    """Return how many people have completed or passed an activity, so far as we know. One query."""
    return (
        RecordEntry.objects.filter(
            activity_iri=activity_iri,
            retracted_at__isnull=True,
            kind__in=[EntryKind.COMPLETED, EntryKind.PASSED],
        )
        .values("person")
        .distinct()
        .count()
    )


def record_as_json(*, viewer: User, learner: User) -> dict[str, Any]:
    """Return a person's whole record, for themselves to take along.

    Raises: NotYourRecord.
    """
    if viewer.pk != learner.pk:
        raise NotYourRecord
    entries = RecordEntry.objects.filter(person=learner, retracted_at__isnull=True)
    evidence = reversed(evidence_of(viewer=viewer, learner=learner))
    return {
        "person": {
            "identifier": f"{iri_base()}/people/{learner.uuid}",
            "name": learner.full_name,
            "language": learner.language,
        },
        "entries": [
            {
                "statement": str(row.statement_uuid),
                "kind": row.kind,
                "verb": row.verb_iri,
                "activity": {"id": row.activity_iri, "name": row.activity_name},
                "occurred_at": row.occurred_at.isoformat(),
                "score_scaled": row.score_scaled,
                "success": row.is_success,
                "duration_seconds": row.duration_seconds,
                "language": row.language,
                "recorded_by": str(row.source_organisation) if row.source_organisation else None,
            }
            for row in entries.select_related("source_organisation").order_by("occurred_at", "pk")
        ],
        "evidence": [
            {
                "competency": {
                    "id": str(row.competency.uuid),
                    "code": row.item.code,
                    "statement": row.item.statement,
                    "framework": row.item.version.title,
                    "framework_version": row.item.version.label,
                },
                "level": row.level.name if row.level else None,
                "kind": row.kind,
                "observed_at": row.observed_at.isoformat(),
                "expires_on": row.expires_on.isoformat() if row.expires_on else None,
                "statement": str(row.statement_uuid) if row.statement_uuid else None,
                "rating": str(row.rating_uuid) if row.rating_uuid else None,
                "recorded_by": str(row.source_organisation) if row.source_organisation else None,
            }
            for row in evidence
        ],
    }


def people_behind(
    *, actors: Iterable[str], organisation: Organisation | None, at: datetime
) -> set[int]:
    """Return the ids of the people we know among actors; at most two queries.

    Args:
        actors: identifiers as `lrs` gives them.
        organisation: whose record store names them; None for the platform's own.
        at: when.
    """
    keys, own = [], []
    for actor in actors:
        kind, home_page, name = split_identifier(actor)
        if kind == "account" and home_page == iri_base():
            own.append(name)
        else:
            keys.append(key_of_identifier(actor))
    links = IdentityLink.objects.filter(
        Q(ends_at__isnull=True) | Q(ends_at__gt=at),
        Q(organisation__isnull=True) | Q(organisation=organisation),
        actor_key__in=keys,
    )
    found = set(links.values_list("person_id", flat=True)) if keys else set()
    uuids = [uuid for name in own if (uuid := _uuid_in(name)) is not None]
    if uuids:
        users = User.objects.filter(uuid__in=uuids)
        found.update(merged or pk for pk, merged in users.values_list("pk", "merged_into_id"))
    return found


def _uuid_in(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
