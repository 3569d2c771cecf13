"""A tool is connected, the page lights up by itself, and what it sent runs no script."""

import base64
import json
from collections.abc import Callable
from urllib.request import Request, urlopen

from playwright.sync_api import Page, expect

from tests.browser.running import RunningSite

EVIL = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>\'\u202egnp'
IRI = "javascript:window.pwned=1//x"


def evil_statement() -> dict[str, object]:
    words = {"en": EVIL}
    return {
        "actor": {"name": EVIL, "account": {"homePage": IRI, "name": EVIL}},
        "verb": {"id": IRI, "display": words},
        "object": {
            "id": IRI,
            "definition": {"name": words, "description": words, "type": IRI, "moreInfo": IRI},
        },
        "result": {"response": EVIL},
        "context": {"platform": EVIL},
    }


def test_a_page_lights_up_when_a_tool_is_connected_and_no_script_runs(
    open_page: Callable[..., Page], site: RunningSite
) -> None:
    page = open_page(username="ada", width=1280)
    alarms: list[str] = []
    page.on("dialog", lambda dialog: alarms.append(dialog.message))
    page.goto("/record-store/")
    page.get_by_role("link", name="Connect a tool").first.click()
    page.get_by_label("What is it for?").fill("Browser test")
    page.get_by_role("button", name="Get a key").click()
    pair = ":".join(page.locator(f"#{name}").inner_text() for name in ("key", "secret"))
    request = Request(
        f"{site.url}/xapi/statements",
        json.dumps(evil_statement()).encode(),
        {
            "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
            "X-Experience-API-Version": "1.0.3",
            "Content-Type": "application/json",
        },
    )
    assert urlopen(request).status == 200

    expect(page.locator("[data-heard]")).to_contain_text("A statement has just arrived")
    pages = [page.url.split("/start/")[0] + part for part in ("/", "/statements/", "/start/")]
    page.goto(pages[1])
    pages += [
        site.url + str(link.get_attribute("href"))
        for link in page.locator(".lrs-list__item").first.locator("a").all()
    ]

    assert len(pages) == 6
    for address in pages:
        answer = page.goto(address)
        assert answer is not None
        assert answer.status == 200
        page.wait_for_load_state("networkidle" if "/start/" not in address else "load")
        assert page.evaluate("window.pwned") is None
        assert page.locator("main img[src=x]").count() == 0
    assert alarms == []
