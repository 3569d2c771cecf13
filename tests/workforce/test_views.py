"""Who finds which page, what is on it, and that each look is noted with exactly who was shown."""

import csv
import io
import re
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from organisations.enums import GrantKind
from organisations.models import AccessNote, Consent, Grant, User
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    PersonFactory,
    SupervisionFactory,
    TeamFactory,
)
from tests.factories.workforce import (
    MOMENT,
    ON,
    World,
    add_member,
    make_world,
    show,
    show_everything,
)
from tests.workforce.attack import left_open
from workforce.rules.disclosure import Table

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(MOMENT, tick=False):
        yield


def url(name: str, *args: object, **query: str) -> str:
    return reverse(f"workforce:{name}", args=args, query=query or None)


def look(viewer: User | None, address: str):
    client = Client()
    if viewer is not None:
        client.force_login(viewer)
    return client.get(address)


def noted() -> list[tuple[int | None, int, str, int | None]]:
    return sorted(
        AccessNote.objects.values_list("viewer_id", "person_id", "page", "team_id"),
        key=str,
    )


def pages_of(world: World) -> list[str]:
    return [
        url("team", world.team.uuid),
        url("function", world.team.uuid, "F1"),
        url("person", world.team.uuid, world.people[0].uuid),
        url("profile-csv", world.team.uuid),
    ]


# Who ---------------------------------------------------------------------------------------


def test_anonymous_visitors_are_asked_to_sign_in() -> None:
    world = make_world(people=1)

    for address in [
        url("teams"),
        *pages_of(world),
        url("partnership", world.team.partnership.uuid),
        url("place", world.team.uuid),
    ]:
        answer = look(None, address)
        assert answer.status_code == 302
        assert answer["Location"].startswith("/accounts/login/")
    assert noted() == []


def everyone_else(world: World) -> dict[str, User]:
    stranger, operator, supervisor, administrator = (PersonFactory() for _ in range(4))
    of_other_team, former = PersonFactory(), PersonFactory()
    GrantFactory(person=operator, kind=GrantKind.OPERATOR)
    SupervisionFactory(supervisor=supervisor, person=world.people[0])
    GrantFactory(
        person=administrator,
        kind=GrantKind.ORGANISATION_ADMINISTRATOR,
        organisation=world.organisation,
    )
    GrantFactory(person=of_other_team, team=TeamFactory(partnership=world.team.partnership))
    GrantFactory(person=former, team=world.team, ends_on=ON - timedelta(days=1))
    return {
        "stranger": stranger,
        "operator": operator,
        "supervisor": supervisor,
        "administrator": administrator,
        "lead of another team": of_other_team,
        "former lead": former,
    }


def test_nobody_else_finds_a_team() -> None:
    world = make_world(people=2)
    show(world, world.people[0], "F1.1")
    assert [look(world.lead, address).status_code for address in pages_of(world)] == [200] * 4
    AccessNote.objects.all().delete()

    for who, person in everyone_else(world).items():
        for address in pages_of(world):
            assert look(person, address).status_code == 404, (who, address)
    assert noted() == []


def test_a_colleague_sees_the_team_but_no_one_in_it() -> None:
    world = make_world(people=2)
    other, colleague = world.people
    show(world, other, "F1.1", 3)

    answers = [look(colleague, address) for address in pages_of(world)]

    assert [answer.status_code for answer in answers] == [200, 404, 404, 404]
    page = answers[0].content.decode()
    assert "workforce/member_team.html" in [one.name for one in answers[0].templates]
    assert world.team.name in page
    assert "2 people work in it" in " ".join(page.split())
    assert other.full_name not in page
    assert reverse("organisations:sharing") in page
    assert "All of my record" in page
    assert noted() == []


def test_a_colleague_who_shares_nothing_is_told_what_that_means() -> None:
    world = make_world(people=1, shares=False)

    page = look(world.people[0], url("team", world.team.uuid)).content.decode()

    assert "Nothing at the moment." in page


def test_who_plans_sees_counts_and_no_one() -> None:
    world = make_world(people=12)
    show_everything(world)
    planner = PersonFactory()
    GrantFactory(person=planner, partnership=world.team.partnership)

    answers = [look(planner, address) for address in pages_of(world)]
    whole = look(planner, url("partnership", world.team.partnership.uuid))

    assert [answer.status_code for answer in answers] == [200, 404, 404, 404]
    for answer in (answers[0], whole):
        page = answer.content.decode()
        assert "workforce/_counts.html" in [one.name for one in answer.templates]
        assert "About 10 people" in page
        assert not [person for person in world.people if person.full_name in page]
    assert noted() == []


def test_a_planner_cannot_narrow_the_counts_down() -> None:
    """The filters of a lead's page would be a way to take one count from another."""
    world = make_world(people=12)
    show_everything(world)
    planner = PersonFactory()
    GrantFactory(person=planner, partnership=world.team.partnership)

    plain = look(planner, url("team", world.team.uuid)).content
    narrowed = look(
        planner,
        url(
            "team",
            world.team.uuid,
            role="connector",
            organisation=str(world.organisation.uuid),
            on="2026-01-01",
            rule="two-kinds/1",
        ),
    ).content

    start = plain.index(b"<main")
    assert narrowed[narrowed.index(b"<main") :] == plain[start:]


def test_no_small_count_can_be_worked_out_from_the_pages_of_a_planner() -> None:
    """The planner knows who is in each team, reads every page, and takes each from each."""
    first = make_world(people=0, functions=1, competencies=1)
    truth = {}
    for met, below, unknown in ((9, 2, 3), (3, 10, 1), (12, 1, 8)):
        team = TeamFactory(partnership=first.team.partnership)
        world = replace(first, team=team, people=[])
        for place in range(met + below + unknown):
            person = add_member(world)
            if place < met + below:
                show(world, person, "F1.1", 1 if place < met else 0)
        truth[team] = (unknown, below, met)
    planner = PersonFactory()
    GrantFactory(person=planner, partnership=first.team.partnership)

    pages = [look(planner, url("team", team.uuid)) for team in truth]
    pages.append(look(planner, url("partnership", first.team.partnership.uuid)))
    read = [_counts_read(page.content.decode()) for page in pages]
    open_still = left_open(
        sizes=[sum(counts) for counts in truth.values()],
        fits_part=[partial(_looks_like, read=one) for one in read[:-1]],
        fits_whole=partial(_looks_like, read=read[-1]),
    )

    together = tuple(sum(counts) for counts in zip(*truth.values(), strict=True))
    for counts, values in zip([*truth.values(), together], open_still, strict=True):
        for count, possible in zip(counts, values, strict=True):
            assert count in possible
            if 1 <= count <= 7:
                assert len(possible) > 1
    assert read[-1] == ["about 25", "about 15", "about 10"]


def _counts_read(page: str) -> list[str]:
    """The three counts of the one line of a planner's page: met, below, unknown."""
    body = page.split("tp-counts")[1].split("<tbody")[1].split("</tbody>")[0]
    cells = re.findall(r"<td[^>]*>(.*?)</td>", body, flags=re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", " ", cell).split()) for cell in cells][1:]


def _looks_like(table: Table, *, read: list[str]) -> bool:
    """Whether a table may look as it was read, as the words under it explain."""
    for count, words in zip((table.at[0], table.not_yet, table.unknown), read, strict=True):
        if words == "not shown":
            continue
        if words == "7 or fewer":
            fits = count <= 7
        elif words == "none":
            fits = count == 0
        else:
            fits = count > 7 and abs(count - int(words.removeprefix("about "))) <= 2
        if not fits:
            return False
    return True


def test_functions_counted_lead_to_what_they_are() -> None:
    world = make_world(people=12)
    planner = PersonFactory()
    GrantFactory(person=planner, partnership=world.team.partnership)

    page = look(planner, url("partnership", world.team.partnership.uuid)).content.decode()

    for function in world.functions:
        where = reverse("competencies:item", args=[world.framework.slug, function.code])
        assert f'href="{where}"' in page


def test_nobody_else_finds_the_counts_of_a_partnership_or_place() -> None:
    world = make_world(people=12)

    for person in [world.lead, world.people[0], *everyone_else(world).values()]:
        address = url("partnership", world.team.partnership.uuid)
        assert look(person, address).status_code == 404
        assert look(person, url("place", world.team.partnership.uuid)).status_code == 404


def test_what_does_not_exist_is_not_found() -> None:
    world = make_world(people=1)
    nowhere = world.people[0].uuid

    for address in [
        url("team", nowhere),
        url("function", world.team.uuid, "F9"),
        url("person", world.team.uuid, world.lead.uuid),
        url("profile-csv", world.team.uuid, into="F9"),
    ]:
        assert look(world.lead, address).status_code == 404, address
    assert noted() == []


# What --------------------------------------------------------------------------------------


def test_teams_are_listed_by_what_one_does_there() -> None:
    world = make_world(people=1)
    planned = TeamFactory(partnership=world.team.partnership)
    GrantFactory(person=world.lead, partnership=world.team.partnership)

    page = look(world.lead, url("teams")).content.decode()

    assert page.index("Teams I lead") < page.index(url("team", world.team.uuid))
    assert page.index("What I plan for") < page.index(url("team", planned.uuid))
    assert url("partnership", world.team.partnership.uuid) in page
    assert "Teams I work in" not in page


def test_someone_without_a_team_is_told_how_one_comes_by() -> None:
    page = look(PersonFactory(), url("teams")).content.decode()

    assert "No teams yet" in page


def test_the_heatmap_says_in_words_what_is_known_needed_and_unknown() -> None:
    world = make_world(people=3, functions=1, competencies=2)
    met, below, silent = world.people
    show(world, met, "F1.1", 2)
    show(world, met, "F1.2", 1)
    show(world, below, "F1.1", 0)

    answer = look(world.lead, url("team", world.team.uuid))

    page = " ".join(answer.content.decode().split())
    rows = page.split("<tbody role")[1].split("</tbody>")[0].split("</tr>")
    assert met.full_name in rows[0]
    assert 'class="cw-heat__cell tp-cell cw-heat--1"' in rows[0]
    assert "2 of 2 met" in rows[0]
    assert 'class="cw-heat__cell tp-cell cw-heat--none"' in rows[1]
    assert "0 of 2 met" in rows[1]
    assert "1 below" in rows[1]
    assert "1 unknown" in rows[1]
    assert 'class="cw-heat__cell tp-cell cw-heat--unknown"' in rows[2]
    assert silent.full_name in rows[2]
    assert "<caption>" in page
    assert 'scope="col"' in page
    assert 'scope="row"' in page
    assert f"Only {met.full_name}" not in page
    assert "When this one person is away" in page


def test_a_cell_leads_to_its_reasons_and_a_competency_to_what_it_is() -> None:
    world = make_world(people=2, functions=2, competencies=1)
    person = world.people[0]
    show(world, person, "F1.1", 1)
    function, item = world.functions[0], world.items[0]

    of_functions = look(world.lead, url("team", world.team.uuid)).content.decode()
    of_items = look(world.lead, url("function", world.team.uuid, "F1")).content.decode()
    persons = look(world.lead, url("person", world.team.uuid, person.uuid)).content.decode()

    where = url("person", world.team.uuid, person.uuid)
    assert f'<a href="{where}#f-{function.competency_id}">' in of_functions
    assert f'<a href="{where}#c-{item.competency_id}">' in of_items
    assert f'id="f-{function.competency_id}"' in persons
    assert f'id="c-{item.competency_id}"' in persons
    head = reverse("competencies:item", args=[world.framework.slug, item.code])
    assert f'href="{head}"' in of_items.split("<thead")[1].split("</thead>")[0]


def test_what_stands_out_is_of_the_team_or_not_told() -> None:
    world = make_world(people=3, functions=1, competencies=1)

    def page(**asked: str) -> str:
        return look(world.lead, url("team", world.team.uuid, **asked)).content.decode()

    assert "What stands out" in page()
    assert "What stands out" in page(showing="below")
    assert "What stands out" not in page(role="connector")
    assert "What stands out" not in page(on="2001-01-01")
    nobody = " ".join(page(role="connector", showing="below").split())
    assert "3 people, on" in nobody
    assert "0 of 3 people" in nobody


def test_gaps_are_a_switch_in_sight_that_keeps_the_other_filters() -> None:
    world = make_world(people=3, functions=1, competencies=1)
    below, met, _silent = world.people
    show(world, below, "F1.1", 0)
    show(world, met, "F1.1", 1)

    page = look(world.lead, url("team", world.team.uuid, role="connector")).content.decode()

    outside = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
    assert "Everyone: 3" in outside
    assert "Below what is needed: 1" in outside
    assert "Something needed is unknown: 1" in outside
    assert "?role=connector&amp;showing=below" in outside


def test_a_persons_page_can_show_only_gaps_and_lists_what_is_on_it() -> None:
    world = make_world(people=1, functions=2, competencies=2)
    person = world.people[0]
    show(world, person, "F1.1", 1)
    show(world, person, "F1.2", 1)
    show(world, person, "F2.1", 0)
    first, second = world.functions
    where = url("person", world.team.uuid, person.uuid)

    whole = " ".join(look(world.lead, where).content.decode().split())
    gaps = " ".join(look(world.lead, f"{where}?showing=gaps").content.decode().split())

    assert "Everything: 4" in whole
    assert "Only what is below or unknown: 2" in whole
    for function in (first, second):
        assert f'href="#f-{function.competency_id}"' in whole
    assert "0 of 2 met, 1 below, 1 unknown" in whole
    assert f'id="c-{world.items[0].competency_id}"' in whole
    assert f'id="c-{world.items[0].competency_id}"' not in gaps
    assert f'id="c-{world.items[2].competency_id}"' in gaps
    assert f'id="c-{world.items[3].competency_id}"' in gaps
    assert "/me/sharing/" not in whole.split("<main")[1].split("</main>")[0]


def test_the_look_is_noted_with_exactly_the_people_shown() -> None:
    world = make_world(people=3)
    absent = add_member(world, ends_on=ON - timedelta(days=1))

    look(world.lead, url("team", world.team.uuid))

    assert noted() == sorted(
        (
            (world.lead.pk, person.pk, "team_profile", world.team.pk)
            for person in world.people
            if person != absent
        ),
        key=str,
    )
    assert AccessNote.objects.values("look").distinct().count() == 1


def test_only_those_shown_by_the_filters_are_noted() -> None:
    world = make_world(people=2, functions=1, competencies=1)
    below, above = world.people
    show(world, below, "F1.1", 0)
    show(world, above, "F1.1", 1)
    add_member(world)
    second = add_member(world)
    show(world, second, "F1.1", 2)

    look(world.lead, url("team", world.team.uuid, showing="below"))

    assert noted() == [(world.lead.pk, below.pk, "team_profile", world.team.pk)]


def test_ones_own_row_is_no_look() -> None:
    world = make_world(people=1)
    add_member(world, person=world.lead)

    look(world.lead, url("team", world.team.uuid))

    assert noted() == [(world.lead.pk, world.people[0].pk, "team_profile", world.team.pk)]


def test_a_persons_page_shows_reasons_and_is_noted() -> None:
    world = make_world(people=2)
    person = world.people[0]
    show(world, person, "F1.1", 2, source=world.organisation)

    answer = look(world.lead, url("person", world.team.uuid, person.uuid))

    page = " ".join(answer.content.decode().split())
    assert "Passed an assessment: Enhanced" in page
    assert world.organisation.name in page
    assert "1 March 2026" in page
    assert world.people[1].full_name not in page
    assert noted() == [(world.lead.pk, person.pk, "team_member", world.team.pk)]


def test_unknown_looks_the_same_whether_or_not_there_is_something_to_share() -> None:
    """Nobody can tell from a page whether someone keeps something to themselves."""
    world = make_world(people=2, shares=False)
    keeps, has_nothing = world.people
    show(world, keeps, "F1.1", 3)
    Consent.objects.all().delete()

    pages = [
        look(world.lead, url("person", world.team.uuid, person.uuid))
        .content.decode()
        .split("<main")[1]
        .replace(person.full_name, "NAME")
        .replace(str(person.uuid), "UUID")
        for person in (keeps, has_nothing)
    ]

    assert pages[0] == pages[1]
    assert "Nothing is known here" in pages[0]


def test_filters_that_fit_nobody_say_so() -> None:
    world = make_world(people=1)

    answer = look(world.lead, url("team", world.team.uuid, role="astronaut"))

    assert answer.status_code == 200
    assert "Nobody fits" in answer.content.decode()
    assert noted() == []


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ({"on": "yesterday"}, "Write the day as year-month-day"),
        ({"on": "1999-01-01"}, "Choose a day from"),
        ({"rule": "kindest/1"}, "Choose what counts from the list"),
        ({"organisation": "x"}, "valid UUID"),
    ],
)
def test_a_filter_that_makes_no_sense_is_told(asked: dict[str, str], said: str) -> None:
    world = make_world(people=1)

    answer = look(world.lead, url("team", world.team.uuid, **asked))

    assert answer.status_code == 400
    assert said in answer.content.decode()


def test_a_team_without_people_or_framework_says_what_comes_here() -> None:
    lead = PersonFactory()
    team = TeamFactory()
    Grant.objects.create(person=lead, kind=GrantKind.WORKFORCE_LEAD, team=team, starts_on=ON)

    assert "Nobody is in this team yet" in look(lead, url("team", team.uuid)).content.decode()
    MembershipFactory(team=team)
    assert "There is no shared framework yet" in look(lead, url("team", team.uuid)).content.decode()


# The file ----------------------------------------------------------------------------------


def rows_of(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig"))))


def test_the_file_says_what_the_page_says() -> None:
    world = make_world(people=2, functions=1, competencies=2)
    first, second = world.people
    show(world, first, "F1.1", 2, expires_on=ON + timedelta(days=9))
    show(world, first, "F1.2", 0)

    answer = look(world.lead, url("profile-csv", world.team.uuid))

    assert answer["Content-Type"] == "text/csv; charset=utf-8"
    assert "2026-06-01.csv" in answer["Content-Disposition"]
    assert rows_of(answer) == [
        [
            "Name",
            "Roles",
            "Organisations",
            "F1 Function 1",
            "F1: against the need",
            "F1: valid until",
        ],
        [
            first.full_name,
            "Connector",
            world.organisation.name,
            "Not yet",
            "1 of 2 below the level needed, 2 known",
            "2026-06-10",
        ],
        [
            second.full_name,
            "Connector",
            world.organisation.name,
            "Unknown",
            "0 of 2 at the level needed, the rest unknown",
            "",
        ],
    ]
    assert noted() == sorted(
        ((world.lead.pk, person.pk, "team_export", world.team.pk) for person in (first, second)),
        key=str,
    )


def test_the_file_has_the_filters_of_the_page() -> None:
    world = make_world(people=1)
    page = look(world.lead, url("team", world.team.uuid, showing="below")).content.decode()
    inside = look(world.lead, url("function", world.team.uuid, "F2")).content.decode()

    assert "profile.csv?showing=below" in page or "Nobody fits" in page
    assert "profile.csv?into=F2" in inside
    assert rows_of(look(world.lead, url("profile-csv", world.team.uuid, into="F2")))[0][3] == (
        "F2.1 Competency 2.1"
    )


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_the_file_runs_no_formula(start: str) -> None:
    world = make_world(people=0)
    person = PersonFactory(first_name=f"{start}HYPERLINK(1)", last_name="Testwell")
    add_member(world, person=person)

    row = rows_of(look(world.lead, url("profile-csv", world.team.uuid)))[1]

    assert row[0].startswith(("'", "HYPERLINK"))
    assert not row[0].startswith(start)


def test_a_file_is_not_made_of_a_filter_that_makes_no_sense() -> None:
    world = make_world(people=1)

    answer = look(world.lead, url("profile-csv", world.team.uuid, on="x"))

    assert answer.status_code == 302
    assert answer["Location"] == url("team", world.team.uuid, on="x")
    assert noted() == []


# Languages and cost ------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "cy"])
def test_the_pages_answer_in_every_language(language: str) -> None:
    world = make_world(people=2)
    show_everything(world)

    for address in [url("teams"), *pages_of(world)]:
        answer = look(world.lead, f"/{language}{address}")
        assert answer.status_code == 200
        if "csv" not in address:
            assert f'lang="{language}"' in answer.content.decode()


@pytest.mark.parametrize("name", ["team", "function"])
def test_a_page_takes_the_same_queries_at_any_size(name: str) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    world = make_world(people=1, functions=3)
    args = [world.team.uuid, "F1"] if name == "function" else [world.team.uuid]

    def queries() -> int:
        show_everything(world)
        client = Client()
        client.force_login(world.lead)
        client.get(url(name, *args))
        with CaptureQueriesContext(connection) as asked:
            client.get(url(name, *args))
        return len(asked)

    alone = queries()
    add_member(world)
    add_member(world)

    assert queries() == alone
    assert alone <= 20
