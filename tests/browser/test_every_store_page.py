"""Every page of the record store and those of administrators, forms and confirmations with them."""

import itertools
import json
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import Page

from tests.browser.axe import violations
from tests.browser.checks import Listener, problems_of_document, problems_of_width
from tests.browser.conftest import WIDTHS, OpenContext
from tests.browser.kinds import kind_of
from tests.browser.people import local
from tests.browser.running import RunningSite
from tests.browser.test_every_page import walk

STARTS = ("/record-store/", "/organisations/")
WITHIN = ("lrs:", "organisations:")
FORM = "main form[method=post]"
IN_EACH = {
    "lrs:store", "lrs:keys", "lrs:life-cycle", "lrs:hold", "lrs:new-policy", "lrs:sending",
    "lrs:sending-add", "organisations:staff",
}  # fmt: skip
OF_ADMINISTRATORS = IN_EACH | {
    "lrs:statements", "lrs:statement", "lrs:actor?agent", "lrs:activity?iri", "lrs:profiles",
    "lrs:start", "lrs:key", "lrs:keys-issue", "lrs:keys-sharing", "lrs:keys-share",
    "lrs:keys-issuers", "lrs:life-cycle-erase", "lrs:life-cycle-change",
}  # fmt: skip
OF_OPERATORS = IN_EACH | {"lrs:stores", "organisations:organisations"}


@dataclass
class Looker:
    """Looks at the page in a window at each width and keeps what is not in order."""

    page: Page
    site: RunningSite
    axe: str
    language: str
    problems: list[str] = field(default_factory=list)
    checks: int = 0

    def __post_init__(self) -> None:
        self.listener = Listener(host=urlsplit(self.site.url).netloc)
        self.listener.listen_to(self.page)

    def look(self, what: str, *, status: int = 200) -> None:
        said = list(self.listener.told(status=status))
        if status >= 400:
            said.append(f"answers {status}")
        said.extend(problems_of_document(self.page, language=self.language))
        said.extend(problems_of_headings(self.page))
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            self.checks += 1
            said.extend(f"{width} px: {one}" for one in problems_of_width(self.page, width=width))
            said.extend(f"{width} px: {one}" for one in violations(self.page, script=self.axe))
        said.extend(self.listener.told(status=status))
        self.problems.extend(f"{self.page.url} ({what}): {one}" for one in said)

    def open(self, path: str) -> None:
        answer = self.page.goto(local(path, self.language))
        assert answer is not None, path
        assert answer.ok, path

    def send(self, *, name: str = "") -> None:
        """Press the button of the page's form, the one of this name and value where there are several."""
        button = f"button[value='{name}']" if name else "button[type=submit]"
        with self.page.expect_navigation():
            self.page.locator(f"{FORM} {button}").last.click()

    def fill(self, **values: str) -> None:
        for name, value in values.items():
            self.page.locator(f"{FORM} [name={name}]").fill(value)


def problems_of_headings(page: Page) -> list[str]:
    """Headings that skip a level on the way down."""
    levels: list[int] = page.evaluate(
        """() => [...document.querySelectorAll("main :is(h1,h2,h3,h4,h5,h6)")]
            .map((one) => Number(one.tagName[1]))"""
    )
    return [
        f"a heading of level {later} follows one of level {earlier}"
        for earlier, later in itertools.pairwise(levels)
        if later > earlier + 1
    ]


def make_things_in(looker: Looker, store: str) -> None:
    """Walk through what only a form leads to, looking at each step, and leave something behind."""
    cycle, name = f"/record-store/{store}/life-cycle/", f"Walk {uuid4()}"
    looker.open(f"{cycle}policies/")
    looker.send()
    looker.look("a policy with nothing filled in")
    looker.fill(name=name, months="600")
    looker.send()
    looker.look("what a policy would take")
    looker.send(name="on")
    looker.look("a policy that is on")
    looker.open(f"{cycle}holds/")
    looker.send()
    looker.look("a hold with nothing filled in")
    looker.fill(name=name, reason="A request of the court", who="nobody.here@example.org")
    looker.send()
    looker.look("a hold that stands")
    looker.open(f"{cycle}erase/")
    looker.send()
    looker.look("an erasure with nothing filled in")
    looker.fill(who="nobody.here@example.org", reason="A request")
    looker.send()
    looker.look("what an erasure would touch, under a hold")
    looker.send()
    looker.look("an erasure that waits")
    looker.open(f"{cycle}change/")
    looker.send()
    looker.look("a change with nothing filled in")
    looker.fill(old="old.name@example.org", new="new.name@example.org", reason="A marriage")
    looker.send()
    looker.look("what a change would touch")
    looker.send()
    looker.look("a change that is under way")
    if store != "platform":
        looker.open(f"/record-store/{store}/keys/issue/")
        looker.send()
        looker.look("a key with nothing filled in")


def look_at_answers(looker: Looker, store: str) -> None:
    """What the statement browser says to filters."""
    for query in ("who=nobody-is-called-so", "who=a", "until=2001-01-01", "registration=x"):
        looker.open(f"/record-store/{store}/statements/?{query}")
        looker.look(f"the filter {query}")


@pytest.mark.network
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize(
    ("username", "wanted"), [("ada", OF_ADMINISTRATORS), ("olu", OF_OPERATORS)]
)
def test_every_page_of_a_record_store_is_in_order(
    open_context: OpenContext,
    site: RunningSite,
    axe: str,
    username: str,
    wanted: set[str],
    language: str,
    record_property: Callable[[str, object], None],
) -> None:
    page = open_context(username=username).new_page()
    looker = Looker(page, site, axe, language)
    store = "platform"
    if username == "ada":
        page.goto("/record-store/")
        store = urlsplit(page.url).path.split("/")[2]
        look_at_answers(looker, store)
    make_things_in(looker, store)
    kinds: set[str] = set()

    for kind, _address, status in walk(
        page, site=site, language=language, starts=STARTS, within=WITHIN
    ):
        kinds.add(kind)
        looker.look(kind, status=status)

    record_property("checked", json.dumps({"checks": looker.checks, "kinds": sorted(kinds)}))
    assert wanted - kinds == set()
    assert {kind_of(local(f"/record-store/{store}/life-cycle/", language))} <= kinds
    assert looker.problems == [], "\n" + "\n".join(looker.problems)
