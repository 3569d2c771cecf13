"""11,000 real statements of a MOOC platform go in over HTTP and come out as they were."""

import gzip
import json
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from tests.lrs.outside.conftest import Asking, Outside

pytestmark = [pytest.mark.slow, pytest.mark.django_db]

WRITTEN_BY_THE_STORE = ("stored", "authority", "version", "timestamp")
MANY = {"limit": "500", "ascending": "true"}


@pytest.fixture
def lines(shared_data: Path) -> list[bytes]:
    with gzip.open(shared_data / "xapi" / "mooc-statements-11000.jsonl.gz") as file:
        return [line.strip() for line in file]


def read(line: bytes | str) -> dict[str, Any]:
    """A statement with its numbers as the text they were written in."""
    statement: dict[str, Any] = json.loads(line, parse_float=str, parse_int=str)
    return statement


def send_all(asking: Asking, lines: list[bytes], size: int) -> list[tuple[int, bytes]]:
    """Send batches; return the answers that were no 200."""
    answers = [
        asking.send("POST", "/xapi/statements", b"[" + b",".join(lines[at : at + size]) + b"]")
        for at in range(0, len(lines), size)
    ]
    return [answer for answer in answers if answer[0] != 200]


@pytest.mark.parametrize(("size", "version"), [(50, "1.0.3"), (500, "2.0.0")])
def test_every_real_statement_is_stored_and_given_back(
    outside: Outside, lines: list[bytes], size: int, version: str
) -> None:
    asking = outside.asking(version)
    sent = {one["id"]: one for one in map(read, lines)}

    assert send_all(asking, lines, size) == []
    given = [one for page in asking.pages(**MANY) for one in page["statements"]]

    assert [one["id"] for one in given] == list(sent)  # none missing, none twice, in order
    for one in given:
        before = sent[one["id"]]
        happened = datetime.fromisoformat(one["timestamp"])
        assert happened == datetime.fromisoformat(before["timestamp"])
        assert one["timestamp"].endswith("Z")
        for name in WRITTEN_BY_THE_STORE:
            one.pop(name)
            before.pop(name, None)
        assert one == before


def test_real_statements_are_found_by_learner_and_voided(
    outside: Outside, lines: list[bytes]
) -> None:
    asking = outside.asking("1.0.3")
    send_all(asking, lines[:3000], 500)
    sent = [read(line) for line in lines[:3000]]
    by_learner = Counter(json.dumps(one["actor"], sort_keys=True) for one in sent)

    def count(**filters: str) -> int:
        return sum(len(page["statements"]) for page in asking.pages(**filters, limit="500"))

    learners = [*by_learner.most_common(5), *by_learner.most_common()[-5:]]
    for learner, number in learners:
        assert count(agent=learner) == count(agent=learner, related_agents="true") == number

    first = sent[0]
    learner = json.dumps(first["actor"], sort_keys=True)
    void = {
        "actor": first["actor"],
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": first["id"]},
    }
    assert asking.send("POST", "/xapi/statements", json.dumps(void).encode())[0] == 200
    assert asking.send("GET", f"/xapi/statements?statementId={first['id']}")[0] == 404
    assert asking.send("GET", f"/xapi/statements?voidedStatementId={first['id']}")[0] == 200
    # one is gone, and what voids it is there: also by the verb of what it refers to
    assert count(agent=learner) == by_learner[learner]
    assert count(verb=first["verb"]["id"]) == sum(one["verb"] == first["verb"] for one in sent)
    assert count() == 3000
