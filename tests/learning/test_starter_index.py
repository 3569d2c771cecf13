"""The list of courses is there from the first start, and has its name in every language."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.test import Client

from cms.services import prepare_site
from learning.importers.starter import load_starter_courses
from learning.models import LearnIndexPage

AT = datetime(2026, 1, 5, tzinfo=UTC)


@pytest.mark.django_db
def test_list_of_courses_has_its_name_in_every_language(client: Client, tmp_path: Path) -> None:
    load_starter_courses(folder=tmp_path, home=prepare_site(), at=AT)

    assert "<h1>Dysgu</h1>" in client.get("/cy/learn/").content.decode()
    assert "<h1>تعلّم</h1>" in client.get("/ar/learn/").content.decode()


@pytest.mark.django_db
def test_loading_again_leaves_an_editors_name_for_it(tmp_path: Path) -> None:
    home = prepare_site()
    load_starter_courses(folder=tmp_path, home=home, at=AT)
    page = LearnIndexPage.objects.get(locale__language_code="cy")
    page.title = "Cyrsiau"
    page.save_revision().publish()

    load_starter_courses(folder=tmp_path, home=home, at=AT)

    assert LearnIndexPage.objects.get(locale__language_code="cy").title == "Cyrsiau"
