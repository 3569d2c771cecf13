"""Signing in and finishing a lesson with nothing but a keyboard."""

from collections.abc import Callable

from playwright.sync_api import Page, expect

from config.demo.accounts import DEMO_PASSWORD

MOST_STEPS = 120
FOCUS = """() => {
    const one = document.activeElement;
    if (!one || one === document.body) return null;
    const box = one.getBoundingClientRect();
    const style = getComputedStyle(one);
    const seen = style.outlineStyle !== "none" || style.boxShadow !== "none"
        || style.backgroundColor !== "rgba(0, 0, 0, 0)";
    const at = document.elementFromPoint(
        Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1),
        Math.min(Math.max(box.top + box.height / 2, 0), innerHeight - 1));
    return {
        tag: one.tagName, name: one.name ?? "", type: one.type ?? "",
        action: one.form?.getAttribute("action") ?? "", href: one.getAttribute("href") ?? "",
        shown: seen, covered: Boolean(at) && !one.contains(at) && !at.contains(one),
    };
}"""


def go_to(page: Page, wanted: Callable[[dict[str, str]], bool]) -> None:
    """Press Tab until the focus is where it should be; it is seen and uncovered on the way."""
    for _ in range(MOST_STEPS):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUS)
        if here is None:
            continue
        assert here["shown"], f"the focus cannot be seen: {here}"
        assert not here["covered"], f"the focus is covered: {here}"
        if wanted(here):
            return
    raise AssertionError("the keyboard never gets there")


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
