"""Journey (c): an educator says what a course shows; it is found by that, and it counts."""

import re
import time
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demo.accounts import DEMO_PASSWORD
from tests.browser.people import EDUCATOR, local


def sign_in_to_the_editor(page: Page) -> None:
    """Wagtail's own door leads to ours and back."""
    page.goto("/admin/")
    assert "/accounts/login/" in page.url
    page.locator("input[name=login]").fill(EDUCATOR)
    page.locator("input[name=password]").fill(DEMO_PASSWORD)
    page.locator("main form button[type=submit].nhsuk-button").first.click()
    page.wait_for_url("**/admin/")


def open_course_in_editor(page: Page, *, address: str) -> str:
    """Go to the editor of the page at an address; return the page's title."""
    page.goto(address)
    title = page.locator("h1").inner_text()
    page.goto("/admin/pages/search/?q=" + title.split()[0])
    page.locator("table.listing a", has_text=title).first.click()
    page.wait_for_url(re.compile(r"/admin/pages/\d+/edit/"))
    return title


def add_competency(page: Page, *, code: str) -> None:
    """Add a competency that the course does not show yet, for the past too."""
    number = int(page.locator("#id_competencies_shown-TOTAL_FORMS").input_value())
    page.locator("#id_competencies_shown-ADD").click()
    field = f"#id_competencies_shown-{number}-competency"
    page.locator(f"{field}-chooser [data-chooser-action-choose]").first.click()
    page.locator(".modal input[name=q]").fill(code)
    choice = page.locator(".modal tr", has_text=code).locator("a[data-chooser-modal-choice]")
    expect(choice).to_have_count(1)
    choice.click()
    expect(page.locator(field)).not_to_have_value("")
    page.locator(f"#id_competencies_shown-{number}-level").select_option(index=1)
    page.locator(f"#id_competencies_shown-{number}-counts_past").check()


def publish(page: Page) -> None:
    page.locator("footer [data-w-dropdown-target='toggle']").last.click()
    page.locator("button[name='action-publish']").click()
    expect(page.locator(".messages .success")).to_be_visible()


WAYS = [(1280, "en", "F10.4"), (320, "en", "F10.3"), (1280, "ar", "F9.4"), (320, "ar", "F9.3")]


@pytest.mark.parametrize(("width", "language", "code"), WAYS)
def test_what_an_educator_publishes_is_found_and_counts(
    open_page: Callable[..., Page], width: int, language: str, code: str
) -> None:
    editor = open_page(width=width, locale=language)
    sign_in_to_the_editor(editor)
    title = open_course_in_editor(editor, address="/learn/one-team/")
    add_competency(editor, code=code)
    publish(editor)

    reader = open_page(width=width, username="nia")
    reader.goto(local(f"/frameworks/shared-core-functions/{code}/", language))
    label = reader.title().split(" – ")[0]
    reader.goto(local(f"/search/?q={label}", language))
    in_language = reader.request.get(local("/learn/one-team/", language)).text()
    course = re.search(r"<h1[^>]*>([^<]+)</h1>", in_language)[1]
    expect(reader.locator("main")).to_contain_text(course if language != "en" else title)
    assert counts_for(reader, code=code, course=title)


def counts_for(page: Page, *, code: str, course: str) -> bool:
    """Whether the course is soon among the reasons in a person's record; a worker sees to it."""
    until = time.monotonic() + 30
    while time.monotonic() < until:
        record = page.request.get("/me/record.json").json()
        finished = {
            entry["statement"]
            for entry in record["entries"]
            if entry["kind"] == "completed" and course in entry["activity"]["name"].values()
        }
        if any(
            row["competency"]["code"] == code and row["statement"] in finished
            for row in record["evidence"]
        ):
            return True
        page.wait_for_timeout(500)
    return False
