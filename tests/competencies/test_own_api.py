"""Our own API: what it gives, and its page."""

import re

import pytest
from django.test import Client

from competencies.models import Framework
from organisations.enums import Visibility
from tests.factories.competencies import FrameworkFactory, RequirementFactory, RoleFactory

pytestmark = pytest.mark.django_db


def test_frameworks_are_listed_and_given_whole(client: Client) -> None:
    framework = FrameworkFactory(shared=True)

    [line] = client.get("/api/frameworks").json()
    said = client.get(f"/api/frameworks/{line['slug']}").json()

    assert (line["is_shared"], line["competencies"]) == (True, 4)
    assert said["id"] == str(framework.uuid)
    assert [level["key"] for level in said["levels"]] == ["essential", "enhanced", "expert"]
    assert [(one["code"], len(one["children"])) for one in said["items"]] == [("F1", 2), ("F2", 2)]


def test_role_is_given_with_what_it_needs(client: Client) -> None:
    requirement = RequirementFactory(role=RoleFactory(slug="guide"))

    assert [role["slug"] for role in client.get("/api/roles").json()] == ["guide"]
    assert client.get("/api/roles/guide").json()["requires"] == [
        {
            "competency": str(requirement.competency.uuid),
            "code": "F1.1",
            "title": "Competency 1.1",
            "function": "Function 1",
            "level": "essential",
            "is_essential": True,
        }
    ]


def test_what_is_not_public_is_not_given(client: Client) -> None:
    role = RequirementFactory().role
    assert client.get(f"/api/roles/{role.slug}").status_code == 200
    Framework.objects.update(visibility=Visibility.SIGNED_IN)

    assert client.get("/api/frameworks").json() == []
    assert client.get("/api/roles").json() == []
    assert client.get(f"/api/roles/{role.slug}").status_code == 404
    assert client.get(f"/api/frameworks/{role.framework.slug}").status_code == 404


def test_page_lists_every_address_and_asks_no_other_host(client: Client) -> None:
    html = client.get("/api/").content.decode()

    for path in client.get("/api/openapi.json").json()["paths"]:
        assert path in html
    assert not re.findall(r'(?:src|href)="https?://(?!localhost)', html)
    assert "<script>" not in html


@pytest.mark.parametrize("query", ["language=" + "x" * 30, "q=" + "x" * 300, "version=x"])
def test_wrong_parameters_are_named(client: Client, query: str) -> None:
    framework = FrameworkFactory()
    address = "/api/frameworks"
    if query.startswith("version"):
        address += f"/{framework.slug}"

    answer = client.get(f"{address}?{query}")

    assert answer.status_code == 422
    assert answer.json()["detail"][0]["loc"][-1] == query.split("=")[0]
