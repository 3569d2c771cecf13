"""Going through a page with nothing but the Tab key."""

from collections.abc import Callable

from playwright.sync_api import Page

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
        tag: one.tagName, name: one.name ?? "", type: one.type ?? "", value: String(one.value ?? ""),
        action: one.form?.getAttribute("action") ?? "", href: one.getAttribute("href") ?? "",
        copies: one.dataset.copy ?? "", words: one.innerText,
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
