"""From statements to entries and evidence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from competencies.models import ActivityMapping
from competencies.queries import mappings_counting_for
from competencies.services import StatementEvidence, settle_statement_evidence
from lrs.queries import (
    StoredStatement,
    split_identifier,
)
from lrs.statements import extension_iri
from organisations.enums import MembershipStatus
from organisations.models import Membership, User
from organisations.queries import iri_base
from records.models import IdentityLink, RecordEntry
from records.rules.projection import (
    MappingFact,
    Reading,
    mappings_that_count,
    reading_of,
    when_it_counts,
)

CHUNK = 500
"""How many statements are read at once."""


@dataclass(frozen=True)
class Projected:
    """What a projection did."""

    statements: int = 0
    entries: int = 0
    evidence: int = 0
    withdrawn: int = 0
    waiting: int = 0

    def __add__(self, other: "Projected") -> "Projected":
        return Projected(
            self.statements + other.statements,
            self.entries + other.entries,
            self.evidence + other.evidence,
            self.withdrawn + other.withdrawn,
            self.waiting + other.waiting,
        )


@transaction.atomic
def project_statements(*, statements: Sequence[StoredStatement], at: datetime) -> Projected:
    """Read statements into the records of the people they are about.

    Those whose actor nobody is proved to be wait. Void ones retract what they had projected. A
    fixed number of queries, whatever the number of statements.

    Writes: RecordEntry, Evidence. Safe to repeat, in any order.
    """
    people = people_of(statements)
    void_targets = {(one.voids, one.organisation_id) for one in statements if one.voids is not None}
    known = [
        (one, people[one.seq])
        for one in statements
        if one.seq in people and not one.is_void and one.voids is None and not _tells_of_rating(one)
    ]
    readings = [
        (one, person_id, reading)
        for one, person_id in known
        if (reading := reading_of(one.payload)) is not None
    ]
    entries = _write_entries(readings)
    added, withdrawn = settle_statement_evidence(
        statement_ids=[(one.id, one.organisation_id) for one in statements],
        wanted=evidence_of(_shown(readings)),
        at=at,
    )
    void_targets |= {(one.id, one.organisation_id) for one in statements if one.is_void}
    withdrawn += retract(void_targets, at=at)
    return Projected(
        statements=len(statements),
        entries=entries,
        evidence=added,
        withdrawn=withdrawn,
        waiting=sum(1 for one in statements if one.seq not in people and one.actor_key is not None),
    )


def _tells_of_rating(statement: StoredStatement) -> bool:
    """A rating is a row of its own and the truth; the statement about it is not read."""
    extensions = (statement.payload.get("context") or {}).get("extensions") or {}
    return statement.organisation_id is None and extension_iri("rating") in extensions


def people_of(statements: Sequence[StoredStatement]) -> dict[int, int]:
    """Return whose each statement is, by its number, where that is proved."""
    own: dict[int, UUID] = {}
    for one in statements:
        if one.actor is None:
            continue
        kind, home_page, name = split_identifier(one.actor)
        if kind == "account" and home_page == iri_base():
            try:
                own[one.seq] = UUID(name)
            except ValueError:
                continue
    people = {
        user.uuid: user.merged_into_id or user.pk
        for user in User.objects.filter(uuid__in=set(own.values())).only(
            "pk", "uuid", "merged_into_id"
        )
    }
    employers = _employers(
        {people[uuid] for uuid in own.values() if uuid in people},
        {one.organisation_id for one in statements if one.organisation_id is not None},
    )
    links: dict[tuple[int, int | None], int] = {
        (row.actor_key, row.organisation_id): row.person_id
        for row in IdentityLink.objects.filter(
            actor_key__in={one.actor_key for one in statements if one.actor_key is not None},
            ends_at__isnull=True,
        )
    }
    found: dict[int, int] = {}
    for one in statements:
        if one.seq in own:
            person_id = people.get(own[one.seq])
            # our own accounts in another's statements count only for who works there
            is_theirs = one.organisation_id is None or (person_id, one.organisation_id) in employers
            if person_id is not None and is_theirs:
                found[one.seq] = person_id
        elif one.actor_key is not None:
            person_id = links.get((one.actor_key, one.organisation_id)) or links.get(
                (one.actor_key, None)
            )
            if person_id is not None:
                found[one.seq] = person_id
    return found


def _employers(person_ids: set[int], organisation_ids: set[int]) -> set[tuple[int | None, int]]:
    if not organisation_ids:
        return set()
    return set(
        Membership.objects.filter(
            person_id__in=person_ids,
            organisation_id__in=organisation_ids,
            status=MembershipStatus.ACTIVE,
        ).values_list("person_id", "organisation_id")
    )


Known = Sequence[tuple[StoredStatement, int, Reading]]


def _write_entries(readings: Known) -> int:
    standing = {
        (row.statement_uuid, row.source_organisation_id): row
        for row in RecordEntry.objects.filter(
            statement_uuid__in=[one.id for one, _, _ in readings]
        ).only("pk", "statement_uuid", "source_organisation_id", "person_id", "retracted_at")
    }
    fresh = []
    moved = []
    for one, person_id, reading in readings:
        row = standing.get((one.id, one.organisation_id))
        if row is None:
            fresh.append(
                RecordEntry(
                    person_id=person_id,
                    statement_uuid=one.id,
                    source_organisation_id=one.organisation_id,
                    kind=reading.kind,
                    verb_iri=reading.verb_iri[:500],
                    activity_iri=reading.activity_iri[:500],
                    activity_name=dict(reading.activity_name),
                    occurred_at=when_it_counts(said=one.timestamp, stored=one.stored),
                    score_scaled=reading.score_scaled,
                    is_success=reading.is_success,
                    duration_seconds=reading.duration_seconds,
                    language=reading.language[:35],
                )
            )
        elif row.person_id != person_id or row.retracted_at is not None:
            row.person_id, row.retracted_at = person_id, None
            moved.append(row)
    RecordEntry.objects.bulk_create(fresh, batch_size=500)
    RecordEntry.objects.bulk_update(moved, ["person_id", "retracted_at"], batch_size=200)
    return len(fresh) + len(moved)


@dataclass(frozen=True)
class Shown:
    """Something done that may be evidence, whoever tells of it: a statement or an entry."""

    person_id: int
    statement_uuid: UUID
    source_organisation_id: int | None
    activity_iri: str
    kind: str
    occurred_at: datetime


def evidence_of(things: Sequence[Shown]) -> list[StatementEvidence]:
    """Return what things done are evidence of, by the mappings that count for them. One query.

    Our own courses and quizzes are for this platform alone to tell of: what another system says of
    them stands in the record as its word, and shows nothing.
    """
    ours = f"{iri_base()}/activities/"
    things = [
        one
        for one in things
        if one.source_organisation_id is None or not one.activity_iri.startswith(ours)
    ]
    rows = mappings_counting_for(activity_iris={one.activity_iri for one in things})
    wanted: list[StatementEvidence] = []
    for one in things:
        by_id: Mapping[int, ActivityMapping] = {
            row.pk: row for row in rows.get(one.activity_iri, ())
        }
        facts = [
            MappingFact(row.pk, row.competency_id, row.starts_at, row.ends_at, row.counts_past)
            for row in by_id.values()
        ]
        wanted.extend(
            StatementEvidence(
                person_id=one.person_id,
                statement_uuid=one.statement_uuid,
                source_organisation_id=one.source_organisation_id,
                mapping=by_id[chosen.id],
                kind=one.kind,
                observed_at=one.occurred_at,
            )
            for chosen in mappings_that_count(mappings=facts, occurred_at=one.occurred_at).values()
        )
    return wanted


def _shown(readings: Known) -> list[Shown]:
    return [
        Shown(
            person_id=person_id,
            statement_uuid=one.id,
            source_organisation_id=one.organisation_id,
            activity_iri=reading.activity_iri,
            kind=reading.shows,
            occurred_at=when_it_counts(said=one.timestamp, stored=one.stored),
        )
        for one, person_id, reading in readings
        if reading.shows is not None
    ]


def retract(targets: Iterable[tuple[UUID | None, int | None]], *, at: datetime) -> int:
    """Take back what statements had brought; return how much evidence was withdrawn.

    Writes: RecordEntry.retracted_at, Evidence.withdrawn_at. Safe to repeat.
    """
    rule = Q(pk__in=[])
    ids = []
    for uuid, organisation_id in targets:
        if uuid is not None:
            ids.append((uuid, organisation_id))
            rule |= Q(statement_uuid=uuid, source_organisation_id=organisation_id)
    if not ids:
        return 0
    RecordEntry.objects.filter(rule, retracted_at__isnull=True).update(retracted_at=at)
    return settle_statement_evidence(statement_ids=ids, wanted=[], at=at)[1]
