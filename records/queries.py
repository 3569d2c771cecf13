"""Questions about one person's learning record."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q
from django.utils.translation import get_language

from competencies.models import Evidence
from organisations.models import User
from organisations.queries import iri_base
from records.enums import EntryKind
from records.models import RecordEntry

QUIET = (EntryKind.ANSWERED, EntryKind.STARTED, EntryKind.EXPERIENCED, EntryKind.OTHER)


class NotYourRecord(Exception):
    """A record was asked for whole by somebody whose it is not."""


def name_in(names: Mapping[str, str], *, language: str) -> str:
    """Return the name in this language, else in English, else in any."""
    for code in (language, f"{language}-GB", "en", "en-GB", "en-US"):
        if names.get(code):
            return names[code]
    return next(iter(names.values()), "")


def entries_of(
    *, viewer: User, learner: User, most: int, visible: Q | None = None
) -> list[RecordEntry]:
    """Return a person's latest entries worth listing, newest first, each with its ``name``.

    The person sees all of their own; for anybody else ``visible`` says which. One query.
    """
    rows = RecordEntry.objects.filter(person=learner, retracted_at__isnull=True).exclude(
        kind__in=QUIET
    )
    if viewer.pk != learner.pk:
        rows = rows.filter(visible if visible is not None else Q(pk__in=[]))
    found = list(rows.select_related("source_organisation").order_by("-occurred_at", "-pk")[:most])
    for row in found:
        row.name = name_in(row.activity_name, language=get_language() or "en") or row.activity_iri
    return found


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
    evidence = Evidence.objects.filter(person=learner, withdrawn_at__isnull=True)
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
            for row in evidence.select_related(
                "competency", "item__version", "level", "source_organisation"
            ).order_by("observed_at", "pk")
        ],
    }
