"""@xapi/xapi and tincanjs, from npm, write, read, void, page and keep documents."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.lrs.outside import npm
from tests.lrs.outside.conftest import Outside

pytestmark = [pytest.mark.network, pytest.mark.slow, pytest.mark.django_db]

VERSIONS = ["2.0.0", "1.0.3", "1.0.2", "1.0.1", "1.0.0"]
SENT = 271
ESSAY = "An essay on working together, å."


def facts(outside: Outside, script: str, package: str, version: str = "1.0.3") -> dict[str, Any]:
    told = npm.run_script(
        Path(__file__).with_name(script),
        CLIENT=str(npm.installed() / package),
        ENDPOINT=outside.endpoint,
        KEY=outside.key,
        SECRET=outside.secret,
        VERSION=version,
    )
    found: dict[str, Any] = json.loads(told)
    return found


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_xapi_js(outside: Outside, version: str) -> None:
    seen = facts(outside, "xapi_xapi.cjs", "@xapi/xapi", version)

    activity, page_of_ids = seen.pop("activityId"), seen.pop("ids")
    assert page_of_ids == [{"id": "http://adlnet.gov/expapi/verbs/completed"}, {"id": activity}]
    assert seen == {
        "about": [VERSIONS, version],
        "sent": True,
        "read": 0.5,
        "pages": 3,
        "paged": [SENT, SENT, True],
        "counts": [1, 5, 1, 0, 0],
        "gone": 404,
        "voided": True,
        "attachment": [True, ESSAY],
        "state": {"page": 3, "mark": 1},
        "set": 204,
        "stale": 412,
        "states": ["bookmark"],
        "noState": 404,
        "profileOfActivity": [204, 412, "dark", 204, ["settings"], 204],
        "profileOfAgent": [204, 412, "dark", 204, ["settings"], 204],
        "activity": {"name": {"en": "A lesson"}},
        "person": {
            "objectType": "Person",
            "account": [{"homePage": "https://hr.example", "name": "ffion"}],
        },
    }


def test_tincanjs(outside: Outside) -> None:
    assert facts(outside, "tincanjs.cjs", "tincanjs") == {
        "about": VERSIONS,
        "sent": None,
        "read": 0.5,
        "pages": 3,
        "paged": [SENT, SENT, True],
        "counts": [1, 5, 1, 0, 0],
        "voiding": None,
        "gone": 404,
        "voided": True,
        "essay": None,
        "attachment": [True, ESSAY],
        "saved": None,
        "state": [{"page": 3}, True],
        "set": None,
        "stale": 412,
        "states": ["bookmark"],
        "dropped": None,
        "noState": None,
        "profileOfActivity": [None, 412, "dark", None, ["settings"], None],
        "profileOfAgent": [None, 412, "dark", None, ["settings"], None],
        "activity": {"en": "A lesson"},
    }
