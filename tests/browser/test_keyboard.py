"""Signing in and finishing a lesson with nothing but a keyboard."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from config.demo.accounts import DEMO_PASSWORD
from tests.browser.keyboard import FOCUS, go_to


def test_sign_in_and_finish_a_lesson_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page(width=1280)
    page.goto("/accounts/login/")
    page.keyboard.press("Tab")
    assert page.evaluate(FOCUS)["href"] == "#main"
    page.keyboard.press("Enter")

    go_to(page, lambda here: here["name"] == "login")
    page.keyboard.type("edi")
    go_to(page, lambda here: here["name"] == "password")
    page.keyboard.type(DEMO_PASSWORD)
    with page.expect_navigation():
        page.keyboard.press("Enter")

    page.goto("/me/")
    go_to(page, lambda here: here["tag"] == "BUTTON" and here["action"].endswith("/start"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    title = page.locator("h1").inner_text()
    go_to(page, lambda here: here["action"].endswith("/complete"))
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator(".cw-message").first).to_contain_text(title)
