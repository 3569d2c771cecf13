"""What the first view of the main pages weighs as it travels."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import OpenContext
from tests.browser.people import LEAD, LEARNER

MOST_BYTES = 150 * 1024


def weigh(page: Page, address: str) -> int:
    """Bytes received for a page with an empty cache, headers and all."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.setCacheDisabled", {"cacheDisabled": True})
    received: list[int] = []
    session.on(
        "Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"]))
    )
    page.goto(address, wait_until="networkidle")
    session.detach()
    return sum(received)


def first_link(page: Page, *, start: str, pattern: str) -> str:
    page.goto(start)
    href = page.locator(f"main a[href*='{pattern}']").first.get_attribute("href")
    assert href is not None
    return href


@pytest.mark.parametrize("language", ["", "/ar"])
def test_first_view_of_each_main_page_is_light(
    open_context: OpenContext, language: str, record_property: Callable[[str, object], None]
) -> None:
    learner = open_context(username=LEARNER).new_page()
    lead = open_context(username=LEAD).new_page()
    course = f"{language}/learn/one-team/"
    module = first_link(learner, start=course, pattern="/learn/one-team/")
    weights = {
        address: weigh(page, address)
        for page, address in (
            (open_context().new_page(), f"{language}/"),
            (learner, course),
            (learner, module),
            (learner, f"{language}/me/"),
            (lead, first_link(lead, start=f"{language}/teams/", pattern="/teams/")),
        )
    }

    record_property("weights", weights)
    assert {address: weight for address, weight in weights.items() if weight > MOST_BYTES} == {}
