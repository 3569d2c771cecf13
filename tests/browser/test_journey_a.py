"""Journey (a): a learner signs in, resumes, answers, finishes, and sees it with the reason."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.lessons import MOST_LESSONS, answer_everything, finish, resume
from tests.browser.people import local, sign_in

OpenPage = Callable[..., Page]
WAYS = [
    ("nia", 320, "en", True),
    ("nia", 1280, "en", True),
    ("sam", 320, "ar", True),
    ("sam", 1280, "ar", True),
    ("ada", 320, "en", False),
    ("ada", 1280, "ar", False),
]


@pytest.mark.parametrize(("username", "width", "language", "javascript"), WAYS)
def test_a_learner_resumes_answers_and_finishes(
    open_page: OpenPage, username: str, width: int, language: str, javascript: bool
) -> None:
    page = open_page(width=width, javascript=javascript)
    sign_in(page, username, language=language)

    answered: set[str] = set()
    for _ in range(MOST_LESSONS):
        title = resume(page, language=language)
        answered |= answer_everything(page)
        finish(page)
        expect(page.locator(".cw-message").first).to_contain_text(title)
        if answered == {"check", "reflection"}:
            break

    assert answered == {"check", "reflection"}
    page.goto(local("/me/", language))
    did = page.locator("section[aria-labelledby=did] tbody tr").first
    expect(did).to_contain_text(title)


def test_finishing_a_course_is_a_reason_one_click_from_my_page(open_page: OpenPage) -> None:
    page = open_page()
    sign_in(page, "lena")
    page.goto("/me/")
    course = page.locator(".cw-carry-on strong").first.inner_text()

    for _ in range(MOST_LESSONS):
        resume(page, language="en")
        finish(page)
        page.goto("/me/")
        if course not in page.locator(".cw-carry-on strong").all_inner_texts():
            break

    card = page.locator("section[aria-labelledby=courses] .cw-course-card").filter(has_text=course)
    expect(card).to_contain_text("Finished")
    card.locator("a").first.click()
    page.locator("main a[href$='/finished/']").first.click()
    expect(page.locator("h1")).to_have_text("You have finished this course")
    page.goto("/me/")
    links = page.eval_on_selector_all(
        "a[href*='/me/standing/']", "all => all.map((one) => one.getAttribute('href'))"
    )
    reasons = []
    for link in links:
        page.goto(link)
        reasons.extend(page.locator("section[aria-labelledby=reasons] td a").all_inner_texts())
        if course in reasons:
            break
    assert course in reasons
