"""edx-tincan-py35, from PyPI, writes, reads, voids, pages and keeps documents."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from tincan import (
    Activity,
    ActivityProfileDocument,
    Agent,
    AgentAccount,
    AgentProfileDocument,
    Context,
    RemoteLRS,
    StateDocument,
    Statement,
    StatementRef,
    Verb,
)

from tests.lrs.outside.conftest import Outside

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

ACTIVITY = Activity(id="https://courses.example/lesson-1")
COMPLETED = Verb(id="http://adlnet.gov/expapi/verbs/completed", display={"en": "completed"})


@pytest.fixture
def remote(outside: Outside) -> RemoteLRS:
    return RemoteLRS(
        version="1.0.1", endpoint=outside.endpoint, username=outside.key, password=outside.secret
    )


def person(name: str = "ffion") -> Agent:
    return Agent(account=AgentAccount(name=name, home_page="https://hr.example"))


def done(name: str = "ffion", registration: str | None = None) -> Statement:
    context = None if registration is None else Context(registration=registration)
    return Statement(
        id=str(uuid4()), actor=person(name), verb=COMPLETED, object=ACTIVITY, context=context
    )


def test_tincan_writes_reads_pages_and_voids(remote: RemoteLRS) -> None:
    registration = str(uuid4())
    first = done(registration=registration)
    assert remote.save_statement(first).success
    for _ in range(3):
        assert remote.save_statements([done(f"learner-{n % 7}") for n in range(90)]).success

    page = remote.query_statements({"activity": ACTIVITY, "ascending": True})
    found = [page.content.statements]
    while page.content.more:
        page = remote.more_statements(page.content)
        found.append(page.content.statements)
    assert [len(part) for part in found] == [100, 100, 71]
    assert len({one.id for part in found for one in part}) == 271

    def count(**filters: object) -> int:
        return len(remote.query_statements(filters).content.statements)

    since = (datetime.now(UTC) - timedelta(hours=1)).isoformat()
    assert count(agent=person()) == 1
    assert count(verb=COMPLETED, limit=5) == 5
    assert count(registration=registration) == 1
    assert (count(since=since), count(until=since)) == (100, 0)

    void = Statement(
        actor=person("lead"),
        verb=Verb(id="http://adlnet.gov/expapi/verbs/voided"),
        object=StatementRef(id=str(first.id)),
    )
    assert remote.save_statement(void).success
    assert not remote.retrieve_statement(str(first.id)).success
    assert remote.retrieve_voided_statement(str(first.id)).content.id == first.id
    # its own `about` refuses whatever names a version after 1.0.1, as every store today does


def test_tincan_keeps_documents(remote: RemoteLRS) -> None:
    state = StateDocument(
        agent=person(),
        activity=ACTIVITY,
        id="bookmark",
        content=bytearray(b'{"page": 3}'),
        content_type="application/json",
    )
    assert remote.save_state(state).success
    answer = remote.retrieve_state(ACTIVITY, person(), "bookmark")
    found = answer.content
    assert bytes(found.content) == b'{"page": 3}'
    found.etag = answer.response.getheader("ETag")
    assert remote.retrieve_state_ids(ACTIVITY, person()).content == ["bookmark"]
    found.content = bytearray(b'{"page": 4}')
    twice = remote.save_state(found)  # it sends every save twice: the second one comes too late
    assert (twice.success, twice.response.status) == (False, 412)
    changed = remote.retrieve_state(ACTIVITY, person(), "bookmark").content
    assert bytes(changed.content) == b'{"page": 4}'
    assert remote.delete_state(state).success
    assert remote.retrieve_state_ids(ACTIVITY, person()).content == []


@pytest.mark.parametrize("kind", ["activity", "agent"])
def test_tincan_is_told_what_a_profile_needs(remote: RemoteLRS, kind: str) -> None:
    parts = {"id": "p", "content": bytearray(b"text"), "content_type": "text/plain"}
    profile = (
        ActivityProfileDocument(activity=ACTIVITY, **parts)
        if kind == "activity"
        else AgentProfileDocument(agent=person(), **parts)
    )
    refused = getattr(remote, f"save_{kind}_profile")(profile)  # it cannot send If-None-Match
    assert not refused.success
    assert "If-None-Match" in refused.data

    profile.etag = '"0000"'
    assert getattr(remote, f"save_{kind}_profile")(profile).response.status == 412
