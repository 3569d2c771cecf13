"""Content on a page of another origin: it sends, reads and keeps state, where its key lets it."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Page

from tests.browser.running import RunningSite

ACTIVITY = "https://content.example/lesson"
ACTOR = {"account": {"homePage": "https://content.example", "name": "learner-of-a-browser"}}
ASK = """async ([address, method, headers, body]) => {
  try {
    const answer = await fetch(address, {method, headers, body});
    const seen = {};
    for (const name of ["ETag", "X-Experience-API-Version",
                        "X-Experience-API-Consistent-Through", "Last-Modified"])
      seen[name] = answer.headers.get(name);
    return {status: answer.status, text: await answer.text(), seen};
  } catch (error) {
    return {status: 0, text: String(error), seen: {}};
  }
}"""


class Content:
    """A page of another origin, with a key, in a real browser."""

    def __init__(self, page: Page, site: RunningSite, key: str, secret: str) -> None:
        self.page, self.site = page, site
        self.basic = f"Basic {base64.b64encode(f'{key}:{secret}'.encode()).decode()}"

    def ask(
        self, method: str, address: str, body: str | None = None, **headers: str
    ) -> dict[str, Any]:
        """Ask by `fetch` within the page."""
        sent = {
            "Authorization": self.basic,
            "X-Experience-API-Version": "2.0.0",
            **({"Content-Type": "application/json"} if body is not None else {}),
            **{name.replace("_", "-"): value for name, value in headers.items()},
        }
        found: dict[str, Any] = self.page.evaluate(
            ASK, [f"{self.site.url}/xapi/{address}", method, sent, body]
        )
        return found


@pytest.fixture
def elsewhere() -> Iterator[str]:
    """The origin of a small server on another port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>Lesson</title>")

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def open_content(
    open_page: Callable[..., Page], site: RunningSite, elsewhere: str
) -> Callable[..., Content]:
    """Open that page with a launch key that a system asked for with a key of its own."""

    def open_one(*, origins: list[str]) -> Content:
        admin = open_page(username="ada", width=1280)
        admin.goto("/record-store/")
        admin.get_by_role("link", name="Connect a tool").first.click()
        admin.get_by_role("link", name="Choose what it may do").click()
        admin.get_by_label("What is it for?").fill("Content elsewhere")
        admin.get_by_label("Do everything").check()
        admin.get_by_role("button", name="Issue the key").click()
        pair = ":".join(admin.locator(f"#{name}").inner_text() for name in ("key", "secret"))
        asked = {"actor": ACTOR, "activity": ACTIVITY, "origins": origins}
        request = Request(
            f"{site.url}/api/record-store/keys/launch",
            json.dumps(asked).encode(),
            {
                "Authorization": f"Basic {base64.b64encode(pair.encode()).decode()}",
                "Content-Type": "application/json",
            },
        )
        given = json.load(urlopen(request))
        page = open_page(width=1280)
        page.goto(f"{elsewhere}/lesson")
        return Content(page, site, given["key"], given["secret"])

    return open_one


def statement(word: str) -> str:
    return json.dumps(
        {
            "actor": ACTOR,
            "verb": {"id": f"http://adlnet.gov/expapi/verbs/{word}"},
            "object": {"id": ACTIVITY},
        }
    )


STATE = (
    f"activities/state?stateId=place&activityId={ACTIVITY}"
    f"&agent={json.dumps(ACTOR, separators=(',', ':'))}"
)


def test_content_of_an_allowed_origin_sends_reads_and_keeps_state(
    open_content: Callable[..., Content], elsewhere: str
) -> None:
    content = open_content(origins=[elsewhere])

    sent = content.ask("POST", "statements", statement("completed"))
    read = content.ask("GET", f"statements?statementId={json.loads(sent['text'])[0]}")
    none = content.ask("GET", STATE)
    made = content.ask("PUT", STATE, '{"page":1}')
    first = content.ask("GET", STATE)
    changed = content.ask("PUT", STATE, '{"page":2}', If_Match=first["seen"]["ETag"])
    late = content.ask("PUT", STATE, '{"page":3}', If_Match=first["seen"]["ETag"])
    merged = content.ask("POST", STATE, '{"seen":true}')
    last = content.ask("GET", STATE)
    gone = content.ask("DELETE", STATE, If_Match=last["seen"]["ETag"])

    assert [sent["status"], read["status"], none["status"]] == [200, 200, 404]
    assert json.loads(read["text"])["verb"]["id"].endswith("/completed")
    assert read["seen"]["X-Experience-API-Version"] == "2.0.0"
    assert read["seen"]["X-Experience-API-Consistent-Through"]
    assert read["seen"]["Last-Modified"]
    assert [made["status"], first["status"], changed["status"]] == [204, 200, 204]
    assert first["seen"]["ETag"].startswith('"')
    assert (late["status"], late["seen"]["ETag"]) == (412, None)
    assert json.loads(last["text"]) == {"page": 2, "seen": True}
    assert [merged["status"], gone["status"]] == [204, 204]


def test_content_of_another_origin_than_its_key_names_is_refused_and_may_read_why(
    open_content: Callable[..., Content],
) -> None:
    content = open_content(origins=["https://content.example"])

    sent = content.ask("POST", "statements", statement("passed"))
    kept = content.ask("PUT", STATE, '{"page":1}')
    read = content.ask("GET", f"statements?activity={ACTIVITY}")

    assert [sent["status"], kept["status"], read["status"]] == [403, 403, 403]
    said = "This key may not be used by pages of this web address."
    assert json.loads(sent["text"])["message"] == said


def test_a_page_elsewhere_reads_nothing_with_the_cookies_of_who_is_signed_in(
    open_page: Callable[..., Page], site: RunningSite, elsewhere: str
) -> None:
    page = open_page(username="ada", width=1280)
    page.goto(f"{elsewhere}/lesson")
    ask = """async ([address, version]) => {
      try {
        const answer = await fetch(address, {credentials: "include", headers: version});
        return answer.status;
      } catch (error) { return 0; }
    }"""

    with_cookies = page.evaluate(
        ask, [f"{site.url}/xapi/statements", {"X-Experience-API-Version": "2.0.0"}]
    )
    a_page = page.evaluate(ask, [f"{site.url}/record-store/", {}])

    assert (with_cookies, a_page) == (0, 0)
