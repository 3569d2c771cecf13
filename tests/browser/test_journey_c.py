"""Journey (c): an educator says what a course shows; it is found by that, and it counts."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from config.demo.accounts import DEMO_PASSWORD
from tests.browser.people import EDUCATOR, local

CODE, TITLE = "F10.4", "Follow up after the move"


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


def add_competency(page: Page) -> str:
    """Add a competency that the course does not show yet; return its title."""
    number = int(page.locator("#id_competencies_shown-TOTAL_FORMS").input_value())
    page.locator("#id_competencies_shown-ADD").click()
    field = f"#id_competencies_shown-{number}-competency"
    page.locator(f"{field}-chooser [data-chooser-action-choose]").first.click()
    page.locator(".modal input[name=q]").fill(CODE)
    choice = page.locator(".modal a[data-chooser-modal-choice]", has_text=TITLE)
    expect(choice.first).to_be_visible()
    choice.first.click()
    expect(page.locator(field)).not_to_have_value("")
    page.locator(f"#id_competencies_shown-{number}-level").select_option(index=1)
    return TITLE


def publish(page: Page) -> None:
    page.locator("footer [data-w-dropdown-target='toggle']").last.click()
    page.locator("button[name='action-publish']").click()
    expect(page.locator(".messages .success")).to_be_visible()


@pytest.mark.parametrize(("width", "language"), [(1280, "en")])
def test_what_an_educator_publishes_is_found_and_counts(
    open_page: Callable[..., Page], width: int, language: str
) -> None:
    editor = open_page(width=width)
    sign_in_to_the_editor(editor)
    title = open_course_in_editor(editor, address=local("/learn/one-team/", language))
    label = add_competency(editor)
    publish(editor)

    reader = open_page(width=width, username="nia")
    reader.goto(local(f"/search/?q={label}", language))
    expect(reader.locator("main")).to_contain_text(title)
