"""Make records again from the log, and tell what came out differently."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction

from competencies.models import Evidence
from lrs.queries import (
    statements_after,
)
from organisations.models import User
from records.models import RecordEntry, UnreadStatement
from records.services.projection import CHUNK, people_of, project_statements, retract


@dataclass(frozen=True)
class Rebuilt:
    """What rebuilding found."""

    statements: int
    entries: int
    evidence: int
    differences: int


def rebuild_record(*, person: User, at: datetime) -> Rebuilt:
    """Make one person's entries and evidence again from the log. Ratings stay.

    Writes: RecordEntry, Evidence. Safe to repeat.
    """
    return rebuild_records(at=at, only_person=person)


@transaction.atomic
def rebuild_records(
    *,
    at: datetime,
    only_person: User | None = None,
    keep: bool = True,
    progress: Callable[[int], None] = lambda n: None,
) -> Rebuilt:
    """Project the whole log again and count what came out differently.

    Args:
        at: when evidence that should not be counts as withdrawn.
        only_person: whose record alone.
        keep: False only compares, and leaves everything as it was.
        progress: is told how many statements have been read.

    Writes: RecordEntry, Evidence, unless ``keep`` is False. Safe to repeat.
    """
    before = _fingerprint(only_person)
    if only_person is not None:
        RecordEntry.objects.filter(person=only_person).update(retracted_at=at)
    seen: dict[int | None, set[UUID]] = defaultdict(set)
    statements = 0
    cursor = ""
    while (following := statements_after(cursor, limit=CHUNK)).statements:
        cursor = following.cursor
        chunk = following.statements
        if only_person is not None:
            theirs = people_of(chunk)
            chunk = [one for one in chunk if theirs.get(one.seq) == only_person.pk]
        project_statements(statements=chunk, at=at)
        statements += len(chunk)
        progress(statements)
        for one in chunk:
            seen[one.organisation_id].add(one.id)
    _drop_unfounded(seen, only_person=only_person, at=at)
    if only_person is None:
        UnreadStatement.objects.all().delete()
    after = _fingerprint(only_person)
    if not keep:
        transaction.set_rollback(True)
    return Rebuilt(
        statements=statements,
        entries=sum(1 for kind, *_ in after if kind == "entry"),
        evidence=sum(1 for kind, *_ in after if kind == "evidence"),
        differences=len(before ^ after),
    )


def _drop_unfounded(
    seen: Mapping[int | None, set[UUID]], *, only_person: User | None, at: datetime
) -> None:
    rows = RecordEntry.objects.filter(retracted_at__isnull=True)
    if only_person is not None:
        rows = rows.filter(person=only_person)
    unfounded = [
        (uuid, organisation_id)
        for uuid, organisation_id in rows.values_list("statement_uuid", "source_organisation_id")
        if uuid not in seen[organisation_id]
    ]
    for start in range(0, len(unfounded), 200):
        retract(unfounded[start : start + 200], at=at)


def _fingerprint(only_person: User | None) -> set[tuple[object, ...]]:
    entries = RecordEntry.objects.filter(retracted_at__isnull=True)
    rows = Evidence.objects.filter(withdrawn_at__isnull=True, statement_uuid__isnull=False)
    if only_person is not None:
        entries, rows = entries.filter(person=only_person), rows.filter(person=only_person)
    return {
        ("entry", *row)
        for row in entries.values_list(
            "person_id", "statement_uuid", "source_organisation_id", "kind", "activity_iri"
        )
    } | {
        ("evidence", *row)
        for row in rows.values_list(
            "person_id",
            "statement_uuid",
            "source_organisation_id",
            "competency_id",
            "level_id",
            "mapping_id",
        )
    }
