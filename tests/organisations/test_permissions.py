"""The page of what each person may do is what the code says."""

import inspect
import itertools
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from organisations import permissions
from organisations.enums import GrantKind, Visibility
from organisations.permissions import Access, Belonging

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "permissions.md"
DAY = date(2026, 6, 1)
ME, PERSON, ORGANISATION, TEAM, PARTNERSHIP = 1, 2, 10, 20, 30
THING = frozenset({ORGANISATION})

PEOPLE = {
    "nobody signed in": Access(person_id=None, on=DAY),
    "learner": Access(person_id=ME, on=DAY),
    "member": Access(person_id=ME, on=DAY, employer_ids=THING, team_ids=frozenset({TEAM})),
    "team lead": Access(person_id=ME, on=DAY, led_team_ids=frozenset({TEAM})),
    "planner": Access(
        person_id=ME,
        on=DAY,
        overseen_team_ids=frozenset({TEAM}),
        overseen_partnership_ids=frozenset({PARTNERSHIP}),
    ),
    "employer's lead": Access(person_id=ME, on=DAY, acts_for_ids=THING),
    "administrator": Access(person_id=ME, on=DAY, acts_for_ids=THING, administered_ids=THING),
    "supervisor": Access(person_id=ME, on=DAY, supervised_ids=frozenset({PERSON})),
    "educator": Access(person_id=ME, on=DAY, educator_ids=THING),
    "moderator": Access(person_id=ME, on=DAY, moderated_organisation_ids=THING),
    "operator": Access(person_id=ME, on=DAY, is_operator=True),
}


def asked(organisation: int, team: int, partnership: int, person: int) -> dict[str, Callable]:
    other = Belonging(
        person_id=person,
        organisation_ids=frozenset({organisation}),
        team_ids=frozenset({team}),
    )
    may = permissions
    return {
        "may_see_team_profile": lambda a: may.may_see_team_profile(a, team),
        "may_see_names_in": lambda a: may.may_see_names_in(a, team),
        "may_see_partnership_summary": lambda a: may.may_see_partnership_summary(a, partnership),
        "may_invite_to_team": lambda a: may.may_invite_to_team(a, team),
        "may_see_record_of": lambda a: may.may_see_record_of(a, other),
        "may_see_organisation_records": lambda a: may.may_see_organisation_records(a, organisation),
        "may_rate": lambda a: may.may_rate(a, person),
        "may_edit_content": lambda a: may.may_edit_content(a, organisation),
        "may_see_content": lambda a: may.may_see_content(
            a, visibility=Visibility.ORGANISATIONS, owner_id=organisation
        ),
        "may_moderate": lambda a: may.may_moderate(a, organisation_id=organisation),
        "may_administer_organisation": lambda a: may.may_administer_organisation(a, organisation),
        "may_give_leave": lambda a: may.may_give_leave(
            a, kind=GrantKind.EDUCATOR, organisation_id=organisation
        ),
        "may_operate": may.may_operate,
    }


def table() -> list[dict[str, str]]:
    lines = PAGE.read_text(encoding="utf-8").split("## The table")[1].split("\n## ")[0].splitlines()
    rows = [
        [cell.strip().strip("`") for cell in line.strip("|").split("|")]
        for line in lines
        if line.startswith("|")
    ]
    return [dict(zip(rows[0], row, strict=True)) for row in rows[2:]]


ROWS = {row["function"]: row for row in table()}
HERE = asked(ORGANISATION, TEAM, PARTNERSHIP, PERSON)
ELSEWHERE = asked(11, 21, 31, 3)


@pytest.mark.parametrize(("function", "who"), list(itertools.product(ROWS, PEOPLE)))
def test_the_page_says_what_the_code_says(function: str, who: str) -> None:
    assert ROWS[function][who] == ("yes" if HERE[function](PEOPLE[who]) else "no")


@pytest.mark.parametrize(("function", "who"), list(itertools.product(ROWS, PEOPLE)))
def test_leave_of_one_thing_opens_no_other(function: str, who: str) -> None:
    is_operators = who == "operator" and ROWS[function][who] == "yes"

    assert ELSEWHERE[function](PEOPLE[who]) == is_operators


def test_every_question_is_on_the_page() -> None:
    questions = {
        name
        for name, thing in inspect.getmembers(permissions, inspect.isfunction)
        if name.startswith("may_") and thing.__module__ == permissions.__name__
    }

    assert set(ROWS) == questions == set(HERE)
    assert set(table()[0]) == {"may", "function", *PEOPLE}


def test_ones_own_record_is_open_and_nobody_rates_themselves() -> None:
    me = Access(person_id=ME, on=DAY, supervised_ids=frozenset({ME}))

    assert permissions.may_see_record_of(me, Belonging(person_id=ME))
    assert not permissions.may_rate(me, ME)


def test_leave_everywhere_covers_content_without_an_owner() -> None:
    everywhere = Access(person_id=ME, on=DAY, is_educator_everywhere=True)
    of_one = Access(person_id=ME, on=DAY, educator_ids=THING)

    assert permissions.may_edit_content(everywhere, None)
    assert not permissions.may_edit_content(of_one, None)


@pytest.mark.parametrize(
    ("visibility", "stranger", "learner"),
    [
        (Visibility.PUBLIC, True, True),
        (Visibility.SIGNED_IN, False, True),
        (Visibility.ORGANISATIONS, False, False),
    ],
)
def test_visibility_of_content(visibility: str, stranger: bool, learner: bool) -> None:
    def sees(who: str, **kwargs: object) -> bool:
        return permissions.may_see_content(PEOPLE[who], visibility=visibility, **kwargs)

    assert sees("nobody signed in", owner_id=ORGANISATION) == stranger
    assert sees("learner", owner_id=ORGANISATION) == learner
    assert sees("member", owner_id=11, visible_to_ids=[ORGANISATION])


def test_administrators_give_no_leave_that_reaches_further() -> None:
    administrator = PEOPLE["administrator"]

    for kind in GrantKind:
        of_theirs = permissions.may_give_leave(
            administrator, kind=kind, organisation_id=ORGANISATION
        )
        assert of_theirs == (kind != GrantKind.OPERATOR)
        assert not permissions.may_give_leave(administrator, kind=kind, organisation_id=None)
