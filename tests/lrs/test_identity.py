"""Who is who: one identifier and one key for each actor, and when two statements are one."""

import hashlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs.rules import identity
from lrs.rules.equivalence import are_equivalent
from tests.lrs.samples import activity, agent, full_statement, statement


@pytest.mark.parametrize(
    ("actor", "identifier"),
    [
        (agent("f|1"), "account::https://hr.example|f|1"),
        ({"mbox": "mailto:Ffion@Example.ORG"}, "mbox::mailto:Ffion@example.org"),
        ({"mbox": "MAILTO:f@example.org", "name": "F"}, "mbox::mailto:f@example.org"),
        ({"mbox_sha1sum": "AB" * 20}, f"mbox_sha1sum::{'ab' * 20}"),
        ({"openid": "https://id.example/f"}, "openid::https://id.example/f"),
        ({"objectType": "Group", "member": [agent()]}, None),
    ],
)
def test_identifiers(actor: dict[str, Any], identifier: str | None) -> None:
    assert identity.actor_identifier(actor) == identifier


def test_an_account_identifier_splits_where_it_was_joined() -> None:
    text = identity.account_identifier(home_page="https://hr.example", name="a|b")

    assert identity.split_identifier(text) == ("account", "https://hr.example", "a|b")
    assert identity.split_identifier("openid::a:b") == ("openid", "", "a:b")


@given(st.text())
def test_keys_fit_a_signed_64_bit_column_and_kinds_differ(text: str) -> None:
    verb = identity.key_of(identity.VERB, text)

    assert -(2**63) <= verb < 2**63
    assert verb == identity.key_of(identity.VERB, text)
    assert verb != identity.key_of(identity.ACTIVITY, text)


def test_keys_never_change() -> None:
    assert identity.key_of(identity.VERB, "http://adlnet.gov/expapi/verbs/completed") == (
        1943733775370937878
    )


def test_an_address_is_also_found_by_its_sum() -> None:
    digest = hashlib.sha1(b"mailto:f@example.org").hexdigest()

    keys = identity.keys_of_agent("mbox::mailto:f@example.org")

    assert keys[1] == identity.actor_key({"mbox_sha1sum": digest})


def changed(**parts: Any) -> dict[str, Any]:
    return {**full_statement(), **parts}


@pytest.mark.parametrize(
    "same",
    [
        changed(stored="2026-01-01T00:00:00Z", version="1.0.0", authority=agent("lrs")),
        changed(timestamp="2026-05-04T10:30:00+01:00"),
        {k: v for k, v in full_statement().items() if k not in ("timestamp", "id")},
        changed(verb={"id": full_statement()["verb"]["id"]}),
        changed(object={"id": "https://courses.example/question-1"}),
        changed(actor={"account": {"name": "ffion", "homePage": "https://hr.example"}}),
        changed(
            context={
                **full_statement()["context"],
                "instructor": {"mbox": "mailto:Instructor@example.org"},
                "team": {"objectType": "Group", "member": [agent("mair"), agent("gwil")]},
                "registration": "EC531277-B57B-4C15-8D91-D292C5B2B8F7",
            }
        ),
        changed(result={**full_statement()["result"], "duration": "PT1M30.5S"}),
    ],
    ids=lambda value: None,
)
def test_what_may_differ(same: dict[str, Any]) -> None:
    assert are_equivalent(same, full_statement())
    assert are_equivalent(full_statement(), same)


@pytest.mark.parametrize(
    "other",
    [
        changed(actor=agent("someone-else")),
        changed(verb={"id": "https://verbs.example/other"}),
        changed(object=activity("other")),
        changed(result=None),
        changed(result={**full_statement()["result"], "success": False}),
        changed(timestamp="2026-05-04T09:30:01Z"),
        changed(context={**full_statement()["context"], "language": "cy"}),
        changed(attachments=[]),
    ],
    ids=lambda value: None,
)
def test_what_may_not_differ(other: dict[str, Any]) -> None:
    assert not are_equivalent(
        {key: value for key, value in other.items() if value is not None}, full_statement()
    )


def test_true_is_not_one() -> None:
    true = statement(result={"extensions": {"https://ext.example/x": True}})
    one = statement(result={"extensions": {"https://ext.example/x": 1}})

    assert not are_equivalent(true, one)
