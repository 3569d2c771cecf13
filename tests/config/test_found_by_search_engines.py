"""What search engines find: the mark, what to leave alone, and the pages anybody may read."""

import re

import pytest
from django.test import Client

from organisations.enums import Visibility
from tests.factories.learning import make_course, make_site


def test_robots_are_told_what_to_leave_alone(client: Client, settings) -> None:
    settings.SITE_URL = "https://careweave.example.org"

    text = client.get("/robots.txt").content.decode()

    assert "Disallow: /me/" in text
    assert "Disallow: /ar/me/" in text
    assert "Disallow: /learn/" not in text
    assert "Sitemap: https://careweave.example.org/sitemap.xml" in text


def test_the_mark_is_at_the_old_place(client: Client) -> None:
    answer = client.get("/favicon.ico")

    assert answer.status_code == 302
    assert re.search(r"/static/cms/brand/favicon.*\.ico$", answer["Location"])


@pytest.mark.django_db
def test_the_map_names_public_pages_and_no_other(client: Client) -> None:
    make_site()
    shown = make_course(title="For everybody")
    kept = make_course(title="For some")
    type(kept).objects.filter(pk=kept.pk).update(visibility=Visibility.SIGNED_IN)
    half = make_course(title="Half there")
    module = half.get_children().first()
    type(module).objects.filter(pk=module.pk).update(live=False)

    answer = client.get("/sitemap.xml")

    assert answer.status_code == 200
    assert answer["Content-Type"].startswith("application/xml")
    found = re.findall(r"<loc>https?://[^/]+([^<]*)</loc>", answer.content.decode())
    assert "/" in found
    assert shown.url in found
    assert half.url in found
    lesson = shown.get_descendants().live().last()
    assert lesson.url in found
    assert not [path for path in found if path.startswith(kept.url)]
    assert not [path for path in found if path.startswith(module.url)]
    assert len(found) == len(set(found))
