"""The woven picture says what the roles say, and asks the database equally often."""

from typing import Any

import pytest
from django.test import Client, RequestFactory

from competencies.enums import Importance
from competencies.home import weave_for_home
from competencies.models import Framework
from tests.factories.competencies import FrameworkFactory, RequirementFactory, RoleFactory


def need(framework: Framework, role: Any, code: str, rank: int, importance: str) -> None:
    RequirementFactory(
        role=role,
        competency=framework.competencies.get(source_identifier=code),
        level=framework.levels.get(rank=rank),
        importance=importance,
    )


@pytest.mark.django_db
def test_weave_shows_the_highest_level_that_a_role_needs(rf: RequestFactory) -> None:
    framework = FrameworkFactory(shared=True)
    navigator = RoleFactory(framework=framework, title="Care navigator")
    nurse = RoleFactory(framework=framework, title="Nurse")
    need(framework, navigator, "F1.1", 1, Importance.ESSENTIAL)
    need(framework, navigator, "F1.2", 3, Importance.ESSENTIAL)
    need(framework, nurse, "F1.1", 2, Importance.USEFUL)
    need(framework, nurse, "F2.1", 2, Importance.ESSENTIAL)

    weave = weave_for_home(rf.get("/"))["weave"]

    assert [str(name) for name in weave["columns"]] == ["Care navigator", "Nurse"]
    assert [(str(row["title"]), row["strands"], row["words"]) for row in weave["rows"]] == [
        ("Function 1", ["3", "none"], "1 of 2 roles"),
        ("Function 2", ["none", "2"], "1 of 2 roles"),
    ]


@pytest.mark.django_db
def test_each_thread_leads_to_its_function(client: Client) -> None:
    framework = FrameworkFactory(shared=True)
    need(framework, RoleFactory(framework=framework), "F1.1", 1, Importance.ESSENTIAL)

    rows = weave_for_home(RequestFactory().get("/"))["weave"]["rows"]

    assert [client.get(row["href"]).status_code for row in rows] == [200, 200]


@pytest.mark.django_db
def test_no_shared_framework_no_weave(rf: RequestFactory) -> None:
    RoleFactory()

    assert weave_for_home(rf.get("/")) == {}


@pytest.mark.django_db
@pytest.mark.parametrize("roles", [1, 3])
def test_weave_asks_equally_often(
    rf: RequestFactory, roles: int, django_assert_num_queries: Any
) -> None:
    framework = FrameworkFactory(shared=True)
    for _number in range(roles):
        need(framework, RoleFactory(framework=framework), "F1.1", 1, Importance.ESSENTIAL)

    with django_assert_num_queries(5):
        weave_for_home(rf.get("/"))
