"""What is there after the crashes, beside what the senders were told."""

import http.client
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

import orjson
from django.db.models import Count
from django.test import override_settings

from lrs.models import Statement, StatementId, StatementKey, Tenant
from lrs.queries import identifier_of, key_of_identifier
from lrs.rules.facts import facts_of
from lrs.services import issue_credential
from organisations.models import Organisation
from records.enums import Proof
from records.models import IdentityLink, RecordEntry
from records.services import catch_up, rebuild_records
from tests.bench.record_store.sending import Door
from tests.factories.organisations import PersonFactory
from tests.lrs.crash.databases import Database, opened
from tests.lrs.crash.writing import KNOWN, Told

ASKERS = 4


@dataclass
class Judgement:
    """What was found; every list is empty where nothing is lost and nothing double."""

    statements: int = 0
    acknowledged: int = 0
    entries: int = 0
    lost: list[str] = field(default_factory=list)
    """Acknowledged, and not found by id, in the lists, or in the tables."""
    double: list[str] = field(default_factory=list)
    halves: list[list[str]] = field(default_factory=list)
    """Requests of which a part is there."""
    strange: list[str] = field(default_factory=list)
    """Rows that do not fit together, and answers that nobody should get."""

    @property
    def is_clean(self) -> bool:
        """Whether nothing was found."""
        return not (self.lost or self.double or self.halves or self.strange)


def prepare(database: Database, *, port: int) -> Door:
    """Make a credential and a person to whom some statements belong; return the door to send to."""
    with opened(database):
        organisation = Organisation.objects.create(name="Aber Trust", sector="other")
        issued = issue_credential(
            organisation=organisation, scopes=["all"], starts_at=datetime(2020, 1, 1, tzinfo=UTC)
        )
        identifier = identifier_of({"mbox": f"mailto:{KNOWN}"})
        assert identifier is not None
        IdentityLink.objects.create(
            person=PersonFactory(email=KNOWN),
            actor=identifier,
            actor_key=key_of_identifier(identifier),
            proof=Proof.VERIFIED_EMAIL,
            starts_at=datetime(2020, 1, 1, tzinfo=UTC),
        )
    return Door(port, issued.key, issued.secret)


def judge(database: Database, door: Door, told: Told) -> Judgement:
    """Ask for every statement by id, read all lists, count all rows, and project them."""
    found = Judgement(acknowledged=len(told.acknowledged))
    found.strange.extend(told.wrong)
    listed = Counter(_listed(door))
    found.statements = len(listed)
    found.double.extend(one for one, count in listed.items() if count > 1)
    lost = {one for one in told.acknowledged if one not in listed}
    with ThreadPoolExecutor(ASKERS) as pool:
        share = sorted(told.acknowledged)
        for missing in pool.map(
            lambda number: list(_not_given(door, share[number::ASKERS])), range(ASKERS)
        ):
            lost.update(missing)
    found.halves.extend(
        ids for ids in told.requests if 0 < sum(i in listed for i in ids) < len(ids)
    )
    with opened(database), override_settings(CELERY_TASK_ALWAYS_EAGER=False):
        lost.update(_not_in_tables(told.acknowledged))
        found.strange.extend(_strange_rows(len(listed)))
        catch_up(at=datetime.now(UTC))
        found.entries = RecordEntry.objects.count()
        rebuilt = rebuild_records(at=datetime.now(UTC), keep=False)
        if rebuilt.differences:
            found.strange.append(f"{rebuilt.differences} records differ when they are made anew")
        if rebuilt.statements != len(listed):
            found.strange.append(f"{rebuilt.statements} of {len(listed)} statements are read again")
    found.lost.extend(sorted(lost))
    return found


def _listed(door: Door) -> Iterator[str]:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=60)
    path = "/xapi/statements?limit=500&ascending=true"
    while path:
        page = json.loads(_get(connection, door, path, expect=200))
        for statement in page["statements"]:
            yield statement["id"]
        path = page["more"]
    connection.close()


def _not_given(door: Door, ids: Iterable[str]) -> Iterator[str]:
    connection = http.client.HTTPConnection("127.0.0.1", door.port, timeout=60)
    for one in ids:
        text = _get(connection, door, f"/xapi/statements?statementId={one}")
        if json.loads(text).get("id") != one:
            yield one
    connection.close()


def _get(
    connection: http.client.HTTPConnection, door: Door, path: str, expect: int | None = None
) -> bytes:
    connection.request("GET", path, headers=headers_of(door))
    answer = connection.getresponse()
    text = answer.read()
    if expect is not None and answer.status != expect:
        raise AssertionError(f"{answer.status} {text[:500]!r}")
    return text


def headers_of(door: Door) -> dict[str, str]:
    """The headers that a request of this door carries."""
    lines = door.request("GET").decode().split("\r\n")[1:-2]
    return dict(line.split(": ", 1) for line in lines if not line.startswith("Content-"))


def _not_in_tables(ids: Iterable[str]) -> set[str]:
    there = Counter(Statement.objects.values_list("uuid", flat=True))
    return {one for one in ids if there[UUID(one)] != 1}


def _strange_rows(count: int) -> Iterator[str]:
    rows, ids = Statement.objects.count(), StatementId.objects.count()
    if not rows == ids == count:
        yield f"{count} statements in lists, {rows} rows, {ids} ids"
    places = set(StatementId.objects.values_list("seq", "stored", "uuid"))
    if places != set(Statement.objects.values_list("seq", "stored", "uuid")):
        yield "ids that lead to no statement"
    keys = dict(StatementKey.objects.values_list("seq").annotate(n=Count("key")))
    for row in Statement.objects.iterator():
        expected = len(facts_of(orjson.loads(row.payload)).related)
        if keys.get(row.seq, 0) != expected:
            yield f"{row.uuid} has {keys.get(row.seq, 0)} keys of {expected}"
    if Tenant.objects.filter(is_platform=False).count() != 1:
        yield "tenants"
