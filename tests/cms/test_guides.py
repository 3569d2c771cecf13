"""The pages of the footer are there from the first start, and stay as an editor left them."""

import re
from pathlib import Path

import pytest
from django.test import Client

from cms.models import GuidePage
from cms.services import UnreadableStarterFile, load_guides, prepare_site

FOLDER = Path(__file__).parents[2] / "cms" / "starter"


@pytest.mark.django_db
def test_every_page_of_the_footer_answers(client: Client) -> None:
    made = load_guides(folder=FOLDER, home=prepare_site())

    footer = client.get("/").content.decode().split("<footer")[1]
    addresses = set(re.findall(r'href="(/[^"]+)"', footer))
    assert made == 4 + 2  # help in Welsh and Arabic too
    assert addresses == {"/about/", "/accessibility/", "/help/", "/privacy/"}
    for address in addresses:
        answer = client.get(address)
        assert answer.status_code == 200
        assert len(re.findall("<h1", answer.content.decode())) == 1


@pytest.mark.django_db
def test_guide_that_is_not_translated_says_that_it_is_in_english(client: Client) -> None:
    load_guides(folder=FOLDER, home=prepare_site())

    untranslated = client.get("/cy/about/").content.decode()
    translated = client.get("/cy/help/").content.decode()

    assert '<div class="cw-prose" lang="en" dir="ltr">' in untranslated
    assert '<div class="cw-prose">' in translated


@pytest.mark.django_db
def test_loading_again_leaves_an_editors_words() -> None:
    home = prepare_site()
    load_guides(folder=FOLDER, home=home)
    page = GuidePage.objects.get(slug="help", locale__language_code="en")
    page.title = "Ask Ffion"
    page.save_revision().publish()

    made = load_guides(folder=FOLDER, home=home)

    assert made == 0
    assert GuidePage.objects.get(slug="help", locale__language_code="en").title == "Ask Ffion"


@pytest.mark.django_db
def test_guide_with_a_picture_is_refused(tmp_path: Path) -> None:
    (tmp_path / "help.en.md").write_text(
        "---\ntitle: Help\nsummary: How.\n---\n::: image images/map.svg\nalt: A map.\n:::\n"
    )

    with pytest.raises(UnreadableStarterFile, match="map"):
        load_guides(folder=tmp_path, home=prepare_site())
