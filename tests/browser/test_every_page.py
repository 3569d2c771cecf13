"""Every kind of page a person can get to, in two languages and at two widths."""

import json
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import count
from urllib.parse import urljoin, urlsplit

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.checks import Listener, problems_of_document, problems_of_width
from tests.browser.conftest import WIDTHS, OpenContext
from tests.browser.kinds import STARTS, kind_of, language_of
from tests.browser.people import EDUCATOR, LEAD, LEARNER, local
from tests.browser.running import RunningSite

MOST_PAGES = 120
NOT_THERE = {"tree/no-such-page/1", "cms:styleguide"}
"""What is not there, for anybody or for people who do not make pages."""

OPEN_TO_ALL = {
    "tree//0", "tree/learn/1", "tree/learn/2", "tree/learn/3", "tree/learn/4", "account_login",
    "account_signup", "account_reset_password",
}  # fmt: skip
SIGNED_IN = OPEN_TO_ALL - {"account_login", "account_signup"} | {"learning:me", "learning:reasons"}


def walk(
    page: Page,
    *,
    site: RunningSite,
    language: str,
    starts: Sequence[str] = STARTS,
    within: tuple[str, ...] = ("",),
) -> Iterator[tuple[str, str, int]]:
    """Open one page of each kind that links lead to; yield kind, address and status.

    Args:
        page: a window.
        site: whose pages.
        language: of the pages.
        starts: where to begin.
        within: beginnings of the kinds to look at; others are not opened.
    """
    waiting = deque(local(path, language) for path in starts)
    seen: set[str] = set()
    while waiting:
        address = waiting.popleft()
        kind = kind_of(address)
        if kind is None or kind in seen or len(seen) >= MOST_PAGES or not kind.startswith(within):
            continue
        seen.add(kind)
        answer = page.goto(urljoin(site.url, address))
        assert answer is not None, address
        landed = page.url.removeprefix(site.url)
        arrived_at = kind_of(landed)
        if arrived_at != kind:
            # led on to another page, which is looked at once under its own name
            if arrived_at is None or arrived_at in seen:
                continue
            seen.add(arrived_at)
        if "text/html" not in answer.headers.get("content-type", ""):
            continue
        links: list[str] = page.eval_on_selector_all(
            "a[href]:not([download])", "all => all.map((one) => one.href)"
        )
        yield arrived_at, landed, answer.status
        for link in links:
            parts = urlsplit(link)
            is_ours = f"{parts.scheme}://{parts.netloc}" == site.url
            if is_ours and language_of(parts.path) == language:
                waiting.append(parts._replace(scheme="", netloc="", fragment="").geturl())


@pytest.mark.network
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("username", [None, LEARNER, LEAD, EDUCATOR])
def test_every_kind_of_page_is_in_order(
    open_context: OpenContext,
    site: RunningSite,
    axe: str,
    username: str | None,
    language: str,
    record_property: Callable[[str, object], None],
) -> None:
    page = open_context(username=username).new_page()
    listener = Listener(host=urlsplit(site.url).netloc)
    listener.listen_to(page)
    problems: list[str] = []
    kinds: dict[str, str] = {}
    checks = count()

    for kind, address, status in walk(page, site=site, language=language):
        kinds[kind] = address
        said = list(listener.told(status=status))
        if status >= 500 or (status >= 400 and kind not in NOT_THERE):
            said.append(f"answers {status}")
        said.extend(problems_of_document(page, language=language))
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 800})
            next(checks)
            said.extend(f"{width} px: {one}" for one in problems_of_width(page, width=width))
            said.extend(f"{width} px: {one}" for one in violations(page, script=axe))
        said.extend(listener.told(status=status))
        problems.extend(f"{address} ({kind}): {one}" for one in said)

    record_property("checked", json.dumps({"checks": next(checks), "kinds": kinds}))
    wanted = SIGNED_IN if username == LEARNER else OPEN_TO_ALL if username is None else set()
    assert wanted <= set(kinds)
    assert problems == [], "\n" + "\n".join(problems)
