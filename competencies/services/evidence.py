"""What activities are evidence of, and recording the evidence."""

import uuid as uuids
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any

from dateutil.relativedelta import relativedelta
from django.db import transaction

from competencies.models import (
    ActivityMapping,
    Competency,
    CompetencyVersion,
    Evidence,
    Level,
)
from competencies.signals import evidence_changed, mappings_changed
from organisations.models import Organisation, User


class LevelOfAnotherFramework(ValueError):
    """A level was named that does not belong to the competency's framework."""


class NoPublishedText(ValueError):
    """The competency is in no framework version that evidence could name."""


@dataclass(frozen=True)
class ShownCompetency:
    """What an activity is evidence of."""

    competency: Competency
    level: Level
    counts_past: bool = False
    months_valid: int | None = None

    def __post_init__(self) -> None:
        if self.level.framework_id != self.competency.framework_id:
            raise LevelOfAnotherFramework(
                f"{self.level} is not a level of the framework that {self.competency} is in."
            )


def current_item(competency: Competency) -> CompetencyVersion:
    """Return the competency's newest text; NoPublishedText when there is none."""
    item = competency.versions.order_by("-version__number").first()
    if item is None:
        raise NoPublishedText(str(competency))
    return item


@transaction.atomic
def set_activity_mappings(
    *, activity_iri: str, shown: Sequence[ShownCompetency], at: datetime
) -> int:
    """Make ``shown`` what the activity is evidence of from now on; return how many rows changed.

    Rows that say the same stay; others are ended at ``at`` and new ones added, never edited.

    Writes: ActivityMapping; announces mappings_changed on commit if anything changed. Safe to
    repeat.
    """
    wanted = {
        (wish.competency.pk, wish.level.pk, wish.counts_past, wish.months_valid): wish
        for wish in shown
    }
    changed = 0
    for row in ActivityMapping.objects.select_for_update().filter(
        activity_iri=activity_iri, ends_at__isnull=True
    ):
        key = (row.competency_id, row.level_id, row.counts_past, row.months_valid)
        if wanted.pop(key, None) is None:
            row.ends_at = max(at, row.starts_at)
            row.save(update_fields=["ends_at"])
            changed += 1
    ActivityMapping.objects.bulk_create(
        ActivityMapping(
            activity_iri=activity_iri,
            competency=wish.competency,
            level=wish.level,
            counts_past=wish.counts_past,
            months_valid=wish.months_valid,
            starts_at=at,
        )
        for wish in wanted.values()
    )
    changed += len(wanted)
    if changed:
        transaction.on_commit(
            partial(mappings_changed.send_robust, sender=ActivityMapping, activity_iri=activity_iri)
        )
    return changed


@transaction.atomic
def record_evidence(
    *,
    person: User,
    competency: Competency,
    level: Level | None,
    kind: str,
    observed_at: datetime,
    item: CompetencyVersion | None = None,
    source_organisation: Organisation | None = None,
    statement_uuid: uuids.UUID | None = None,
    rating_uuid: uuids.UUID | None = None,
    mapping: ActivityMapping | None = None,
    expires_on: date | None = None,
) -> Evidence:
    """Record a reason to believe that a person holds a competency at a level.

    Exactly one of ``statement_uuid`` and ``rating_uuid`` says where it comes from; ``level`` None
    says "not yet". Recording the same again returns what stands, open again if it was withdrawn.

    Writes: Evidence; announces evidence_changed on commit. Safe to repeat.
    """
    if level is not None and level.framework_id != competency.framework_id:
        raise LevelOfAnotherFramework(f"{level} is not a level of {competency}'s framework.")
    origin: dict[str, Any] = (
        {"rating_uuid": rating_uuid}
        if rating_uuid
        else {
            "statement_uuid": statement_uuid,
            "source_organisation": source_organisation,
            "person": person,
        }
    )
    row, _ = Evidence.objects.update_or_create(
        competency=competency,
        **origin,
        defaults={
            "person": person,
            "item": item or current_item(competency),
            "level": level,
            "kind": kind,
            "source_organisation": source_organisation,
            "mapping": mapping,
            "observed_at": observed_at,
            "expires_on": expires_on,
            "withdrawn_at": None,
        },
    )
    _announce(person.pk)
    return row


@transaction.atomic
def withdraw_evidence(
    *,
    at: datetime,
    statement_uuid: uuids.UUID | None = None,
    source_organisation: Organisation | None = None,
    rating_uuid: uuids.UUID | None = None,
) -> int:
    """Withdraw the evidence that came from a statement or a rating; return how many rows.

    Writes: Evidence.withdrawn_at; announces evidence_changed on commit. Safe to repeat.
    """
    rows = Evidence.objects.filter(withdrawn_at__isnull=True)
    if rating_uuid is not None:
        rows = rows.filter(rating_uuid=rating_uuid)
    else:
        rows = rows.filter(
            statement_uuid=statement_uuid, source_organisation=source_organisation
        ).exclude(statement_uuid=None)
    people = set(rows.values_list("person_id", flat=True))
    count = rows.update(withdrawn_at=at)
    for person_id in people:
        _announce(person_id)
    return count


def _announce(person_id: int) -> None:
    transaction.on_commit(
        partial(evidence_changed.send_robust, sender=Evidence, person_id=person_id)
    )


@dataclass(frozen=True)
class StatementEvidence:
    """What one statement is evidence of, to be recorded with many others at once."""

    person_id: int
    statement_uuid: uuids.UUID
    source_organisation_id: int | None
    mapping: ActivityMapping
    kind: str
    observed_at: datetime

    @property
    def expires_on(self) -> date | None:
        """When it lapses: so many months after it was observed, by the mapping."""
        months = self.mapping.months_valid
        if months is None:
            return None
        return (self.observed_at + relativedelta(months=months)).date()


@transaction.atomic
def settle_statement_evidence(
    *,
    statement_ids: Sequence[tuple[uuids.UUID, int | None]],
    wanted: Sequence[StatementEvidence],
    at: datetime,
) -> tuple[int, int]:
    """Make ``wanted`` all that these statements are evidence of; return (added, withdrawn).

    What stands and is wanted stays as it is, what is wanted and was withdrawn opens again, what
    stands and is not wanted is withdrawn. A fixed number of queries, whatever the number of
    statements.

    Args:
        statement_ids: each with whose record store it is in.
        wanted: of these statements alone.
        at: when what is not wanted counts as withdrawn.

    Writes: Evidence; announces evidence_changed on commit. Safe to repeat.
    """
    standing = {
        (row.statement_uuid, row.source_organisation_id, row.person_id, row.competency_id): row
        for row in Evidence.objects.filter(statement_uuid__in={one for one, _ in statement_ids})
        if (row.statement_uuid, row.source_organisation_id) in set(statement_ids)
    }
    items = _current_items({one.mapping.competency_id for one in wanted})
    fresh: list[Evidence] = []
    changed: list[Evidence] = []
    for one in wanted:
        mapping = one.mapping
        key = (
            one.statement_uuid,
            one.source_organisation_id,
            one.person_id,
            mapping.competency_id,
        )
        row = standing.pop(key, None)
        if row is None:
            fresh.append(
                Evidence(
                    person_id=one.person_id,
                    competency_id=mapping.competency_id,
                    item_id=items[mapping.competency_id],
                    level_id=mapping.level_id,
                    kind=one.kind,
                    source_organisation_id=one.source_organisation_id,
                    statement_uuid=one.statement_uuid,
                    mapping=mapping,
                    observed_at=one.observed_at,
                    expires_on=one.expires_on,
                )
            )
        elif row.withdrawn_at is not None or row.mapping_id != mapping.pk:
            row.withdrawn_at, row.mapping, row.level_id = None, mapping, mapping.level_id
            row.expires_on = one.expires_on
            changed.append(row)
    gone = [row for row in standing.values() if row.withdrawn_at is None]
    for row in gone:
        row.withdrawn_at = at
    Evidence.objects.bulk_create(fresh, batch_size=500)
    Evidence.objects.bulk_update(
        [*changed, *gone], ["withdrawn_at", "mapping", "level", "expires_on"], batch_size=200
    )
    for person_id in {row.person_id for row in (*fresh, *changed, *gone)}:
        _announce(person_id)
    return len(fresh) + len(changed), len(gone)


def _current_items(competency_ids: set[int]) -> dict[int, int]:
    newest = dict(
        CompetencyVersion.objects.filter(competency_id__in=competency_ids)
        .order_by("version__number", "pk")
        .values_list("competency_id", "pk")
    )
    missing = competency_ids - newest.keys()
    if missing:
        raise NoPublishedText(str(sorted(missing)))
    return newest
