"""Statements to begin a test from; each call returns a new one."""

from typing import Any
from uuid import UUID

VERBS = "http://adlnet.gov/expapi/verbs/"


def agent(name: str = "ffion") -> dict[str, Any]:
    return {"objectType": "Agent", "account": {"homePage": "https://hr.example", "name": name}}


def activity(name: str = "lesson-1") -> dict[str, Any]:
    return {"objectType": "Activity", "id": f"https://courses.example/{name}"}


def statement(number: int = 1, **parts: Any) -> dict[str, Any]:
    """A small statement with a fixed id; `parts` replace or, when None, remove its own."""
    base: dict[str, Any] = {
        "id": str(UUID(int=number)),
        "actor": agent(),
        "verb": {"id": f"{VERBS}completed", "display": {"en": "completed"}},
        "object": activity(),
        "timestamp": "2026-05-04T09:30:00.000Z",
    }
    base.update(parts)
    return {key: value for key, value in base.items() if value is not None}


def full_statement(number: int = 1) -> dict[str, Any]:
    """A statement that uses every property of xAPI 1.0.3."""
    return statement(
        number,
        object={
            "objectType": "Activity",
            "id": "https://courses.example/question-1",
            "definition": {
                "name": {"en": "Who is missing?", "cy": "Pwy sydd ar goll?"},
                "description": {"en": "One of four."},
                "type": "http://adlnet.gov/expapi/activities/cmi.interaction",
                "moreInfo": "https://courses.example/about",
                "interactionType": "choice",
                "correctResponsesPattern": ["carer"],
                "choices": [
                    {"id": "carer", "description": {"en": "The carer"}},
                    {"id": "chair", "description": {"en": "The chair"}},
                ],
                "extensions": {"https://ext.example/a": {"anything": [None, 1.10, "x"]}},
            },
        },
        result={
            "score": {"scaled": 0.5, "raw": 5, "min": 0, "max": 10},
            "success": True,
            "completion": False,
            "response": "carer",
            "duration": "PT1M30.5S",
            "extensions": {"https://ext.example/big": 12345678901234567890123},
        },
        context={
            "registration": "ec531277-b57b-4c15-8d91-d292c5b2b8f7",
            "instructor": {"mbox": "mailto:Instructor@Example.ORG"},
            "team": {"objectType": "Group", "member": [agent("gwil"), agent("mair")]},
            "contextActivities": {
                "parent": [activity("module-1")],
                "grouping": [activity("course-1")],
                "category": [activity("profile")],
            },
            "revision": "2",
            "platform": "Careweave",
            "language": "en-GB",
            "statement": {
                "objectType": "StatementRef",
                "id": "ec531277-b57b-4c15-8d91-d292c5b2b8f8",
            },
            "extensions": {"https://ext.example/b": None},
        },
        attachments=[
            {
                "usageType": "https://ext.example/essay",
                "display": {"en": "Essay"},
                "contentType": "text/plain; charset=utf-8",
                "length": 27,
                "sha2": "495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a",
                "fileUrl": "https://files.example/essay.txt",
            }
        ],
    )
