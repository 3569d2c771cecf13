"""A browser, the running site, and people who are signed in to it."""

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.axe import axe_script
from tests.browser.options import BROWSER_OPTIONS
from tests.browser.people import sign_in
from tests.browser.running import RunningSite, prepare, running

HERE = Path(__file__).parent
WIDTHS = (320, 1280)

OpenContext = Callable[..., BrowserContext]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Where the browser is; without one the tests are skipped, in CI they fail."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        said = "Chromium is not installed: apt install chromium fonts-noto-core"
        if os.environ.get("CI") == "true":
            pytest.fail(said)
        pytest.skip(said)
    return path


@pytest.fixture(scope="session")
def site(
    chromium: str, tmp_path_factory: pytest.TempPathFactory, worker_id: str
) -> Iterator[RunningSite]:
    """The production server and worker on a copy of the prepared site, this worker's own."""
    own = tmp_path_factory.getbasetemp()
    shared = own if worker_id == "master" else own.parent
    with running(prepare(shared), copy=own / "site") as site:
        yield site


@pytest.fixture(scope="session")
def browser(chromium: str) -> Iterator[Browser]:
    # the driver's event loop runs in this thread; Django would refuse the database here
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as driver:
        started = driver.chromium.launch(executable_path=chromium, args=BROWSER_OPTIONS)
        yield started
        started.close()


@pytest.fixture(scope="session")
def signed_in_states(site: RunningSite, browser: Browser) -> Callable[[str], Any]:
    """Cookies of a person, signed in by the sign-in page once a worker."""
    known: dict[str, Any] = {}

    def state_of(username: str) -> Any:
        if username not in known:
            context = browser.new_context(base_url=site.url)
            sign_in(context.new_page(), username)
            known[username] = context.storage_state()
            context.close()
        return known[username]

    return state_of


@pytest.fixture
def open_context(
    site: RunningSite, browser: Browser, signed_in_states: Callable[[str], Any]
) -> Iterator[OpenContext]:
    """Open a browser window of a width, for a person or for nobody, with JavaScript or without."""
    opened: list[BrowserContext] = []

    def open_one(
        *,
        width: int = 1280,
        username: str | None = None,
        javascript: bool = True,
        locale: str = "en",
    ) -> BrowserContext:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": 800},
            java_script_enabled=javascript,
            locale=locale,
            storage_state=signed_in_states(username) if username else None,
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        return context

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def open_page(open_context: OpenContext) -> Callable[..., Page]:
    def open_one(**wanted: Any) -> Page:
        return open_context(**wanted).new_page()

    return open_one


@pytest.fixture(scope="session")
def axe() -> str:
    return axe_script()
