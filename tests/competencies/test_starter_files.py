"""The starter framework and roles keep to docs/reference/starter-content.md."""

import re
from pathlib import Path
from typing import Any

import pytest

from tests.competencies.starter_checks import (
    ROOT,
    UnreadableFileError,
    competency_codes,
    framework_problems,
    frameworks,
    items,
    read,
    role_problems,
    roles,
    translation_problems,
    translations,
)

CODES_PAGE = ROOT / "docs" / "reference" / "shared-core-functions.md"
SHARED = "shared-core-functions"
LANGUAGES = {"cy", "ar"}
FEWEST, MOST = 10, 22


def assert_none(problems: list[str]) -> None:
    if problems:
        pytest.fail("\n".join(["Please correct:", *problems]), pytrace=False)


@pytest.fixture(scope="module")
def shared() -> dict[str, Any]:
    return frameworks()[SHARED]


def test_frameworks_keep_to_the_format() -> None:
    assert_none([p for slug, text in frameworks().items() for p in framework_problems(slug, text)])


def test_translations_name_only_what_exists() -> None:
    assert_none(
        [
            problem
            for slug, framework in frameworks().items()
            for language, text in translations(slug).items()
            for problem in translation_problems(f"{slug}.{language}", text, framework)
        ]
    )


def test_roles_keep_to_the_format() -> None:
    known = frameworks()
    assert_none([p for slug, role in roles().items() for p in role_problems(slug, role, known)])


def test_shared_framework_is_large_enough(shared: dict[str, Any]) -> None:
    sizes = {f["code"]: len(f["competencies"]) for f in shared["functions"]}

    assert len(sizes) in {11, 12}
    assert set(sizes.values()) <= {4, 5}
    assert sum(sizes.values()) >= 48
    assert [level["key"] for level in shared["levels"]] == ["essential", "enhanced", "expert"]


def test_codes_page_matches_the_framework(shared: dict[str, Any]) -> None:
    rows = re.findall(
        r"^\| \**(F[\d.]+)\** \| \**(.+?)\** \|$", CODES_PAGE.read_text("utf-8"), re.M
    )

    assert rows == [(item["code"], item["title"]) for item, _ in items(shared)]


def test_roles_of_the_codes_page_are_those_of_the_files() -> None:
    rows = re.findall(r"^\| `([a-z-]+)` \| (.+) \|$", CODES_PAGE.read_text("utf-8"), re.M)

    assert rows == [(slug, role["title"]) for slug, role in sorted(roles().items())]


def test_starter_words_exist_in_welsh_and_arabic(shared: dict[str, Any]) -> None:
    known = translations(SHARED)
    codes = [item["code"] for item, _ in items(shared)]

    assert set(known) == LANGUAGES
    for text in known.values():
        translated = [code for code in codes if text["items"].get(code, {}).get("title")]
        assert len(translated) >= 0.9 * len(codes)
    assert_none(
        [
            f"{slug} has no title and summary in {language}."
            for slug, role in roles().items()
            for language in sorted(LANGUAGES - set(role.get("translations", {})))
        ]
    )


def test_every_competency_is_required_by_three_roles(shared: dict[str, Any]) -> None:
    askers: dict[str, list[str]] = {code: [] for code in competency_codes(shared)}
    for slug, role in roles().items():
        for row in role["requires"] if role["framework"] == SHARED else []:
            if row["competency"] in askers:  # a wrong code is told by the check of the format
                askers[row["competency"]].append(slug)

    assert_none(
        [
            f"{code} is required only by {', '.join(slugs) or 'no role'}: name at least three."
            for code, slugs in askers.items()
            if len(slugs) < 3
        ]
    )


def test_every_function_is_held_at_expert_level_by_a_role(shared: dict[str, Any]) -> None:
    held = {
        row["competency"].split(".")[0]
        for role in roles().values()
        for row in role["requires"]
        if role["framework"] == SHARED and row["level"] == shared["levels"][-1]["key"]
    }

    assert held == {function["code"] for function in shared["functions"]}


def test_no_role_is_asked_for_too_little_or_too_much() -> None:
    counts = {slug: len(role["requires"]) for slug, role in roles().items()}

    assert len(counts) >= 16
    assert_none(
        [
            f"{slug} requires {n} competencies: keep it between {FEWEST} and {MOST}."
            for slug, n in counts.items()
            if not FEWEST <= n <= MOST
        ]
    )


def test_nothing_is_demanded_of_an_unpaid_carer() -> None:
    assert {row["importance"] for row in roles()["unpaid-carer"]["requires"]} == {"useful"}


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": ""}, f"{SHARED}: title is missing from 'F1.2'."),
        ({"code": "F1.1"}, f"{SHARED}: code F1.1 is used 2 times."),
        ({"code": "F9.9"}, f"{SHARED}: F9.9 stands under F1; renumber or move it."),
        (
            {"statement": "No full stop"},
            f"{SHARED}: F1.2 needs a 'statement' that ends with a full",
        ),
        ({"levels": {"essential": "Asks."}}, f"{SHARED}: F1.2 must describe the levels essential,"),
        ({"title": "Ask what matters"}, f"{SHARED}: F1.1 title and F1.2 title say the same."),
    ],
)
def test_mistake_in_a_framework_is_named(
    shared: dict[str, Any], change: dict[str, Any], message: str
) -> None:
    first, second, *rest = shared["functions"][0]["competencies"]
    function = {**shared["functions"][0], "competencies": [first, {**second, **change}, *rest]}
    framework = {**shared, "functions": [function, *shared["functions"][1:]]}

    assert framework_problems(SHARED, shared) == []
    assert any(p.startswith(message) for p in framework_problems(SHARED, framework))


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            {"competency": "F99.1", "level": "essential", "importance": "useful"},
            f"volunteer: there is no competency F99.1 in {SHARED}.",
        ),
        (
            {"competency": "F1.3", "level": "master", "importance": "useful"},
            "volunteer: F1.3 has level 'master'; use ['essential', 'enhanced', 'expert'].",
        ),
        (
            {"competency": "F1.3", "level": "essential", "importance": "vital"},
            "volunteer: F1.3 needs importance: essential or useful.",
        ),
    ],
)
def test_mistake_in_a_role_is_named(
    shared: dict[str, Any], row: dict[str, str], message: str
) -> None:
    role = roles()["volunteer"]
    known = {SHARED: shared}

    assert role_problems("volunteer", role, known) == []
    assert role_problems("volunteer", {**role, "requires": [*role["requires"], row]}, known) == [
        message
    ]


def test_mistake_in_a_translation_is_named(shared: dict[str, Any]) -> None:
    text = {"language": "cy", "checked_by": "", "items": {"F1": {"title": "Teitl"}}}
    wrong = {**text, "items": {"F77": {"title": "Teitl"}, "F1": {"statement": "Brawddeg."}}}
    left = {**text, "items": {"F1.1": {"title": "Ask what matters"}}}

    assert translation_problems(f"{SHARED}.cy", text, shared) == []
    assert translation_problems(f"{SHARED}.cy", wrong, shared) == [
        f"{SHARED}.cy: there is no item F77 in {SHARED}.",
        f"{SHARED}.cy: F1 has no 'statement'.",
    ]
    assert translation_problems(f"{SHARED}.cy", left, shared) == [
        f"{SHARED}.cy: the title of F1.1 is still in the original language."
    ]


def test_key_written_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "role.yaml"
    path.write_text("title: One\ntitle: Two\n", encoding="utf-8")

    with pytest.raises(UnreadableFileError, match=r"role\.yaml cannot .* written twice"):
        read(path)
