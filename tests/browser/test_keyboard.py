"""Lessons and the record store with nothing but a keyboard."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from config.demo.accounts import DEMO_PASSWORD
from tests.browser.keyboard import FOCUS, go_to

HEX = tuple("0123456789abcdef")


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


def test_find_a_statement_and_try_a_policy_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page(username="ada", width=1280)
    page.goto("/record-store/")
    store = page.url

    go_to(page, lambda here: here["href"].endswith("/statements/"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    go_to(page, lambda here: here["name"] == "until")
    page.keyboard.type("12312099")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert "until=2099-12-31" in page.url
    expect(page.locator(".lrs-set")).to_contain_text("2099-12-31")
    go_to(page, lambda here: "/statements/" in here["href"] and here["href"][-2:-1] in HEX)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("region", name="JSON of the statement")).to_be_visible()

    page.goto(f"{store}life-cycle/")
    go_to(page, lambda here: here["href"].endswith("/policies/"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    go_to(page, lambda here: here["name"] == "name")
    page.keyboard.type("By keyboard")
    go_to(page, lambda here: here["name"] == "months")
    page.keyboard.type("1200")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What would go now")).to_be_visible()
    go_to(page, lambda here: here["tag"] == "BUTTON" and "drop" in here["value"])
    with page.expect_navigation():
        page.keyboard.press("Enter")

    expect(page.locator(".cw-message").first).to_contain_text("The policy is gone")
