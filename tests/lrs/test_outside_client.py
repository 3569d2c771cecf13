"""A client that others wrote writes, reads, voids, pages and keeps state against a running server."""

from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from tincan import (
    Activity,
    ActivityProfileDocument,
    Agent,
    AgentAccount,
    RemoteLRS,
    StateDocument,
    Statement,
    StatementRef,
    Verb,
)

from tests.lrs.conftest import Store

ACTIVITY = Activity(id="https://courses.example/lesson-1")
COMPLETED = Verb(id="http://adlnet.gov/expapi/verbs/completed", display={"en": "completed"})


@pytest.fixture
def remote(live_server: Any, make_store: Callable[..., Store]) -> RemoteLRS:
    store = make_store()
    return RemoteLRS(
        version="1.0.1",
        endpoint=f"{live_server.url}/xapi/",
        username=store.key,
        password=store.secret,
    )


def person(name: str = "ffion") -> Agent:
    return Agent(account=AgentAccount(name=name, home_page="https://hr.example"))


def done(name: str = "ffion") -> Statement:
    return Statement(id=str(uuid4()), actor=person(name), verb=COMPLETED, object=ACTIVITY)


@pytest.mark.django_db(transaction=True)
def test_tincan_writes_reads_pages_and_voids(remote: RemoteLRS) -> None:
    first = done()
    saved = remote.save_statement(first)
    several = remote.save_statements([done("gwil"), done(), done()])
    one = remote.retrieve_statement(str(first.id))
    page = remote.query_statements({"agent": person(), "limit": 2})
    rest = remote.more_statements(page.content)
    void = Statement(
        actor=person("lead"),
        verb=Verb(id="http://adlnet.gov/expapi/verbs/voided"),
        object=StatementRef(id=str(first.id)),
    )
    voided = remote.save_statement(void)
    gone = remote.retrieve_statement(str(first.id))
    kept = remote.retrieve_voided_statement(str(first.id))

    assert saved.success
    assert several.success
    assert one.content.actor.account.name == "ffion"
    assert (len(page.content.statements), len(rest.content.statements)) == (2, 1)
    assert voided.success
    assert not gone.success
    assert kept.content.id == first.id


@pytest.mark.django_db(transaction=True)
def test_tincan_keeps_state_and_is_told_about_profiles(remote: RemoteLRS) -> None:
    state = StateDocument(
        agent=person(),
        activity=ACTIVITY,
        id="bookmark",
        content=bytearray(b'{"page": 3}'),
        content_type="application/json",
    )
    assert remote.save_state(state).success
    found = remote.retrieve_state(ACTIVITY, person(), "bookmark")
    assert bytes(found.content.content) == b'{"page": 3}'
    assert remote.retrieve_state_ids(ACTIVITY, person()).content == ["bookmark"]
    assert remote.delete_state(found.content).success
    assert remote.retrieve_state_ids(ACTIVITY, person()).content == []

    profile = ActivityProfileDocument(activity=ACTIVITY, id="p", content=bytearray(b"text"))
    refused = remote.save_activity_profile(profile)  # it cannot send If-None-Match, as 1.0.3 asks
    assert not refused.success
    assert "If-None-Match" in refused.data
