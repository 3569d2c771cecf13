"""What must be so on every page, whatever it is about."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request


@dataclass
class Listener:
    """Hears what a page asks for and complains of."""

    host: str
    elsewhere: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def listen_to(self, page: Page) -> None:
        page.on("request", self.on_request)
        page.on("console", self.on_console)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))

    def on_request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and parts.netloc != self.host:
            self.elsewhere.append(request.url)

    def on_console(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            where = message.location.get("url", "")
            self.complaints.append(f"console: {message.text} {where}")

    def told(self, *, status: int) -> Iterator[str]:
        """What was heard since it was last asked; a page that is not there may say so."""
        yield from (f"asked another host: {url}" for url in self.elsewhere)
        yield from (
            one
            for one in self.complaints
            if not (status >= 400 and "Failed to load resource" in one)
        )
        self.elsewhere.clear()
        self.complaints.clear()


def problems_of_document(page: Page, *, language: str) -> Iterator[str]:
    """Everything that does not depend on the width."""
    found = page.evaluate(
        """() => ({
            lang: document.documentElement.lang,
            dir: document.documentElement.dir,
            headings: [...document.querySelectorAll("h1")].map((one) => one.innerText),
            title: document.title,
            skip: document.querySelector("a")?.getAttribute("href"),
            inline: document.querySelectorAll("[style], style, script:not([src]):not([type])")
                .length,
            ids: [...document.querySelectorAll("[id]")].map((one) => one.id)
                .filter((one, place, all) => all.indexOf(one) !== place),
        })"""
    )
    if found["lang"] != language:
        yield f"lang is {found['lang']!r}"
    if found["dir"] != ("rtl" if language == "ar" else "ltr"):
        yield f"dir is {found['dir']!r}"
    if len(found["headings"]) != 1 or not found["headings"][0].strip():
        yield f"first-level headings: {found['headings']}"
    parts = found["title"].split(" – ")
    if "Careweave" not in parts[-1] or not all(part.strip() for part in parts):
        yield f"title is {found['title']!r}"
    if found["skip"] != "#main":
        yield f"the first link is {found['skip']!r}, not the skip link"
    if found["inline"]:
        yield f"{found['inline']} inline styles or scripts"
    if found["ids"]:
        yield f"ids used twice: {sorted(set(found['ids']))}"


def problems_of_width(page: Page, *, width: int) -> Iterator[str]:
    """What sticks out of the window."""
    found = page.evaluate(
        """() => {
            const room = document.documentElement.clientWidth;
            const out = [...document.querySelectorAll("body *")].filter((one) => {
                const box = one.getBoundingClientRect();
                return box.width > 0 && (box.right > room + 1 || box.left < -1);
            });
            return {
                width: document.documentElement.scrollWidth,
                out: out.slice(0, 5).map((one) => `${one.tagName}.${one.className}`),
            };
        }"""
    )
    if found["width"] > width:
        yield f"{found['width']} px wide in a window of {width}: {found['out']}"
