"""The search page: what it says, its addresses, and that it is the same without anything found."""

from typing import Any

import pytest
from django.test import Client

from organisations.enums import Visibility
from tests.factories.discussions import ThreadFactory
from tests.factories.learning import make_course, make_site
from tests.factories.organisations import OrganisationFactory

pytestmark = pytest.mark.django_db


def test_empty_question_shows_where_to_look_around(client: Client) -> None:
    page = client.get("/search/").content.decode()

    assert 'href="/roles/"' in page
    assert "found for" not in page


def test_results_are_linked_and_marked(client: Client) -> None:
    make_site()
    course = make_course(title="Skylarks & people", lessons=1)

    page = client.get("/search/", {"q": "skylark"}).content.decode()

    assert "1 thing found for “skylark”" in page
    assert f'<a href="{course.url}"><mark>Skylarks</mark> &amp; people</a>' in page


def test_kinds_are_filters_with_counts(client: Client) -> None:
    ThreadFactory(title="Skylark", replies=0)
    make_course(title="Skylark course", lessons=1)

    page = client.get("/search/", {"q": "skylark", "kind": "course"}).content.decode()

    assert '<a class="cw-tabs__link" href="/search/?q=skylark&amp;kind=discussion">' in page
    assert "Skylark course" in page.replace("<mark>", "").replace("</mark>", "")
    assert "#post-1" not in page


@pytest.mark.parametrize(
    "query",
    [
        {"q": "<script>alert(1)</script>"},
        {"q": "skylark", "kind": "nonsense", "language": "xx", "page": "-3"},
        {"q": "skylark", "page": "999999999999999999999"},
        {"q": "skylark", "page": "٣"},
        {"q": "x" * 5000},
    ],
)
def test_bad_questions_get_a_page(client: Client, query: dict[str, str]) -> None:
    answer = client.get("/search/", query)

    assert answer.status_code == 200
    assert "<script>alert" not in answer.content.decode()


def test_nothing_found_offers_another_spelling_and_where_to_look(client: Client) -> None:
    ThreadFactory(title="Navigation", replies=0)

    page = client.get("/search/", {"q": "navegation"}).content.decode()

    assert "Nothing was found for “navegation”" in page
    assert 'href="/search/?q=navigation"' in page


def test_pages_of_results_keep_the_question(client: Client) -> None:
    for number in range(11):
        ThreadFactory(title=f"Skylark {number}")

    page = client.get("/search/", {"q": "skylark", "kind": "discussion"}).content.decode()

    assert 'href="?q=skylark&amp;kind=discussion&amp;page=2"' in page


def test_question_is_never_a_way_past_a_wall(client: Client) -> None:
    course = make_course(title="Skylark course", lessons=1)
    course.visibility = Visibility.ORGANISATIONS
    course.visible_to.add(OrganisationFactory())
    course.save_revision().publish()

    for query in ({}, {"kind": "course"}, {"language": "all"}, {"page": "2"}):
        page = client.get("/search/", {"q": "skylark", **query}).content.decode()
        assert "Skylark course" not in page.replace("<mark>", "").replace("</mark>", "")


@pytest.mark.parametrize("prefix", ["", "/cy", "/ar"])
def test_it_answers_in_every_language(client: Client, prefix: str) -> None:
    assert client.get(f"{prefix}/search/", {"q": "care"}).status_code == 200


@pytest.mark.parametrize("size", [1, 3])
def test_search_page_takes_the_same_queries(
    client: Client, django_assert_num_queries: Any, size: int
) -> None:
    for _ in range(size):
        make_course(title="Skylark course", lessons=size)
        ThreadFactory(title="Skylark")
    client.get("/search/", {"q": "skylark"})

    with django_assert_num_queries(11):
        client.get("/search/", {"q": "skylark"})


@pytest.mark.parametrize("text", ["a", "<b>", "?!", "  & "])
def test_a_letter_or_a_sign_alone_asks_for_more(client: Client, text: str) -> None:
    page = client.get("/search/", {"q": text})

    assert page.status_code == 200
    assert "Write a little more" in page.content.decode()
    assert "cw-results" not in page.content.decode()


def test_two_letters_are_looked_for(client: Client) -> None:
    assert "Write a little more" not in client.get("/search/", {"q": "GP"}).content.decode()
