"""Every requirement we claim has a test that runs, in each version that has it."""

import re
from collections import defaultdict
from pathlib import Path

import pytest

from tests.lrs.conformance.requirements import BOTH, REQUIREMENTS, WITHDRAWN

FOLDER = Path(__file__).parent
NUMBER = re.compile(r"xapi[_-](\d{5})", re.IGNORECASE)
ONLY_2_0 = [name for name in REQUIREMENTS if name.startswith("2.0-")]


def named_in(item: pytest.Item) -> set[str]:
    numbers = {f"XAPI-{found}" for found in NUMBER.findall(item.name)}
    return numbers | {name for name in ONLY_2_0 if name in item.name}


def versions_of(item: pytest.Item) -> set[str]:
    spec = getattr(item, "callspec", None)
    parameters = {} if spec is None else spec.params
    version = parameters.get("any_store", parameters.get("version"))
    return set(BOTH) if version is None else {version}


def covered(items: list[pytest.Item]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for item in items:
        is_ours = item.path.parent == FOLDER
        if is_ours and not any(item.iter_markers("skip")) and not any(item.iter_markers("xfail")):
            for name in named_in(item):
                found[name] |= versions_of(item)
    return found


@pytest.fixture
def tests_there(request: pytest.FixtureRequest) -> dict[str, set[str]]:
    """The versions in which each requirement is tested, by the tests of this run."""
    items = request.session.items
    files = {item.path for item in items}
    if missing := [file.name for file in FOLDER.glob("test_*.py") if file not in files]:
        pytest.skip(f"this run leaves out {', '.join(missing)}")
    return covered(items)


def test_each_requirement_has_a_test_in_each_version(tests_there: dict[str, set[str]]) -> None:
    untested = {
        name: sorted(requirement.versions - tests_there.get(name, set()))
        for name, requirement in REQUIREMENTS.items()
        if not requirement.versions <= tests_there.get(name, set())
    }

    assert untested == {}


def test_no_test_names_a_requirement_that_is_not_in_the_list(
    tests_there: dict[str, set[str]],
) -> None:
    assert set(tests_there) - set(REQUIREMENTS) == set()


def test_the_list_is_whole() -> None:
    numbers = {int(name[5:]) for name in REQUIREMENTS if name.startswith("XAPI-")}

    assert numbers | WITHDRAWN == set(range(1, 337))
    assert not numbers & WITHDRAWN
    assert all(requirement.about for requirement in REQUIREMENTS.values())
