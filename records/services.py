"""Read statements into people's records, and keep the two in step."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction
from django.db.models import Q

from competencies.models import ActivityMapping, Evidence
from competencies.queries import mappings_counting_for
from competencies.services import StatementEvidence, settle_statement_evidence
from lrs.queries import (
    StoredStatement,
    key_of_identifier,
    split_identifier,
    statements_after,
    statements_by_actor,
)
from lrs.statements import extension_iri
from organisations.enums import MembershipStatus
from organisations.models import AccountSystem, Membership, Organisation, User
from organisations.queries import iri_base
from records.enums import Proof
from records.models import IdentityLink, ProjectionCursor, RecordEntry
from records.rules.projection import MappingFact, Reading, mappings_that_count, reading_of

CURSOR = "records"
CHUNK = 500


class IdentityTaken(Exception):
    """The actor is already proved to be somebody else."""


class NotTheirsToProve(Exception):
    """The organisation does not own the system that the account is in."""


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
    people = _people_of(statements)
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
        wanted=_evidence_of(readings),
        at=at,
    )
    void_targets |= {(one.id, one.organisation_id) for one in statements if one.is_void}
    withdrawn += _retract(void_targets, at=at)
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


def _people_of(statements: Sequence[StoredStatement]) -> dict[int, int]:
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
                    occurred_at=one.timestamp,
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


def _evidence_of(readings: Known) -> list[StatementEvidence]:
    showing = [(one, person_id, reading) for one, person_id, reading in readings if reading.shows]
    rows = mappings_counting_for(activity_iris={reading.activity_iri for *_, reading in showing})
    wanted = []
    for one, person_id, reading in showing:
        by_id: Mapping[int, ActivityMapping] = {
            row.pk: row for row in rows.get(reading.activity_iri, ())
        }
        facts = [
            MappingFact(row.pk, row.competency_id, row.starts_at, row.ends_at, row.counts_past)
            for row in by_id.values()
        ]
        wanted.extend(
            StatementEvidence(
                person_id=person_id,
                statement_uuid=one.id,
                source_organisation_id=one.organisation_id,
                mapping=by_id[chosen.id],
                kind=str(reading.shows),
                observed_at=one.timestamp,
            )
            for chosen in mappings_that_count(mappings=facts, occurred_at=one.timestamp).values()
        )
    return wanted


def _retract(targets: Iterable[tuple[UUID | None, int | None]], *, at: datetime) -> int:
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


def catch_up(
    *, at: datetime, most: int | None = None, progress: Callable[[int], None] = lambda n: None
) -> Projected:
    """Project what the log holds beyond the cursor, chunk by chunk; each chunk is kept.

    The signal that statements were stored is only a nudge: this is what makes sure. Two at once
    are safe, since each holds the cursor while it works.

    Writes: as project_statements, and ProjectionCursor.
    """
    ProjectionCursor.objects.get_or_create(name=CURSOR)
    total = Projected()
    while most is None or total.statements < most:
        with transaction.atomic():
            cursor = ProjectionCursor.objects.select_for_update().get(name=CURSOR)
            following = statements_after(cursor.position, limit=CHUNK)
            if not following.statements:
                return total
            total += project_statements(statements=following.statements, at=at)
            cursor.position, cursor.moved_at = following.cursor, at
            cursor.save(update_fields=["position", "moved_at"])
        progress(total.statements)
    return total


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
    mappings = mappings_counting_for(activity_iris={row.activity_iri for row in rows})
    wanted = []
    for row in rows:
        shows = Reading(row.kind, row.verb_iri, row.activity_iri, is_success=row.is_success).shows
        by_id = {one.pk: one for one in mappings.get(row.activity_iri, ())}
        if shows is None:
            continue
        facts = [
            MappingFact(one.pk, one.competency_id, one.starts_at, one.ends_at, one.counts_past)
            for one in by_id.values()
        ]
        wanted.extend(
            StatementEvidence(
                person_id=row.person_id,
                statement_uuid=row.statement_uuid,
                source_organisation_id=row.source_organisation_id,
                mapping=by_id[chosen.id],
                kind=shows,
                observed_at=row.occurred_at,
            )
            for chosen in mappings_that_count(mappings=facts, occurred_at=row.occurred_at).values()
        )
    added, withdrawn = settle_statement_evidence(
        statement_ids=[(row.statement_uuid, row.source_organisation_id) for row in rows],
        wanted=wanted,
        at=at,
    )
    return Projected(statements=len(rows), evidence=added, withdrawn=withdrawn)


@transaction.atomic
def link_identity(
    *,
    person: User,
    actor: str,
    proof: Proof,
    at: datetime,
    organisation: Organisation | None = None,
    proved_by: User | None = None,
) -> Projected:
    """Settle that an actor in statements is this person, and project what waited.

    Args:
        person: who it is.
        actor: the identifier as `lrs.queries` gives it.
        proof: how we know.
        at: since when.
        organisation: who vouches, for an account in a system of theirs; None for an address.
        proved_by: who confirmed it, if somebody did.

    Raises: IdentityTaken, NotTheirsToProve.
    Writes: IdentityLink, and as project_statements. Safe to repeat.
    """
    kind, home_page, _ = split_identifier(actor)
    if (
        kind == "account"
        and not AccountSystem.objects.filter(
            home_page=home_page, organisation=organisation
        ).exists()
    ):
        raise NotTheirsToProve(home_page)
    key = key_of_identifier(actor)
    row, _is_new = IdentityLink.objects.get_or_create(
        actor_key=key,
        organisation=organisation,
        ends_at=None,
        defaults={
            "actor": actor,
            "person": person,
            "proof": proof,
            "proved_by": proved_by,
            "starts_at": at,
        },
    )
    if row.person_id != person.pk:
        raise IdentityTaken(actor)
    return _project_waiting(key=key, organisation=organisation, at=at)


def _project_waiting(*, key: int, organisation: Organisation | None, at: datetime) -> Projected:
    tenants: list[int | None] = (
        [organisation.pk]
        if organisation
        else list(Organisation.objects.order_by("pk").values_list("pk", flat=True))
    )
    total = Projected()
    for tenant in tenants:
        after = 0
        while rows := statements_by_actor(
            [key], organisation_id=tenant, after_seq=after, limit=CHUNK
        ):
            total += project_statements(statements=rows, at=at)
            after = rows[-1].seq
    return total


def link_verified_address(*, person: User, address: str, at: datetime) -> Projected:
    """Settle that statements about a verified e-mail address are about this person.

    Raises: IdentityTaken.
    Writes: IdentityLink for the address and for its SHA-1 sum, and as project_statements.
    """
    local, _, domain = address.rpartition("@")
    mailto = f"mailto:{local}@{domain.lower()}"
    digest = hashlib.sha1(mailto.encode(), usedforsecurity=False).hexdigest()
    total = Projected()
    for actor in (f"mbox::{mailto}", f"mbox_sha1sum::{digest}"):
        total += link_identity(person=person, actor=actor, proof=Proof.VERIFIED_EMAIL, at=at)
    return total


@transaction.atomic
def end_identity_link(*, link: IdentityLink, at: datetime) -> None:
    """End a link; what it had brought into the record goes out again.

    Writes: IdentityLink.ends_at, RecordEntry, Evidence.
    """
    IdentityLink.objects.filter(pk=link.pk).update(ends_at=at)
    rebuild_record(person=link.person, at=at)


def link_known_addresses(*, at: datetime) -> int:
    """Link every verified address that is not linked yet; return how many. The sweep behind
    the signal.

    Writes: as link_verified_address. Safe to repeat.
    """
    linked = set(
        IdentityLink.objects.filter(proof=Proof.VERIFIED_EMAIL, ends_at__isnull=True).values_list(
            "actor", flat=True
        )
    )
    count = 0
    for row in EmailAddress.objects.filter(verified=True).select_related("user").iterator():
        local, _, domain = row.email.rpartition("@")
        if f"mbox::mailto:{local}@{domain.lower()}" not in linked:
            try:
                link_verified_address(person=row.user, address=row.email, at=at)
            except IdentityTaken:
                continue
            count += 1
    return count


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
            theirs = _people_of(chunk)
            chunk = [one for one in chunk if theirs.get(one.seq) == only_person.pk]
        project_statements(statements=chunk, at=at)
        statements += len(chunk)
        progress(statements)
        for one in chunk:
            seen[one.organisation_id].add(one.id)
    _drop_unfounded(seen, only_person=only_person, at=at)
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
        _retract(unfounded[start : start + 200], at=at)


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
