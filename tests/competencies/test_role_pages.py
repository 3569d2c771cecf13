"""Pages about roles: what each needs, alone or beside another."""

import pytest
from django.test import Client

from cms.models import TranslatedText
from competencies.models import Framework
from organisations.enums import Visibility
from tests.factories.competencies import FrameworkFactory, RequirementFactory, RoleFactory

pytestmark = pytest.mark.django_db


def test_role_shows_functions_by_level_and_importance(client: Client) -> None:
    framework = FrameworkFactory()
    role = RoleFactory(framework=framework, also_called=["Guide"], where_found=["Practice"])
    RequirementFactory(role=role, level=framework.levels.get(rank=3))
    RequirementFactory(role=role, importance="useful")
    RequirementFactory(role=role)

    answer = client.get(f"/roles/{role.slug}/")

    page = answer.context["page_of"]
    counts = [
        (line.function.code, [(one.essential, one.useful) for one in line.counts[0]])
        for line in page.functions
    ]
    assert counts == [
        ("F1", [(0, 1), (0, 0), (1, 0)]),
        ("F2", [(1, 0), (0, 0), (0, 0)]),
    ]
    html = answer.content.decode()
    assert "Guide" in html
    assert f'href="/frameworks/{framework.slug}/F1.1/"' in html


def test_one_role_alone_is_not_named_in_every_line(client: Client) -> None:
    framework = FrameworkFactory()
    role = RoleFactory(framework=framework, title="Wayfinder")
    top = framework.levels.get(rank=3)
    RequirementFactory(role=role, level=top)

    page = client.get(f"/roles/{role.slug}/").content.decode()

    assert 'data-label="Wayfinder"' not in page
    assert f'data-label="{top.name}"' in page


def test_two_roles_stand_beside_each_other(client: Client) -> None:
    framework = FrameworkFactory()
    one, two = RoleFactory(framework=framework), RoleFactory(framework=framework)
    RequirementFactory(role=one)
    for _ in range(2):
        RequirementFactory(role=two)

    page = client.get(f"/roles/{one.slug}/", {"with": two.slug}).context["page_of"]

    assert [role.slug for role in page.roles] == [one.slug, two.slug]
    assert [
        (line.item.code, [need is not None for need in line.needs])
        for function in page.functions
        for line in function.lines
    ] == [("F1.1", [True, True]), ("F1.2", [False, True])]


@pytest.mark.parametrize("beside", ["nobody", "", "<script>"])
def test_role_that_is_not_there_is_left_out_of_the_comparison(client: Client, beside: str) -> None:
    role = RequirementFactory().role

    answer = client.get(f"/roles/{role.slug}/", {"with": beside})

    assert (answer.status_code, len(answer.context["page_of"].roles)) == (200, 1)


def test_role_without_requirements_says_so(client: Client) -> None:
    role = RoleFactory(framework=FrameworkFactory(published=False))

    assert (
        "Nothing is asked of this role yet" in client.get(f"/roles/{role.slug}/").content.decode()
    )


@pytest.mark.parametrize(
    ("words", "found"), [("guide", 1), ("GUIDE neighbourhood", 1), ("tywysydd", 1), ("other", 0)]
)
def test_roles_are_found_by_any_of_their_titles(client: Client, words: str, found: int) -> None:
    role = RoleFactory(also_called=["Guide"])
    TranslatedText.objects.create(
        subject_uuid=role.uuid, field="title", language="cy", text="Tywysydd"
    )

    assert len(client.get("/roles/", {"q": words}).context["roles"]) == found


def test_roles_are_in_the_order_of_the_reader_s_language(client: Client) -> None:
    first, second = RoleFactory(title="Advocate"), RoleFactory(title="Baker")
    for role, text in ((first, "Zz"), (second, "Aa")):
        TranslatedText.objects.create(
            subject_uuid=role.uuid, field="title", language="cy", text=text
        )

    assert [r.slug for r in client.get("/roles/").context["roles"]] == [first.slug, second.slug]
    assert [r.slug for r in client.get("/cy/roles/").context["roles"]] == [
        second.slug,
        first.slug,
    ]


def test_role_of_a_framework_one_may_not_see_is_not_there(client: Client) -> None:
    role = RequirementFactory().role
    assert client.get(f"/roles/{role.slug}/").status_code == 200
    Framework.objects.update(visibility=Visibility.ORGANISATIONS)

    assert client.get("/roles/").context["roles"] == []
    assert client.get(f"/roles/{role.slug}/").status_code == 302


@pytest.mark.parametrize("size", [1, 3])
def test_roles_take_the_same_queries_at_any_size(
    client: Client, size: int, django_assert_num_queries
) -> None:
    framework = FrameworkFactory(published__functions=size, published__competencies=size)
    roles = [RoleFactory(framework=framework) for _ in range(size)]
    for role in roles:
        for _ in range(size):
            RequirementFactory(role=role)

    with django_assert_num_queries(2):
        client.get("/roles/")
    with django_assert_num_queries(5):
        client.get(f"/roles/{roles[0].slug}/", {"with": roles[-1].slug})
