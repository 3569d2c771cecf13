"""A learner's way through lessons, as fingers do it."""

import functools
import re
from pathlib import Path

import yaml
from playwright.sync_api import Page, expect

from tests.browser.people import local

QUIZZES = Path(__file__).resolve().parents[2] / "assessments" / "starter"
MOST_LESSONS = 14
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
    """Finish the lesson that is open, by its quiz if it holds one; the page that answers is another."""
    to_quiz = page.locator("section[aria-labelledby=done] a[href*='/quizzes/']")
    if to_quiz.count():
        pass_quiz(page, to_quiz.first.get_attribute("href") or "")
        return
    with page.expect_navigation():
        page.locator("form[action$='/complete'] button").click()


def pass_quiz(page: Page, address: str) -> None:
    """Choose every right answer and hand in; the lesson is finished by that."""
    lesson = page.url
    page.goto(address)
    page.locator("form[action*='/quizzes/'] button").first.click()
    while page.locator("input[name=chosen]").count():
        for label in page.locator("main form label").all():
            wanted = _plain(label.inner_text()) in _right_answers()
            box = page.locator(f"id={label.get_attribute('for')}")
            if wanted and not box.is_checked():
                label.click()
        with page.expect_navigation():
            page.locator("main form button[type=submit]").first.click()
    with page.expect_navigation():
        page.locator("main form button[type=submit]").first.click()
    expect(page.locator("main")).to_contain_text(re.compile("100"))
    page.goto(lesson)
    expect(page.locator("section[aria-labelledby=done] .cw-message")).to_be_visible()


@functools.cache
def _right_answers() -> frozenset[str]:
    """What is right in the starter quizzes, in every language they are in."""
    right = set()
    for file in sorted(QUIZZES.glob("*.en.yaml")):
        original = yaml.safe_load(file.read_text(encoding="utf-8"))
        languages = [
            yaml.safe_load(other.read_text(encoding="utf-8"))["questions"]
            for other in QUIZZES.glob(f"{file.name.split('.')[0]}.*.yaml")
            if other != file
        ]
        for question in original["questions"]:
            for place, choice in enumerate(question["choices"]):
                if choice.get("right"):
                    right.add(_plain(choice["text"]))
                    right.update(
                        _plain(words[question["key"]]["choices"][place]["text"])
                        for words in languages
                    )
    return frozenset(right)


def _plain(text: str) -> str:
    return " ".join(text.replace("*", "").split())
