"""A key is made, copied, used and revoked with nothing but a keyboard."""

import base64
import json
from collections.abc import Callable
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.keyboard import go_to
from tests.browser.running import RunningSite

FIRST = {
    "actor": {"mbox": "mailto:someone@example.org"},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"en": "completed"}},
    "object": {"id": "https://example.org/courses/first"},
}


def press_on(page: Page, **wanted: str) -> None:
    """Tab to what has these endings, and press Enter there."""
    go_to(page, lambda here: all(here[name].endswith(end) for name, end in wanted.items()))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def copied(page: Page, what: str) -> str:
    """Tab to the button that copies something, press it, and say what was copied."""
    go_to(page, lambda here: here["copies"] == what)
    page.keyboard.press("Enter")
    expect(page.locator(f"[data-copy='{what}']")).to_have_text("Copied")
    found: Any = page.evaluate("navigator.clipboard.readText()")
    return str(found)


def sent(site: RunningSite, pair: str) -> int:
    request = Request(
        f"{site.url}/xapi/statements",
        json.dumps(FIRST).encode(),
        {
            "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
            "X-Experience-API-Version": "1.0.3",
            "Content-Type": "application/json",
        },
    )
    try:
        return int(urlopen(request).status)
    except HTTPError as error:
        return error.code


def test_a_key_is_made_copied_used_and_revoked_by_keyboard(
    open_context: Callable[..., BrowserContext], site: RunningSite
) -> None:
    context = open_context(username="ada", width=1280)
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto("/record-store/")
    press_on(page, href="/start/")

    go_to(page, lambda here: here["name"] == "label")
    page.keyboard.type("By keyboard")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    pair = f"{copied(page, '#key')}:{copied(page, '#secret')}"
    assert sent(site, pair) == 200

    expect(page.locator("[data-heard]")).to_contain_text("A statement has just arrived")
    page.reload()
    expect(page.get_by_label("What is it for?")).to_be_visible()
    press_on(page, href="/keys/")
    expect(page.get_by_role("link", name="By keyboard")).to_be_visible()
    press_on(page, words="By keyboard")
    press_on(page, href="/revoke/")
    press_on(page, words="Revoke it")

    expect(page.locator(".cw-message").first).to_contain_text("The key has ended.")
    assert sent(site, pair) == 401


def test_without_javascript_one_looks_again_and_no_button_is_dead(
    open_page: Callable[..., Page], site: RunningSite
) -> None:
    page = open_page(username="ada", javascript=False)
    page.goto("/record-store/")
    page.get_by_role("link", name="Connect a tool").first.click()
    page.get_by_label("What is it for?").fill("Without JavaScript")
    page.get_by_role("button", name="Get a key").click()
    pair = ":".join(page.locator(f"#{name}").inner_text() for name in ("key", "secret"))
    assert [one.is_visible() for one in page.locator("[data-copy]").all()] == [False] * 4
    assert sent(site, pair) == 200

    page.get_by_role("link", name="Look again").click()

    expect(page.locator("[data-heard]")).to_contain_text("A statement has just arrived")
