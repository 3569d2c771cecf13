"""A learner's way through lessons, as fingers do it."""

import re

from playwright.sync_api import Page, expect

from tests.browser.people import local

MOST_LESSONS = 12
WROTE = "What I shall ask a neighbour first"


def resume(page: Page, *, language: str) -> str:
    """Carry on from one's own page; return the title of the lesson one comes to."""
    page.goto(local("/me/", language))
    with page.expect_navigation():
        page.locator(".cw-carry-on form button").first.click()
    return page.locator("h1").inner_text()


def answer_everything(page: Page) -> set[str]:
    """Answer each check and reflection of a lesson; return the kinds there were."""
    steps = page.locator("section[id^=step-]")
    names = [steps.nth(place).get_attribute("id") for place in range(steps.count())]
    kinds: set[str] = set()
    for name in names:
        step = page.locator(f"section[id='{name}']")
        if step.locator("textarea").count():
            kinds.add("reflection")
            step.locator("textarea").fill(WROTE)
            step.locator("button[type=submit]").click()
            expect(step.locator("[role=status]")).to_contain_text(re.compile(r"\d"))
            expect(step.locator("textarea")).to_have_value(WROTE)
        else:
            kinds.add("check")
            step.locator("label").first.click()
            step.locator("button[type=submit]").click()
            expect(step.locator(".cw-check__feedback").first).to_be_visible()
            expect(step.locator("input[name=chosen]").first).to_be_checked()
    return kinds


def finish(page: Page) -> None:
    """Finish the lesson that is open; the page that answers is another."""
    with page.expect_navigation():
        page.locator("form[action$='/complete'] button").click()
