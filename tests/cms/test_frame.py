"""The one page frame: language, title, navigation, and what is said when things break."""

import re

import pytest
from django.core.exceptions import RequestDataTooBig
from django.test import Client, RequestFactory
from wagtail import hooks

from cms import views
from cms.navigation import HIDE_HOOK
from organisations.enums import GrantKind
from tests.factories.learning import make_course, make_site
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PartnershipFactory,
    PersonFactory,
    PlaceFactory,
    SupervisionFactory,
    TeamFactory,
)


def tag(html: str, pattern: str) -> str:
    found = re.search(pattern, html, re.DOTALL)
    assert found, pattern
    return re.sub(r"\s+", " ", found.group(1)).strip()


def links(html: str, css_class: str) -> list[str]:
    return re.findall(rf'class="{css_class}"[^>]*>([^<]+)</a>', html)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("path", "language", "direction"),
    [
        ("/accounts/login/", "en", "ltr"),
        ("/cy/accounts/login/", "cy", "ltr"),
        ("/ar/accounts/login/", "ar", "rtl"),
    ],
)
def test_language_and_direction_are_said(
    client: Client, path: str, language: str, direction: str
) -> None:
    html = client.get(path).content.decode()

    assert f'<html lang="{language}" dir="{direction}">' in html


@pytest.mark.django_db
def test_title_is_page_section_service(client: Client) -> None:
    html = client.get("/accounts/login/").content.decode()

    assert tag(html, "<title>(.*?)</title>") == "Sign in – My account – Careweave"


@pytest.mark.django_db
def test_title_of_a_section_is_not_said_twice(client: Client) -> None:
    make_site()

    html = client.get("/learn/").content.decode()

    assert tag(html, "<title>(.*?)</title>") == "Learn – Careweave"


@pytest.mark.django_db
def test_title_is_escaped_once(client: Client) -> None:
    course = make_course(title="Plans & people")

    html = client.get(course.url).content.decode()

    assert tag(html, "<title>(.*?)</title>") == "Plans &amp; people – Learn – Careweave"


@pytest.mark.django_db
def test_first_link_skips_to_the_page(client: Client) -> None:
    html = client.get("/accounts/login/").content.decode()

    assert re.findall(r'<a [^>]*href="([^"]+)"', html)[0] == "#main"
    assert len(re.findall("<h1", html)) == 1


EVERYBODY = ["Learn", "Frameworks", "Roles", "Discussions"]


def offered(client: Client) -> list[str]:
    return links(client.get("/search/").content.decode(), "cw-nav__link")


@pytest.mark.django_db
def test_strangers_are_offered_what_everybody_may_see(client: Client) -> None:
    assert offered(client) == EVERYBODY


@pytest.mark.django_db
def test_teams_are_offered_to_those_who_have_any(client: Client) -> None:
    person = PersonFactory()
    client.force_login(person)
    MembershipFactory(person=person)
    MembershipFactory(person=person, team=TeamFactory(), ended=True)
    MembershipFactory(person=person, team=TeamFactory(), invited=True)
    without = offered(client)

    MembershipFactory(person=person, team=TeamFactory())

    assert without == [*EVERYBODY, "My record"]
    assert offered(client) == ["Learn", "Teams", "Frameworks", "Roles", "Discussions", "My record"]


@pytest.mark.django_db
@pytest.mark.parametrize("target", ["team", "place", "partnership"])
def test_teams_are_offered_to_those_who_plan(client: Client, target: str) -> None:
    things = {"team": TeamFactory, "place": PlaceFactory, "partnership": PartnershipFactory}
    grant = GrantFactory(kind=GrantKind.WORKFORCE_LEAD, **{target: things[target]()})
    client.force_login(grant.person)

    assert "Teams" in offered(client)
    assert client.get("/teams/").status_code == 200


@pytest.mark.django_db
def test_supervision_is_offered_to_those_who_supervise(client: Client) -> None:
    boss = SupervisionFactory().supervisor
    by_grant = GrantFactory(kind=GrantKind.SUPERVISOR, organisation=OrganisationFactory())
    alone = GrantFactory(kind=GrantKind.SUPERVISOR, organisation=OrganisationFactory())
    MembershipFactory(organisation=by_grant.organisation)
    MembershipFactory(organisation=alone.organisation, person=alone.person)

    for person, has_some in ((boss, True), (by_grant.person, True), (alone.person, False)):
        client.force_login(person)
        assert ("Supervision" in offered(client)) is has_some
        assert client.get("/supervision/").status_code == (200 if has_some else 404)


@pytest.mark.django_db
def test_people_lists_are_offered_to_those_who_keep_them(client: Client) -> None:
    keeper = GrantFactory(
        kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=OrganisationFactory()
    )
    ended = GrantFactory(
        kind=GrantKind.ORGANISATION_ADMINISTRATOR, organisation=OrganisationFactory(), ended=True
    )
    operator = GrantFactory(kind=GrantKind.OPERATOR)

    client.force_login(keeper.person)
    assert offered(client) == [*EVERYBODY, "My record", "People", "Record store"]
    client.force_login(ended.person)
    assert offered(client) == [*EVERYBODY, "My record"]
    client.force_login(operator.person)
    assert offered(client) == [*EVERYBODY, "My record", "Organisations", "Record store"]


@pytest.mark.django_db
def test_work_pages_light_up_and_say_the_way_down(client: Client) -> None:
    supervision = SupervisionFactory()
    keeper = GrantFactory(
        person=supervision.supervisor,
        kind=GrantKind.ORGANISATION_ADMINISTRATOR,
        organisation=OrganisationFactory(name="Testshire Trust"),
    )
    client.force_login(keeper.person)
    staff = f"/organisations/{keeper.organisation.uuid}/"

    for path, lit, crumbs in (
        ("/supervision/", "/supervision/", ["Home"]),
        (f"/supervision/{supervision.person.uuid}/", "/supervision/", ["Home", "Supervision"]),
        (staff, "/organisations/", ["Home"]),
        (f"{staff}invite/", "/organisations/", ["Home", "Testshire Trust"]),
        ("/me/", "/me/", ["Home"]),
        ("/me/sharing/", "/me/", ["Home", "My record"]),
    ):
        html = client.get(path).content.decode()
        assert re.findall(r'cw-nav__link" href="([^"]+)" aria-current="true"', html) == [lit]
        assert re.findall(r'nhsuk-breadcrumb__link" href="[^"]+"><bdi>([^<]+)', html) == crumbs


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/me/account/", "/ar/me/account/", "/accounts/email/"])
def test_the_account_lights_up_in_its_own_menu(client: Client, path: str) -> None:
    client.force_login(PersonFactory())

    html = client.get(path).content.decode()

    assert "cw-menu--current" in html
    assert not re.findall(r'cw-nav__link" href="([^"]+)" aria-current="true"', html)
    assert "cw-menu--current" not in client.get("/me/").content.decode()


@pytest.mark.django_db
def test_an_app_hides_what_a_person_cannot_use(client: Client) -> None:
    client.force_login(MembershipFactory(team=TeamFactory()).person)

    with hooks.register_temporarily(HIDE_HOOK, lambda request: {"teams"}):
        html = client.get("/accounts/email/").content.decode()

    assert "Learn" in links(html, "cw-nav__link")
    assert "Teams" not in links(html, "cw-nav__link")


@pytest.mark.django_db
def test_navigation_says_where_one_is(client: Client) -> None:
    make_site()

    html = client.get("/learn/").content.decode()

    assert re.findall(r'cw-nav__link" href="([^"]+)" aria-current="true"', html) == ["/learn/"]


@pytest.mark.django_db
def test_navigation_stays_in_the_language(client: Client) -> None:
    html = client.get("/ar/accounts/login/").content.decode()

    assert re.findall(r'cw-nav__link" href="([^"]+)"', html) == [
        *("/ar/learn/", "/ar/frameworks/", "/ar/roles/", "/ar/discussions/")
    ]


@pytest.mark.django_db
def test_other_languages_keep_the_page_and_its_query(client: Client) -> None:
    html = client.get("/accounts/login/?next=/me/").content.decode()

    assert re.findall(r'cw-menu__item" href="([^"]+)" hreflang="(\w+)"', html) == [
        ("/accounts/login/?next=/me/", "en"),
        ("/cy/accounts/login/?next=/me/", "cy"),
        ("/ar/accounts/login/?next=/me/", "ar"),
    ]


@pytest.mark.django_db
def test_page_without_translation_leads_to_the_home_page(client: Client) -> None:
    course = make_course()

    html = client.get(course.url).content.decode()

    switch = {
        language: url
        for url, language in re.findall(r'cw-menu__item" href="([^"]+)" hreflang="(\w+)"', html)
    }
    translated = course.get_translations().filter(locale__language_code="ar").first()
    assert switch["ar"] == (translated.url if translated else "/ar/")


@pytest.mark.django_db
def test_breadcrumbs_lead_home(client: Client) -> None:
    course = make_course()

    html = client.get(course.url).content.decode()

    crumbs = re.findall(r'nhsuk-breadcrumb__link" href="([^"]+)"><bdi>([^<]+)', html)
    assert crumbs == [("/", "Home"), ("/learn/", "Learn")]


@pytest.mark.django_db
def test_sign_out_is_one_button_without_script(client: Client) -> None:
    client.force_login(PersonFactory())
    html = client.get("/accounts/email/").content.decode()

    assert '<form method="post" action="/accounts/logout/">' in html
    assert client.post("/accounts/logout/").status_code == 302
    assert client.get("/accounts/email/").status_code == 302


@pytest.mark.django_db
def test_style_guide_is_for_operators(client: Client, settings) -> None:
    assert client.get("/styleguide/").status_code == 404
    client.force_login(PersonFactory())
    assert client.get("/styleguide/").status_code == 404

    client.force_login(GrantFactory(kind=GrantKind.OPERATOR).person)
    assert client.get("/styleguide/").status_code == 200

    client.logout()
    settings.DEBUG = True
    assert client.get("/styleguide/").status_code == 200


@pytest.mark.django_db
def test_home_page_says_what_this_is(client: Client) -> None:
    make_site()

    html = client.get("/").content.decode()

    assert tag(html, "<h1>(.*?)</h1>") == "Many strands. One team around a person."
    assert re.findall(r'cw-card__title"><a href="([^"]+)"', html) == [
        *("/learn/", "/teams/", "/discussions/")
    ]


@pytest.mark.django_db
def test_home_page_offers_courses_and_the_way_on(client: Client) -> None:
    course = make_course(title="Working together", lessons=2)
    person = PersonFactory()
    client.force_login(person)
    before = client.get("/").content.decode()

    client.post(f"/learn/courses/{course.translation_key}/enrol")
    after = client.get("/").content.decode()

    assert "Working together" in before
    assert "Carry on where you left off" not in before
    assert "Carry on where you left off" in after
    assert "<strong>0</strong> of 2 lessons" in after


@pytest.mark.django_db
@pytest.mark.parametrize("courses", [1, 3])
def test_home_page_asks_the_database_equally_often(
    client: Client, courses: int, django_assert_num_queries
) -> None:
    for number in range(courses):
        make_course(title=f"Course {number}")
    client.get("/")

    with django_assert_num_queries(11):
        client.get("/")


@pytest.mark.django_db
def test_page_that_is_not_there(client: Client) -> None:
    answer = client.get("/nowhere/")

    assert answer.status_code == 404
    assert tag(answer.content.decode(), "<h1>(.*?)</h1>") == "Page not found"


def test_too_large_is_413_and_says_what_to_do(rf: RequestFactory) -> None:
    answer = views.bad_request(rf.post("/"), RequestDataTooBig("too big"))

    assert answer.status_code == 413
    assert "Send a smaller file" in answer.content.decode()


def test_unreadable_is_400(rf: RequestFactory) -> None:
    answer = views.bad_request(rf.get("/"), ValueError("no"))

    assert answer.status_code == 400
    assert "Nothing was changed" in answer.content.decode()


@pytest.mark.django_db
def test_stale_form_is_refused_with_a_way_on() -> None:
    answer = Client(enforce_csrf_checks=True).post("/accounts/login/", {"login": "x"})

    assert answer.status_code == 403
    assert "Please send that again" in answer.content.decode()


def test_broken_page_needs_no_database() -> None:
    from django.views.defaults import server_error

    answer = server_error(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "Something broke on our side" in answer.content.decode()
