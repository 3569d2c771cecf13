"""Go on from where projection stopped; go back where what counts has changed."""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import OperationalError, transaction

from competencies.services import settle_statement_evidence
from lrs.queries import (
    StoredStatement,
    statements_after,
)
from records.models import ProjectionCursor, RecordEntry, UnreadStatement
from records.rules.projection import what_it_shows
from records.services.projection import (
    CHUNK,
    Projected,
    Shown,
    evidence_of,
    people_of,
    project_statements,
)

logger = logging.getLogger(__name__)

CURSOR = "records"


def catch_up(
    *, at: datetime, most: int | None = None, progress: Callable[[int], None] = lambda n: None
) -> Projected:
    """Project what the log holds beyond the cursor, chunk by chunk; each chunk is kept.

    The signal that statements were stored is only a nudge: this is what makes sure. Two at once
    are safe, since each holds the cursor while it works. A statement that cannot be read is put
    aside with the reason, and holds up nobody else's.

    Writes: as project_statements, ProjectionCursor and UnreadStatement.
    """
    ProjectionCursor.objects.get_or_create(name=CURSOR)
    total = Projected()
    while most is None or total.statements < most:
        with transaction.atomic():
            cursor = ProjectionCursor.objects.select_for_update().get(name=CURSOR)
            following = statements_after(cursor.position, limit=CHUNK)
            if not following.statements:
                return total
            total += _project_or_park(following.statements, at=at)
            cursor.position, cursor.moved_at = following.cursor, at
            cursor.save(update_fields=["position", "moved_at"])
        progress(total.statements)
    return total


def _project_or_park(statements: Sequence[StoredStatement], *, at: datetime) -> Projected:
    try:
        with transaction.atomic():
            return project_statements(statements=statements, at=at)
    except OperationalError:
        raise
    except Exception:
        logger.warning("a chunk cannot be read at once; reading it one by one", exc_info=True)
    total = Projected()
    for one in statements:
        try:
            with transaction.atomic():
                total += project_statements(statements=[one], at=at)
        except OperationalError:
            raise
        except Exception as error:
            logger.exception(
                "a statement cannot be read into records", extra={"statement": str(one.id)}
            )
            UnreadStatement.objects.update_or_create(
                statement_uuid=one.id,
                source_organisation_id=one.organisation_id,
                defaults={"reason": repr(error)[:500], "failed_at": at},
            )
            total += Projected(statements=1)
    return total


def read_again(
    *,
    statements: Sequence[StoredStatement],
    statement_ids: Sequence[UUID],
    organisation_id: int | None,
    at: datetime,
) -> None:
    """Bring records in line with statements that were redacted, renamed or removed.

    What a statement told of somebody of whom it no longer tells leaves their record: the entry is
    deleted, since it would say whose the statement was, and its evidence is withdrawn.

    Args:
        statements: those still there, as they are now.
        statement_ids: of all of them.
        organisation_id: whose record store; None for what was done here.
        at: now.

    Writes: as project_statements; deletes RecordEntry. Safe to repeat.
    """
    people = people_of(statements)
    told = {one.id: people[one.seq] for one in statements if one.seq in people}
    for start in range(0, len(statement_ids), CHUNK):
        part = statement_ids[start : start + CHUNK]
        entries = RecordEntry.objects.filter(
            statement_uuid__in=part, source_organisation_id=organisation_id
        )
        strangers = [
            pk
            for pk, uuid, person_id in entries.values_list("pk", "statement_uuid", "person_id")
            if told.get(uuid) != person_id
        ]
        RecordEntry.objects.filter(pk__in=strangers).delete()
        silent = [(uuid, organisation_id) for uuid in part if uuid not in told]
        settle_statement_evidence(statement_ids=silent, wanted=[], at=at)
    _project_or_park(statements, at=at)


def project_activity_again(*, activity_iri: str, at: datetime) -> Projected:
    """Project again what is known of an activity, after what it is evidence of has changed.

    Writes: as project_statements. Safe to repeat.
    """
    rows = RecordEntry.objects.filter(
        activity_iri=activity_iri, retracted_at__isnull=True, kind__in=["completed", "passed"]
    )
    total = Projected()
    chunk: list[RecordEntry] = []
    for row in rows.order_by("pk").iterator(chunk_size=CHUNK):
        chunk.append(row)
        if len(chunk) == CHUNK:
            total += _settle_entries(chunk, at=at)
            chunk = []
    return total + _settle_entries(chunk, at=at)


@transaction.atomic
def _settle_entries(rows: Sequence[RecordEntry], *, at: datetime) -> Projected:
    things = [
        Shown(
            person_id=row.person_id,
            statement_uuid=row.statement_uuid,
            source_organisation_id=row.source_organisation_id,
            activity_iri=row.activity_iri,
            kind=shows,
            occurred_at=row.occurred_at,
        )
        for row in rows
        if (shows := what_it_shows(kind=row.kind, is_success=row.is_success)) is not None
    ]
    added, withdrawn = settle_statement_evidence(
        statement_ids=[(row.statement_uuid, row.source_organisation_id) for row in rows],
        wanted=evidence_of(things),
        at=at,
    )
    return Projected(statements=len(rows), evidence=added, withdrawn=withdrawn)
