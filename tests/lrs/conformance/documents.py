"""Documents to try state and profiles with."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.lrs.conftest import Store
from tests.lrs.samples import agent

ACTIVITY = "https://courses.example/lesson-1"
STATE, ACTIVITY_PROFILE, AGENT_PROFILE = "activities/state", "activities/profile", "agents/profile"
WHOSE: dict[str, dict[str, Any]] = {
    STATE: {"activityId": ACTIVITY, "agent": agent()},
    ACTIVITY_PROFILE: {"activityId": ACTIVITY},
    AGENT_PROFILE: {"agent": agent()},
}
RESOURCES = list(WHOSE)
REGISTRATION = "ec531277-b57b-4c15-8d91-d292c5b2b8f7"
ANY = {"if_none_match": "*"}
Marked = Any


def id_name(resource: str) -> str:
    return "stateId" if resource == STATE else "profileId"


def where(resource: str, name: str = "one", **more: Any) -> dict[str, Any]:
    return {**WHOSE[resource], id_name(resource): name, **more}


def put(store: Store, resource: str, body: Any, name: str = "one", **more: Any) -> Any:
    return store.send("PUT", resource, where(resource, name), body, **{**ANY, **more})


def content(store: Store, resource: str, name: str = "one") -> Any:
    return store.get(resource, **where(resource, name))


def each(
    state: Sequence[int] = (), activity: Sequence[int] = (), agent: Sequence[int] = ()
) -> Marked:
    """A test of each number, on the resource it is for."""
    return pytest.mark.parametrize(
        "resource",
        [
            pytest.param(resource, id=f"XAPI-{number:05d}")
            for resource, numbers in zip(RESOURCES, (state, activity, agent), strict=True)
            for number in numbers
        ],
    )


def each_method(numbers: dict[str, dict[str, int]]) -> Marked:
    """A test of each number, on the resource and method it is for."""
    return pytest.mark.parametrize(
        ("resource", "method"),
        [
            pytest.param(resource, method, id=f"XAPI-{number:05d}")
            for resource, methods in numbers.items()
            for method, number in methods.items()
        ],
    )


every_resource = pytest.mark.parametrize("resource", RESOURCES)
