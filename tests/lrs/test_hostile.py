"""Statements changed at random: each is refused in words or goes all the way, and none crashes."""

import contextlib
import json
import os
import random
from typing import Any

import pytest

from lrs.rules.equivalence import are_equivalent
from lrs.rules.facts import activities_in, facts_of
from lrs.rules.parsing import parse_statements
from lrs.rules.parts import check_attachments_came
from lrs.rules.payload import close_payload, open_payload
from lrs.rules.presentation import canonical, ids_only
from lrs.rules.refusal import Refusal
from lrs.rules.validation import validate_statements
from lrs.rules.versions import BOOKS, RuleBook
from tests.lrs.samples import activity, agent, full_statement, statement

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "1500"))
KEYS = [
    "id",
    "actor",
    "verb",
    "object",
    "result",
    "context",
    "timestamp",
    "stored",
    "authority",
    "version",
    "attachments",
    "objectType",
    "mbox",
    "mbox_sha1sum",
    "openid",
    "account",
    "homePage",
    "name",
    "member",
    "definition",
    "type",
    "extensions",
    "interactionType",
    "choices",
    "scale",
    "correctResponsesPattern",
    "score",
    "scaled",
    "raw",
    "min",
    "max",
    "duration",
    "registration",
    "instructor",
    "team",
    "contextActivities",
    "parent",
    "statement",
    "contextAgents",
    "contextGroups",
    "relevantTypes",
    "agent",
    "group",
    "language",
    "platform",
    "display",
    "sha2",
    "fileUrl",
    "length",
    "usageType",
]
VALUES: list[Any] = [
    *(None, True, False, 0, -1, 1, 1.5, 1e308, -1e308, 2**53, 2**63, 2**64, 10**30, "", " ", "x"),
    *("a:b", "mailto:a@b.example", "en", "x-y", "\u0000", "\ufffe", "a" * 5000, "é", "💜"),
    *("2026-05-04T09:30:00Z", "9999-12-31T23:59:60-14:00", "0001-01-01T00:00:00+14:00", "PT1S"),
    *("Agent", "Group", "Activity", "SubStatement", "StatementRef", "contextAgent", "choice"),
    *("ec531277-b57b-4c15-8d91-d292c5b2b8f7", [], {}, [[]], [{}], {"": ""}, {"a:b": None}),
]
SUB = {
    "objectType": "SubStatement",
    **{name: value for name, value in full_statement().items() if name not in ("id",)},
}
CONTEXT_2 = {
    "contextAgents": [{"objectType": "contextAgent", "agent": agent(), "relevantTypes": ["a:b"]}],
    "contextGroups": [
        {"objectType": "contextGroup", "group": {"objectType": "Group", "member": [agent()]}}
    ],
}
SEEDS = [
    full_statement(),
    statement(object=SUB),
    statement(context=CONTEXT_2),
    statement(object=agent(), actor={"objectType": "Group", "member": [agent(), agent("b")]}),
    statement(context={"contextActivities": {"parent": activity()}}),
    statement(object={"objectType": "StatementRef", "id": "ec531277-b57b-4c15-8d91-d292c5b2b8f7"}),
]


def places(value: Any) -> list[tuple[Any, Any]]:
    """Every container of a value with each of its keys."""
    found: list[tuple[Any, Any]] = []
    items = value.items() if isinstance(value, dict) else enumerate(value)
    for key, inner in items:
        found.append((value, key))
        if isinstance(inner, (dict, list)):
            found.extend(places(inner))
    return found


def changed(seed: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(json.dumps(seed))
    for _ in range(chance.randint(1, 4)):
        container, key = chance.choice(places(made) or [(made, "id")])
        deed = chance.randint(0, 4)
        value = json.loads(json.dumps(chance.choice(VALUES)))
        if deed == 0 and isinstance(container, dict):
            container.pop(key, None)
        elif deed == 1 and isinstance(container, dict):
            container[chance.choice(KEYS)] = value
        elif deed == 2:
            container[key] = json.loads(json.dumps(chance.choice(places(seed))[0]))
        elif deed == 3 and isinstance(container, dict) and key in container:
            container[chance.choice([key.upper(), key + "\u0000", " " + key])] = container.pop(key)
        else:
            container[key] = value
    return made


def all_the_way(body: bytes, book: RuleBook) -> bool:
    parsed = parse_statements(body)
    validate_statements(parsed.statements, book=book, is_batch=parsed.is_batch)
    check_attachments_came(parsed.statements, {}, is_batch=False)
    sent, raw = parsed.statements[0], parsed.raws[0]
    facts = facts_of(sent)
    opened = open_payload(
        raw=raw,
        statement=sent,
        statement_id=sent.get("id", "ec531277-b57b-4c15-8d91-d292c5b2b8f7"),
        timestamp=facts.timestamp,
        authority=b'{"mbox":"mailto:a@b.example"}',
        version="1.0.0",
    )
    text = close_payload(
        opened, stored="2026-11-22T09:30:00.000Z", has_timestamp=facts.timestamp is not None
    )
    kept = parse_statements(text.encode()).statements[0]
    validate_statements([kept], book=book, is_batch=False)
    assert are_equivalent(sent, kept)
    ids_only(kept)
    canonical(kept, languages=["cy", "*"], definitions={})
    list(activities_in(kept))
    return True


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.version)
def test_changed_statements_are_refused_or_go_all_the_way(book: RuleBook) -> None:
    chance = random.Random(20261122)
    refused: list[Refusal] = []
    taken = 0
    for count in range(ROUNDS):
        body = json.dumps(changed(SEEDS[count % len(SEEDS)], chance)).encode()
        try:
            taken += all_the_way(body, book)
        except Refusal as refusal:
            refused.append(refusal)

    assert all(one.clause(book.version) and one.message.endswith((".", ")")) for one in refused)
    assert taken > ROUNDS / 50


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.version)
def test_changed_bytes_are_refused_or_go_all_the_way(book: RuleBook) -> None:
    chance = random.Random(2026)
    seeds = [json.dumps(seed, ensure_ascii=False).encode() for seed in SEEDS]
    for count in range(ROUNDS):
        body = bytearray(seeds[count % len(seeds)])
        for _ in range(chance.randint(1, 3)):
            at = chance.randrange(len(body))
            deed = chance.randint(0, 2)
            if deed == 0:
                body[at] = chance.randrange(256)
            elif deed == 1:
                del body[at : at + chance.randint(1, 30)]
            else:
                body[at:at] = chance.choice(
                    [b'"', b"\\", b"{", b"}", b",", b"\xff", b"\\ud800", b"1e999"]
                )
        with contextlib.suppress(Refusal):
            all_the_way(bytes(body), book)
