"""Take the pictures of docs/images from the running site: `make screenshots`.

Not collected with the tests, since it writes files of the project.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO

import pytest
from PIL import Image
from playwright.sync_api import Page

from tests.browser.people import LEAD, LEARNER, local
from tests.browser.running import ROOT

FOLDER = ROOT / "docs" / "images"
MOST_BYTES = 200 * 1024
COLOURS = (256, 128, 64, 32)
LESSON = r"/learn/one-team/[^/]+/[^/]+/$"
TEAM = r"/teams/[0-9a-f-]{36}/$"
SPACE = r"/discussions/(?!join|moderation|about|stop)[^/]+/$"
THREAD = r"/discussions/[^/]+/[0-9a-f-]{36}/$"


@dataclass(frozen=True)
class Picture:
    """One picture: whose window, where, and how to get there.

    `top` is what stands at the top of the window. `follow` holds what the links to follow from `path` look like, one after another.
    """

    name: str
    path: str
    username: str | None = None
    follow: tuple[str, ...] = ()
    width: int = 1280
    height: int = 900
    language: str = "en"
    top: str = "body"


PICTURES = (
    Picture("home", "/"),
    Picture("home-320", "/", width=320, height=640),
    Picture("home-ar", "/", language="ar"),
    Picture("course", "/learn/one-team/", LEARNER),
    Picture("lesson", "/learn/one-team/", LEARNER, follow=(LESSON,)),
    Picture("me", "/me/", LEARNER),
    Picture("me-320", "/me/", LEARNER, width=320, height=640),
    Picture("me-ar", "/me/", LEARNER, language="ar"),
    Picture("heatmap", "/teams/", LEAD, follow=(TEAM,), top="#grid"),
    Picture("discussion", "/discussions/", LEARNER, follow=(SPACE, THREAD)),
    Picture("search", "/search/?q=plan", LEARNER),
    Picture("record-store", "/record-store/", "ada", top=".cw-tabs"),
)


def take(page: Page, picture: Picture) -> bytes:
    """Return the window as a person sees it, as a PNG."""
    page.set_viewport_size({"width": picture.width, "height": picture.height})
    answer = page.goto(local(picture.path, picture.language))
    for pattern in picture.follow:
        links = page.eval_on_selector_all(
            "main a[href]", "all => all.map((one) => one.getAttribute('href'))"
        )
        answer = page.goto(next(link for link in links if re.search(pattern, link)))
    assert answer is not None
    assert answer.status == 200, page.url
    page.wait_for_load_state("networkidle")
    page.locator(picture.top).evaluate(
        "one => window.scrollTo(0, one.getBoundingClientRect().top + window.scrollY - 24)"
    )
    return page.screenshot()


def small(png: bytes) -> bytes:
    """Return the picture with as many colours as fit in the size we allow."""
    whole = Image.open(BytesIO(png)).convert("RGB")
    for colours in COLOURS:
        out = BytesIO()
        whole.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            out, "PNG", optimize=True
        )
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue()


@pytest.mark.parametrize("picture", PICTURES, ids=[one.name for one in PICTURES])
def test_take(open_page: Callable[..., Page], picture: Picture) -> None:
    page = open_page(username=picture.username, width=picture.width)
    FOLDER.mkdir(parents=True, exist_ok=True)

    made = small(take(page, picture))

    assert len(made) <= MOST_BYTES
    (FOLDER / f"{picture.name}.png").write_bytes(made)
