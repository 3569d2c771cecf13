"""Journey (d): a lead opens a team's heatmap; the person reads it, and can take it back."""

import csv
import io
from collections.abc import Callable

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import OpenContext
from tests.browser.people import LEAD, local

TEAM = "Loomford neighbourhood team"
KNOWN = "td.cw-heat__cell:not(.cw-heat--unknown):not(.cw-heat--idle)"
WAYS = [
    ("nia", "Nia Testwell", 320, "en", True),
    ("sam", "Samira Fictionby", 1280, "en", False),
    ("ada", "Ada Sampleton", 320, "ar", False),
    ("edi", "Edi Exemplar", 1280, "ar", True),
]


def open_team(page: Page, *, language: str) -> str:
    page.goto(local("/teams/", language))
    page.locator("main a", has_text=TEAM).first.click()
    expect(page.locator("h1")).to_contain_text(TEAM)
    return page.url


def row_of(page: Page, name: str) -> Locator:
    return page.locator("table.cw-heat tbody tr", has_text=name)


@pytest.mark.parametrize(("username", "name", "width", "language", "javascript"), WAYS)
def test_a_lead_sees_what_is_shared_and_no_longer_what_is_not(
    open_context: OpenContext, username: str, name: str, width: int, language: str, javascript: bool
) -> None:
    lead = open_context(username=LEAD, width=width, javascript=javascript).new_page()
    person = open_context(username=username, width=width, javascript=javascript).new_page()

    address = open_team(lead, language=language)
    expect(row_of(lead, name).locator(KNOWN)).not_to_have_count(0)
    lead.goto(local("/teams/", language))

    person.goto(local("/me/who-looked/", language))
    look = person.locator("main tbody tr").first
    expect(look).to_contain_text("Lena Madeupson")
    expect(look).to_contain_text(TEAM)

    person.goto(local("/me/sharing/", language))
    card = person.locator("li.cw-card", has_text=TEAM)
    while stop := card.locator("form[action$='/stop'] button").all():
        with person.expect_navigation():
            stop[0].click()

    lead.goto(address)
    expect(row_of(lead, name)).to_have_count(1)
    expect(row_of(lead, name).locator(KNOWN)).to_have_count(0)


@pytest.mark.parametrize("javascript", [True, False])
def test_a_lead_filters_drills_down_and_downloads(
    open_context: OpenContext, javascript: bool
) -> None:
    page = open_context(username=LEAD, javascript=javascript).new_page()
    address = open_team(page, language="en")
    everyone = page.locator("table.cw-heat tbody tr").count()

    page.locator("details.tp-filters summary").click()
    role = page.locator("form [name=role]").first
    if role.evaluate("one => one.tagName") == "SELECT":
        role.select_option(index=1)
    else:
        role.check()
    with page.expect_navigation():
        page.locator("details.tp-filters button[type=submit]").click()
    some = page.locator("table.cw-heat tbody tr").count()
    assert 0 < some < everyone

    rows = list(csv.reader(io.StringIO(download(page))))
    assert len(rows) > some
    page.goto(address)
    function = page.locator("table.cw-heat thead a").first
    code = function.inner_text()
    function.click()
    expect(page.locator("h1")).to_contain_text(code)
    page.locator("table.cw-heat tbody th a").first.click()
    expect(page.locator("main table").first).to_be_visible()


def download(page: Page) -> str:
    href = page.locator("main a[download][href*='.csv']").first.get_attribute("href")
    answer = page.context.request.get(href or "")
    assert answer.headers["content-type"].startswith("text/csv")
    return answer.text()


def test_a_learner_does_not_get_the_heatmap_of_a_team_they_work_in(
    open_page: Callable[..., Page], open_context: OpenContext
) -> None:
    address = open_team(open_context(username=LEAD).new_page(), language="en")
    learner = open_page(username="nia")

    learner.goto(address)

    assert learner.locator("table.cw-heat").count() == 0
