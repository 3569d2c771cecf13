"""What our own apps send: valid, without anything that names a person, and as documented."""

import inspect
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from lrs import statements
from lrs.rules.validation import validate_statements
from lrs.rules.versions import BOOKS, RuleBook

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "statements-we-send.md"
PERSON = UUID(int=7)
ABOUT: Any = {
    "person_uuid": PERSON,
    "activity": statements.Activity(
        iri="https://learn.example/activities/lesson/1",
        kind="lesson",
        name={"en": "What matters", "cy": "Beth sy'n bwysig"},
    ),
    "parent": statements.Activity(iri="https://learn.example/activities/course/1", kind="course"),
    "registration": UUID(int=8),
    "timestamp": datetime(2026, 11, 22, 9, 30, tzinfo=UTC),
    "language": "cy",
}
RATING: Any = {"rating_uuid": UUID(int=9), "level": "Enhanced"}

pytestmark = pytest.mark.django_db


def all_statements() -> dict[str, dict[str, Any]]:
    score = statements.Score(scaled=0.8, raw=8, min=0, max=10)
    return {
        statements.REGISTERED: statements.registered(**ABOUT),
        statements.LAUNCHED: statements.launched(**ABOUT),
        statements.INITIALIZED: statements.initialized(**ABOUT),
        statements.PROGRESSED: statements.progressed(progress_percent=50, **ABOUT),
        statements.COMPLETED: statements.completed(**ABOUT),
        statements.PASSED: statements.passed(score=score, **ABOUT),
        statements.FAILED: statements.failed(score=score, **ABOUT),
        statements.ANSWERED: statements.answered(success=True, response="a[,]b", **ABOUT),
        statements.EXPERIENCED: statements.experienced(**ABOUT),
        statements.COMMENTED: statements.commented(**ABOUT),
        statements.RESPONDED: statements.responded(**ABOUT),
        statements.ATTENDED: statements.attended(**ABOUT),
        statements.SELF_ASSESSED: statements.self_assessed(**RATING, **ABOUT),
        statements.RATED: statements.rated(rater_uuid=UUID(int=10), **RATING, **ABOUT),
        statements.VOIDED: statements.voided(
            statement_id=UUID(int=11), timestamp=ABOUT["timestamp"]
        ),
    }


@pytest.mark.parametrize("book", BOOKS, ids=lambda book: book.version)
def test_every_builder_makes_a_statement(book: RuleBook) -> None:
    made = all_statements()

    validate_statements(orjson.loads(orjson.dumps(list(made.values()))), book=book, is_batch=True)

    assert {verb: one["verb"]["id"] for verb, one in made.items()} == {v: v for v in made}
    assert made.keys() == statements.DISPLAY.keys()


def test_a_completion_in_full() -> None:
    assert statements.completed(statement_id=UUID(int=12), **ABOUT) == {
        "id": str(UUID(int=12)),
        "actor": {
            "objectType": "Agent",
            "account": {"homePage": "http://localhost:8000", "name": str(PERSON)},
        },
        "verb": {
            "id": "http://adlnet.gov/expapi/verbs/completed",
            "display": {"en": "completed", "cy": "cwblhaodd", "ar": "أكمل"},
        },
        "object": {
            "objectType": "Activity",
            "id": "https://learn.example/activities/lesson/1",
            "definition": {
                "type": "http://adlnet.gov/expapi/activities/lesson",
                "name": {"en": "What matters", "cy": "Beth sy'n bwysig"},
            },
        },
        "context": {
            "platform": "Careweave",
            "language": "cy",
            "registration": str(UUID(int=8)),
            "contextActivities": {
                "parent": [
                    {
                        "objectType": "Activity",
                        "id": "https://learn.example/activities/course/1",
                        "definition": {"type": "http://adlnet.gov/expapi/activities/course"},
                    }
                ]
            },
        },
        "timestamp": "2026-11-22T09:30:00.000Z",
        "result": {"completion": True},
    }


def test_several_groupings_and_no_result() -> None:
    courses = [
        statements.Activity(iri=f"https://learn.example/c/{number}", kind="course")
        for number in (1, 2)
    ]

    made = statements.answered(**{**ABOUT, "grouping": courses, "parent": None})

    assert [one["id"] for one in made["context"]["contextActivities"]["grouping"]] == [
        "https://learn.example/c/1",
        "https://learn.example/c/2",
    ]
    assert "parent" not in made["context"]["contextActivities"]
    assert "result" not in made


def test_a_rating_carries_its_uuid_and_who_judged() -> None:
    made = statements.rated(rater_uuid=UUID(int=10), **RATING, **ABOUT)

    assert made["context"]["extensions"] == {
        "http://localhost:8000/xapi/extensions/rating": str(UUID(int=9))
    }
    assert made["result"]["extensions"] == {
        "http://localhost:8000/xapi/extensions/level": "Enhanced"
    }
    assert made["context"]["instructor"] == statements.person(UUID(int=10))


def test_no_builder_names_or_addresses_a_person() -> None:
    for made in all_statements().values():
        assert set(made["actor"]) == {"objectType", "account"}
        assert "mbox" not in orjson.dumps(made).decode()


def test_the_reference_page_says_what_we_send() -> None:
    rows = [
        [cell.strip().strip("`") for cell in line.strip("| \n").split(" | ")]
        for line in PAGE.read_text().splitlines()
        if re.match(r"\| `", line)
    ]
    verbs = {row[1]: row[2:] for row in rows if len(row) == 5}
    types = {
        row[0]: row[1] for row in rows if len(row) == 2 and row[0] in statements.ACTIVITY_TYPES
    }
    builders = {row[0] for row in rows if len(row) == 5}

    assert verbs == {verb: list(text.values()) for verb, text in statements.DISPLAY.items()}
    assert types == dict(statements.ACTIVITY_TYPES)
    assert builders == {
        name
        for name, value in inspect.getmembers(statements, inspect.isfunction)
        if not name.startswith("_")
        and value.__module__ == "lrs.statements"
        and name not in ("person", "extension_iri")
    }
