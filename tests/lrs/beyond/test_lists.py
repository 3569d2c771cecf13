"""Lists, references and comparisons: what the texts ask and the public suite does not."""

import json
from typing import Any
from uuid import UUID

import pytest

from lrs.rules.paging import MOST
from tests.lrs.conftest import Store
from tests.lrs.samples import VERBS, activity, agent, full_statement, statement

ACTIVITY = "https://courses.example/lesson-1"


def uuid(number: int) -> str:
    return str(UUID(int=number))


def ref(number: int) -> dict[str, Any]:
    return {"objectType": "StatementRef", "id": uuid(number)}


def void(number: int, target: int) -> dict[str, Any]:
    return statement(number, verb={"id": f"{VERBS}voided"}, object=ref(target))


def test_limit_0_is_as_many_as_are_given_at_once(any_store: Store) -> None:
    many = [statement(number) for number in range(1, MOST + 2)]
    any_store.post(*many)

    sizes = [len(any_store.get(**how)["statements"]) for how in ({"limit": "0"}, {"limit": "9999"})]
    page = any_store.get(limit="0")
    rest = any_store.get(page["more"])

    assert sizes == [MOST, MOST]
    assert (len(rest["statements"]), rest["more"]) == (1, "")


def test_pages_keep_filters_times_order_and_form(any_store: Store) -> None:
    for number in range(1, 8):
        any_store.post(statement(number, actor=agent("a" if number % 2 else "b")))
    second = any_store.get(statementId=uuid(2))["stored"]
    sixth = any_store.get(statementId=uuid(6))["stored"]
    for ascending in ("true", "false"):
        page = any_store.get(
            agent=agent("a"),
            since=second,
            until=sixth,
            ascending=ascending,
            limit="1",
            format="ids",
        )
        following = any_store.get(page["more"])
        found = [int(one["id"][-4:], 16) for one in page["statements"] + following["statements"]]

        assert page["more"].startswith("/xapi/")
        assert found == ([3, 5] if ascending == "true" else [5, 3])
        assert following["more"] == ""
        assert following["statements"][0]["verb"] == {"id": f"{VERBS}completed"}


def test_what_refers_is_found_at_any_depth_through_void_ones(any_store: Store) -> None:
    any_store.post(
        statement(1, actor=agent("first"), context={"registration": uuid(77)}),
        statement(2, actor=agent("second"), object=ref(1), verb={"id": "a:confirmed"}),
        statement(3, actor=agent("third"), object=ref(2), verb={"id": "a:liked"}),
        statement(4, actor=agent("fourth"), object=ref(3), verb={"id": "a:shared"}),
        void(5, 2),
    )

    filters: list[dict[str, Any]] = [
        {"agent": agent("first")},
        {"registration": uuid(77)},
        {"activity": activity()["id"]},
        {"agent": agent("first"), "registration": uuid(77)},
    ]
    for one in filters:
        assert sorted(any_store.numbers(**one)) == [1, 3, 4, 5], one
    assert sorted(any_store.numbers(agent=agent("second"))) == [3, 4, 5]
    assert any_store.numbers(verb="a:confirmed", agent=agent("fourth")) == [4]


def test_a_context_statement_does_not_count_as_a_reference(any_store: Store) -> None:
    any_store.post(statement(1, actor=agent("first")))
    any_store.post(statement(2, object=activity("other"), context={"statement": ref(1)}))

    assert any_store.numbers(agent=agent("first")) == [1]


@pytest.mark.parametrize(
    "place",
    [
        {"actor": {"objectType": "Group", "member": [agent("wanted")]}},
        {"object": agent("wanted")},
        {"object": {"objectType": "Group", "member": [agent("wanted"), agent()]}},
    ],
)
def test_members_are_found_as_agents(any_store: Store, place: dict[str, Any]) -> None:
    any_store.post(statement(1, **place), statement(2))

    assert any_store.numbers(agent=agent("wanted")) == [1]


SUB = {"objectType": "SubStatement", "actor": agent("x"), "verb": {"id": "a:b"}, "object": {"id": "a:c"}}  # fmt: skip
AROUND: list[dict[str, Any]] = [
    {"context": {"instructor": agent("wanted")}},
    {"context": {"instructor": {"objectType": "Group", "member": [agent("wanted")]}}},
    {"context": {"team": {"objectType": "Group", "member": [agent("wanted")]}}},
    {"object": {**SUB, "actor": agent("wanted")}},
    {"object": {**SUB, "object": agent("wanted")}},
    {"object": {**SUB, "context": {"instructor": agent("wanted")}}},
    {"object": {**SUB, "context": {"team": {"objectType": "Group", "member": [agent("wanted")]}}}},
]


@pytest.mark.parametrize("place", AROUND)
def test_agents_around_are_found_only_when_asked_for(
    any_store: Store, place: dict[str, Any]
) -> None:
    any_store.post(statement(1, **place), statement(2))

    assert any_store.numbers(agent=agent("wanted")) == []
    assert any_store.numbers(agent=agent("wanted"), related_agents="true") == [1]


def test_context_agents_and_groups_of_2_0_are_found(make_store: Any) -> None:
    store = make_store(version="2.0.0")
    group = {"objectType": "Group", "mbox": "mailto:Team@Example.org"}
    context = {
        "contextAgents": [{"objectType": "contextAgent", "agent": agent("wanted")}],
        "contextGroups": [{"objectType": "contextGroup", "group": group}],
    }
    store.post(statement(1, context=context), statement(2))
    store.post(statement(3, object={**SUB, "context": context}))

    for wanted in (agent("wanted"), {**group, "mbox": "mailto:Team@EXAMPLE.ORG"}):
        assert store.numbers(agent=wanted) == []
        assert store.numbers(agent=wanted, related_agents="true") == [3, 1]
    store.version = "1.0.3"  # what was stored under 2.0 is given back as it is
    assert store.get(statementId=uuid(1))["context"] == context


def test_the_authority_is_found_among_related_agents(any_store: Store) -> None:
    any_store.post(statement(1))
    authority = any_store.get(statementId=uuid(1))["authority"]

    assert any_store.numbers(agent=authority) == []
    assert any_store.numbers(agent=authority, related_agents="true") == [1]


def test_case_matters_where_the_standard_says_so(any_store: Store) -> None:
    sent = "abcdefab-1234-4ABC-8DEF-ABCDEFABCDEF"
    any_store.post(
        statement(id=sent, actor={"mbox": "mailto:Ffion@Example.ORG"}),
        statement(2, actor={"mbox_sha1sum": "A" * 40}, context={"registration": sent}),
    )

    def count(**filters: Any) -> int:
        return len(any_store.get(**filters)["statements"])

    assert any_store.get(statementId=sent.lower())["id"] == sent
    assert any_store.send("PUT", "statements", {"statementId": sent.upper()}, statement(
        id=sent, actor={"mbox": "mailto:Ffion@example.org"})).status_code == 204  # fmt: skip
    assert count(registration=sent.upper()) == 1
    assert count(agent={"mbox": "mailto:Ffion@example.org"}) == 1
    assert count(agent={"mbox": "mailto:ffion@example.org"}) == 0
    assert count(agent={"mbox_sha1sum": "a" * 40}) == 1
    assert count(activity=ACTIVITY.upper()) == 0
    assert count(verb=f"{VERBS}Completed") == 0


@pytest.mark.parametrize(
    "sent",
    [
        {**agent(), "extra": 1},
        {"mbox": "mailto:a@b.example", "member": []},
        {"mbox": "mailto:a@b.example", "openid": "https://id.example/a"},
        {"mbox": ["mailto:a@b.example"]},
        {"objectType": "Group", "member": [agent()]},
        {"account": {"homePage": "https://hr.example", "name": "a", "extra": 1}},
        {"account": {"homePage": "https://hr.example"}},
    ],
)
@pytest.mark.parametrize("resource", ["statements", "agents", "agents/profile"])
def test_an_agent_in_a_parameter_is_checked_like_any(
    any_store: Store, resource: str, sent: dict[str, Any]
) -> None:
    assert any_store.send("GET", resource, {"agent": sent}).status_code == 400


def test_sending_again_is_harmless_either_way(any_store: Store) -> None:
    whole = full_statement(1)
    other = {**whole, "verb": {**whole["verb"], "display": {"cy": "arall"}}}

    for sent in (whole, whole, other):
        put = any_store.send("PUT", "statements", {"statementId": uuid(1)}, sent)
        posted = any_store.post(sent)
        assert (put.status_code, posted.status_code, posted.json()) == (204, 200, [uuid(1)])
    assert any_store.numbers() == [1]
    assert any_store.get(statementId=uuid(1))["verb"] == whole["verb"]


def test_a_statement_is_equal_to_what_the_store_gives_back(any_store: Store) -> None:
    any_store.post(full_statement(1))
    given = any_store.get(statementId=uuid(1))

    assert any_store.post(given).status_code == 200
    assert any_store.numbers() == [1]


def test_an_empty_batch_is_none(any_store: Store) -> None:
    answer = any_store.post()

    assert (answer.status_code, answer.json()) == (200, [])


def test_a_further_page_may_be_asked_with_the_same_parameters_again(any_store: Store) -> None:
    any_store.post(*(statement(number) for number in (1, 2, 3)))
    sent = {"limit": "1", "agent": json.dumps(agent()), "ascending": "true"}
    more = any_store.get(**sent)["more"]
    token = more.removeprefix("/xapi/statements?more=")

    assert any_store.numbers(more=token) == [2]
    assert any_store.numbers(**sent, more=token) == [2]
    for other in ({"limit": "2"}, {"verb": "a:b"}, {"statementId": uuid(1)}, {"extra": "1"}):
        assert any_store.send("GET", "statements", {**other, "more": token}).status_code == 400
    for broken in ("", "x", token[:-2]):
        assert any_store.send("GET", "statements", {"more": broken}).status_code == 400
    assert any_store.get(f"statements/more/{token}") == any_store.get(more)
