"""A person erased from a statement leaves no trace, and nothing else changes."""

import copy
import hashlib
import json
from typing import Any
from uuid import UUID

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs.rules.facts import facts_of
from lrs.rules.redaction import Cut, read_payload, redact, rename
from lrs.rules.validation import validate_statements
from lrs.rules.versions import BOOKS, XAPI_2_0
from lrs.rules.who import NotAnIdentifier, Stand, Who, agent_named, in_plain, read_identifier
from tests.lrs.samples import VERBS, agent, full_statement, statement

STAND = Stand(UUID("6d0c1f0e-6c53-4ab0-9d4e-111111111111"), "https://here.example")
ADDRESS = "Ffion.Jones@example.org"
SUM = hashlib.sha1(b"mailto:Ffion.Jones@example.org", usedforsecurity=False).hexdigest()
PERSON = "0b9f5a3e-6a54-4d3e-8a51-7f2a5f0f3c11"
WHO = {
    "mbox": f"mbox::mailto:{ADDRESS}",
    "mbox_sha1sum": f"mbox_sha1sum::{SUM}",
    "openid": "openid::https://id.example/ffion",
    "account": "account::https://hr.example|ffion-12",
    "short account": "account::https://hr.example|12345",
    "person": f"account::https://here.example|{PERSON}",
}
TRACES = {
    "mbox": [ADDRESS, SUM, "Ffion.Jones%40example.org"],
    "mbox_sha1sum": [SUM],
    "openid": ["https://id.example/ffion", "https%3A%2F%2Fid.example%2Fffion"],
    "account": ["ffion-12"],
    "short account": ['"12345"', "https://hr.example/12345", "https://hr.example|12345"],
    "person": [PERSON],
}

others = st.sampled_from(
    [
        {"mbox": "mailto:gwil@example.org"},
        {"mbox": f"mailto:not.{ADDRESS}.uk", "name": "Somebody else"},
        agent("gwil"),
        {"openid": "https://id.example/mair", "name": "Mair"},
    ]
)


def forms(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """The person as an agent, with or without name and type, in whatever case the mail is."""
    made = [agent_named(WHO[kind])]
    if kind == "mbox":
        made += [{"mbox": f"mailto:{ADDRESS.lower()}"}, {"mbox_sha1sum": SUM.upper()}]
    return st.builds(
        lambda one, extra: {**extra, **copy.deepcopy(one)},
        st.sampled_from(made),
        st.sampled_from([{}, {"objectType": "Agent"}, {"name": "Ffion Jones"}]),
    )


def free_text(kind: str) -> st.SearchStrategy[Any]:
    """Anything an extension may hold, here and there with a trace."""
    traces = [trace.strip('"') for trace in TRACES[kind]]
    leaves = st.one_of(
        st.sampled_from(traces if "short" not in kind else ["12345"]),
        st.sampled_from([f"told to {one}, yes" for one in traces if one != "12345"] or ["x"]),
        st.integers(-(2**80), 2**80),
        st.none(),
        st.booleans(),
        st.text(max_size=8),
    )
    return st.recursive(
        leaves,
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["a", "b", "c"]), inner, max_size=3)
        ),
        max_leaves=6,
    )


def agents(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.one_of(forms(kind), others)


def groups(kind: str, *, named: bool | None = None) -> st.SearchStrategy[dict[str, Any]]:
    """A group of the person and others, itself identified as the person or anonymous."""

    def make(members: list[dict[str, Any]], is_named: bool) -> dict[str, Any]:
        bare = [{key: one[key] for key in one if key != "objectType"} for one in members]
        own = agent_named(WHO[kind]) if is_named else {}
        return {"objectType": "Group", "member": bare, **own}

    name = st.booleans() if named is None else st.just(named)
    return st.builds(make, st.lists(agents(kind), min_size=1, max_size=3), name)


def contexts(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    bare = agents(kind).map(lambda one: {key: one[key] for key in one if key != "objectType"})
    return st.fixed_dictionaries(
        {},
        optional={
            "instructor": agents(kind),
            "team": groups(kind),
            "contextAgents": bare.map(lambda one: [{"objectType": "contextAgent", "agent": one}]),
            "contextGroups": groups(kind, named=True).map(
                lambda one: [{"objectType": "contextGroup", "group": one}]
            ),
            "extensions": free_text(kind).map(lambda value: {"https://ext.example/x": value}),
        },
    )


def results(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "response": st.text(max_size=5),
            "score": st.integers(0, 2**70).map(lambda raw: {"raw": raw}),
            "extensions": free_text(kind).map(lambda value: {"https://ext.example/y": value}),
        }
    )


def levels(kind: str, target: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {
            "actor": st.one_of(agents(kind), groups(kind)),
            "verb": st.just({"id": f"{VERBS}completed"}),
            "object": target,
        },
        optional={"context": contexts(kind), "result": results(kind)},
    )


def statements(kind: str) -> st.SearchStrategy[dict[str, Any]]:
    """A statement of any shape, with the person in any of its places, or in several."""
    plain = st.one_of(
        st.just({"id": "https://courses.example/a"}),
        agents(kind).map(lambda one: {**one, "objectType": "Agent"}),
        groups(kind),
    )
    inner = levels(kind, plain).map(lambda one: {"objectType": "SubStatement", **one})
    around = st.fixed_dictionaries(
        {
            "id": st.just(str(UUID(int=7))),
            "version": st.just("2.0.0"),
            "timestamp": st.just("2026-05-04T09:30:00.000Z"),
            "stored": st.just("2026-05-04T09:30:00.000Z"),
            "authority": agents(kind),
        }
    )
    whole = st.one_of(levels(kind, plain), levels(kind, inner))
    return st.builds(lambda one, other: copy.deepcopy({**one, **other}), whole, around)


def spaced(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def traces_in(text: str, kind: str) -> list[str]:
    text = text.replace(f"not.{ADDRESS}.uk", "")
    return [one for one in TRACES[kind] if one.lower() in text.lower()]


@pytest.mark.parametrize("kind", WHO)
@settings(max_examples=25)
@given(data=st.data())
def test_no_trace_of_whoever_is_erased(kind: str, data: st.DataObject) -> None:
    before = data.draw(statements(kind))
    validate_statements([before], book=XAPI_2_0, is_batch=False)
    who = Who.known_as([WHO[kind]])

    after = redact(spaced(before), who, STAND, Cut())

    if after is None:
        assert not traces_in(spaced(before), kind)
        return
    assert traces_in(after.payload, kind) == []
    told = json.loads(after.payload)
    validate_statements([told], book=XAPI_2_0, is_batch=False)
    for key in ("id", "verb", "timestamp", "stored", "version"):
        assert told[key] == before[key]
    now, then = facts_of(told), facts_of(before)
    assert not {*who.agent_keys} & {now.actor_key, now.object_key}
    assert not {*who.related_keys} & now.related
    assert now.verb_key == then.verb_key
    assert redact(after.payload, who, STAND, Cut()) is None


@settings(max_examples=25)
@given(data=st.data())
def test_what_names_somebody_else_stays_to_the_letter(data: st.DataObject) -> None:
    before = spaced(data.draw(statements("mbox")))

    assert redact(before, Who.known_as(["openid::https://id.example/nobody"]), STAND, Cut()) is None


def test_everything_else_of_a_full_statement_is_equal() -> None:
    before = full_statement()

    after = redact(
        spaced(before), Who.known_as(["account::https://hr.example|ffion"]), STAND, Cut()
    )

    assert after is not None
    expected = copy.deepcopy(before)
    expected["actor"] = {"objectType": "Agent", **STAND.agent}
    del expected["result"]["response"]
    expected.pop("attachments")
    assert json.loads(after.payload) == expected
    assert after.sums == [before["attachments"][0]["sha2"]]
    assert "12345678901234567890123" in after.payload
    for book in BOOKS:
        validate_statements([orjson.loads(after.payload)], book=book, is_batch=False)


def test_what_is_by_another_keeps_their_answer() -> None:
    before = full_statement()
    who = Who.known_as([read_identifier("Instructor@Example.ORG")])

    after = redact(spaced(before), who, STAND, Cut(extensions=True))

    assert after is not None
    told = json.loads(after.payload)
    assert told["result"] == before["result"]
    assert told["attachments"] == before["attachments"]
    assert told["context"]["instructor"] == STAND.agent


def test_digits_and_depth_stay() -> None:
    deep = "[" * 700 + "1.10" + "]" * 700
    text = spaced(statement()).replace("}", "}", 1)[:-1]
    text += ',"context":{"extensions":{"https://e.example/d":' + deep + "}}}"

    after = redact(text, Who.known_as(["account::https://hr.example|ffion"]), STAND, Cut())

    assert after is not None
    assert deep in after.payload


def test_a_signature_goes_and_the_statement_says_so() -> None:
    signature = {
        "usageType": "http://adlnet.gov/expapi/attachments/signature",
        "display": {"en": "Signature"},
        "contentType": "application/octet-stream",
        "length": 4,
        "sha2": "A" * 64,
    }
    before = statement(
        context={"instructor": {"mbox": f"mailto:{ADDRESS}"}}, attachments=[signature]
    )

    after = redact(spaced(before), Who.known_as([WHO["mbox"]]), STAND, Cut())

    assert after is not None
    told = json.loads(after.payload)
    assert "attachments" not in told
    assert told["context"]["extensions"] == {
        "https://here.example/xapi/extensions/signature-removed": True
    }
    assert after.sums == ["a" * 64]
    assert read_payload(after.payload)["id"] == before["id"]


def test_a_new_identifier_takes_the_place_of_the_old_and_hides_what_was_hidden() -> None:
    before = statement(
        actor={"mbox_sha1sum": SUM, "name": "Ffion"},
        context={"instructor": {"mbox": f"mailto:{ADDRESS}"}},
    )

    after = rename(spaced(before), Who.known_as([WHO["mbox"]]), "mbox::mailto:f@x.org", "https://b")

    assert after is not None
    told = json.loads(after.payload)
    digest = hashlib.sha1(b"mailto:f@x.org", usedforsecurity=False).hexdigest()
    assert told["actor"] == {"mbox_sha1sum": digest, "name": "Ffion"}
    assert told["context"]["instructor"] == {"mbox": "mailto:f@x.org"}
    assert {**told, "actor": 0, "context": 0} == {**before, "actor": 0, "context": 0}


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        (f" {ADDRESS} ", f"mbox::mailto:{ADDRESS}"),
        ("mailto:a@EXAMPLE.org", "mbox::mailto:a@example.org"),
        (SUM.upper(), f"mbox_sha1sum::{SUM}"),
        ("https://hr.example|a|b", "account::https://hr.example|a|b"),
        ("account::https://hr.example|1", "account::https://hr.example|1"),
        ("https://id.example/f", "openid::https://id.example/f"),
    ],
)
def test_people_write_identifiers_as_they_know_them(text: str, identifier: str) -> None:
    assert read_identifier(text) == identifier
    assert read_identifier(in_plain(identifier)) == identifier


@pytest.mark.parametrize("text", ["", "ffion", "hr.example|1", "account::x", "mbox::https://a.b"])
def test_what_identifies_nobody_is_refused(text: str) -> None:
    with pytest.raises(NotAnIdentifier):
        read_identifier(text)
