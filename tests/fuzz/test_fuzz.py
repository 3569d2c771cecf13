"""A few seconds of `make fuzz`, and statements from the grammar; FUZZ_COUNT for more."""

import json
import os
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs.rules.refusal import Refusal
from lrs.rules.versions import BOOKS, XAPI_1_0, XAPI_2_0, RuleBook
from tests.fuzz import corpus
from tests.fuzz.mutating import changed_bytes, changed_statement
from tests.fuzz.properties import hold
from tests.fuzz.strategies import STATEMENT, written
from tests.fuzz.targets import TARGETS

COUNT = int(os.environ.get("FUZZ_COUNT", "12000"))
few = settings(
    max_examples=max(60, COUNT // 100),
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def refusal_of(body: bytes, book: RuleBook) -> Refusal | None:
    try:
        hold(body, book)
    except Refusal as refusal:
        return refusal
    return None


@pytest.mark.parametrize("name", TARGETS)
def test_changed_input_is_refused_in_words_or_read(name: str) -> None:
    target, random = TARGETS[name], Random(20261122)
    for _ in range(round(COUNT * target.share)):
        target.run(changed_bytes(random.choice(target.seeds), random, 4 * target.longest))


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.version)
def test_changed_statements_are_refused_or_go_all_the_way(book: RuleBook) -> None:
    random, seeds = Random(2026), corpus.statements()
    taken, refused = 0, set()
    for _ in range(COUNT // 6):
        body = json.dumps(changed_statement(random.choice(seeds), random)).encode()
        refusal = refusal_of(body, book)
        if refusal is None:
            taken += 1
            continue
        assert refusal.clause(book.version)
        assert refusal.message.endswith((".", ")"))
        assert refusal.path.startswith("$")
        refused.add(refusal.message)

    assert taken > COUNT / 300
    assert len(refused) > 40


@pytest.mark.parametrize("body", corpus.bodies(), ids=range(len(corpus.bodies())))
def test_every_seed_is_a_statement(body: bytes) -> None:
    hold(body, XAPI_2_0)


@few
@given(STATEMENT, st.booleans())
def test_what_the_grammar_builds_is_accepted_and_kept(
    statement: dict[str, Any], is_ascii: bool
) -> None:
    hold(written(statement, is_ascii=is_ascii), XAPI_1_0)
    hold(written(statement, is_ascii=is_ascii), XAPI_2_0)


@few
@given(STATEMENT, st.randoms(use_true_random=False))
def test_what_the_grammar_builds_and_chance_breaks_is_refused_or_kept(
    statement: dict[str, Any], random: Random
) -> None:
    body = json.dumps(changed_statement(statement, random)).encode()
    for book in BOOKS:
        refusal = refusal_of(body, book)
        assert refusal is None or refusal.clause(book.version)
