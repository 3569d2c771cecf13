"""The editors' area: who may write what, and that it works end to end."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.test import Client
from django.utils import timezone

from competencies.enums import FrameworkStatus
from competencies.models import Competency, CompetencyVersion, FrameworkVersion, Level, Role
from competencies.services import create_framework, start_draft
from learning.models import CourseCompetency
from organisations.enums import GrantKind
from organisations.services.leave import keep_educators
from tests.factories.competencies import FrameworkFactory, RequirementFactory, RoleFactory
from tests.factories.learning import make_course
from tests.factories.organisations import GrantFactory, OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
VERSIONS = "/admin/framework_versions"
ITEMS = "/admin/framework_items"


def educator(organisation: Any = None) -> Any:
    person = PersonFactory()
    GrantFactory(
        person=person,
        kind=GrantKind.EDUCATOR,
        organisation=organisation,
        starts_on=date(2026, 1, 1),
    )
    keep_educators(on=timezone.localdate())
    return person


def test_framework_is_written_and_published_in_the_editors_area(client: Client) -> None:
    owner = OrganisationFactory()
    client.force_login(educator(owner))

    answer = client.post(
        f"{VERSIONS}/new/",
        {"title": "Kitchen safety", "language": "en", "owner": owner.pk},
    )
    assert answer.status_code == 302
    draft = FrameworkVersion.objects.get()
    assert (draft.status, draft.framework.owner_organisation) == ("draft", owner)
    Level.objects.create(framework=draft.framework, key="able", rank=1, name="Able")
    level = Level.objects.get()

    answer = client.get(f"{ITEMS}/new/?version={draft.pk}")
    assert "At the level “Able”" in answer.content.decode()
    answer = client.post(
        f"{ITEMS}/new/?version={draft.pk}",
        {
            "version": draft.pk,
            "kind": "competency",
            "code": "K1",
            "statement": "Keep the floor dry.",
            f"level_{level.pk}": "Mops up.",
        },
    )
    assert answer.status_code == 302
    one = CompetencyVersion.objects.get()
    assert one.level_descriptors.get().text == "Mops up."
    answer = client.post(
        f"{ITEMS}/edit/{one.pk}/",
        {"kind": "competency", "code": "K1", "statement": "Keep it dry.", f"level_{level.pk}": ""},
    )
    assert answer.status_code == 302
    one.refresh_from_db()
    assert (one.statement, one.level_descriptors.count()) == ("Keep it dry.", 0)

    assert client.get(f"{VERSIONS}/publish/{draft.pk}/").status_code == 200
    client.post(f"{VERSIONS}/publish/{draft.pk}/")
    draft.refresh_from_db()
    assert draft.status == FrameworkStatus.PUBLISHED
    assert "Kitchen safety" in client.get(f"{VERSIONS}/").content.decode()


def test_draft_that_is_not_ready_says_what_to_put_right(client: Client) -> None:
    owner = OrganisationFactory()
    draft = create_framework(title="Empty", at=AT, owner=owner)
    client.force_login(educator(owner))

    html = client.get(f"{VERSIONS}/publish/{draft.pk}/").content.decode()

    assert "Add at least one competency." in html
    client.post(f"{VERSIONS}/publish/{draft.pk}/")
    draft.refresh_from_db()
    assert draft.status == FrameworkStatus.DRAFT


def test_published_framework_is_changed_by_starting_a_draft(client: Client) -> None:
    owner = OrganisationFactory()
    framework = FrameworkFactory(owner_organisation=owner)
    version = framework.versions.get()
    client.force_login(educator(owner))
    assert client.get(f"{VERSIONS}/edit/{version.pk}/").status_code == 404

    answer = client.post(f"{VERSIONS}/start-draft/{version.pk}/")

    draft = framework.versions.get(status="draft")
    assert answer["Location"] == f"{VERSIONS}/edit/{draft.pk}/"
    assert client.get(answer["Location"]).status_code == 200
    answer = client.post(answer["Location"], {"title": "Better", "language": "en", "label": "2.0"})
    draft.refresh_from_db()
    assert (answer.status_code, draft.title, draft.label) == (302, "Better", "2.0")
    assert len(client.get(f"{ITEMS}/?version={draft.pk}").context["object_list"]) == 6
    client.post(f"{VERSIONS}/delete/{draft.pk}/")
    assert list(framework.versions.all()) == [version]
    client.post(f"{VERSIONS}/withdraw/{version.pk}/")
    version.refresh_from_db()
    assert version.status == FrameworkStatus.WITHDRAWN


def test_item_is_taken_out_of_a_draft(client: Client) -> None:
    owner = OrganisationFactory()
    draft = start_draft(version=FrameworkFactory(owner_organisation=owner).versions.get(), at=AT)
    client.force_login(educator(owner))

    client.post(f"{ITEMS}/delete/{draft.items.get(code='F1.1').pk}/")

    assert draft.items.count() == 5


def test_another_organisation_s_educator_finds_nothing_there(client: Client) -> None:
    owner = OrganisationFactory()
    framework = FrameworkFactory(owner_organisation=owner)
    version = framework.versions.get()
    draft = start_draft(version=version, at=AT)
    one = draft.items.get(code="F1.1")
    role = RoleFactory(framework=framework, owner_organisation=owner)
    level = framework.levels.first()
    addresses = [
        f"{VERSIONS}/edit/{draft.pk}/",
        f"{VERSIONS}/delete/{draft.pk}/",
        f"{VERSIONS}/history/{draft.pk}/",
        f"{VERSIONS}/usage/{draft.pk}/",
        f"{VERSIONS}/publish/{draft.pk}/",
        f"{VERSIONS}/start-draft/{version.pk}/",
        f"{VERSIONS}/withdraw/{version.pk}/",
        f"{ITEMS}/edit/{one.pk}/",
        f"{ITEMS}/delete/{one.pk}/",
        f"/admin/framework_levels/edit/{level.pk}/",
        f"/admin/framework_roles/edit/{role.pk}/",
    ]
    client.force_login(educator(owner))
    assert [client.get(address).status_code for address in addresses] == [200] * len(addresses)
    client.force_login(educator(OrganisationFactory()))

    assert [client.get(address).status_code for address in addresses] == [404] * len(addresses)
    assert [client.post(address).status_code for address in addresses] == [404] * len(addresses)
    for name in ("framework_versions", "framework_items", "framework_levels", "framework_roles"):
        assert len(client.get(f"/admin/{name}/").context["object_list"]) == 0
    assert draft.framework.versions.filter(status="draft").exists()


def test_person_without_leave_does_not_get_in(client: Client) -> None:
    client.force_login(PersonFactory())

    for name in ("framework_versions", "framework_items", "framework_levels", "framework_roles"):
        assert client.get(f"/admin/{name}/").status_code in {302, 404}
        assert client.get(f"/admin/{name}/new/").status_code in {302, 404}


def test_item_cannot_be_put_into_somebody_else_s_draft(client: Client) -> None:
    theirs = create_framework(title="Theirs", at=AT, owner=OrganisationFactory())
    client.force_login(educator(OrganisationFactory()))

    client.post(f"{ITEMS}/new/", {"version": theirs.pk, "kind": "competency", "statement": "Mine."})

    assert theirs.items.count() == 0


def test_role_is_written_with_what_it_needs(client: Client) -> None:
    framework = FrameworkFactory(shared=True)
    client.force_login(educator())
    answer = client.post(
        "/admin/framework_roles/new/",
        {
            "title": "Kitchen helper",
            "slug": "kitchen-helper",
            "framework": framework.pk,
            "also_called": "Cook, Washer-up",
        },
    )
    role = Role.objects.get()
    assert answer["Location"] == f"/admin/framework_roles/edit/{role.pk}/"
    one = Competency.objects.get(source_identifier="F1.1")
    level = framework.levels.get(rank=2)
    assert f"needs_{one.pk}" in client.get(answer["Location"]).content.decode()

    client.post(
        answer["Location"],
        {"title": "Helper", f"needs_{one.pk}": f"{level.pk} useful"},
    )

    role.refresh_from_db()
    assert role.title == "Helper"
    assert list(role.requirements.values_list("competency", "level", "importance")) == [
        (one.pk, level.pk, "useful")
    ]


def test_competency_is_chosen_by_code_or_words(client: Client) -> None:
    framework = FrameworkFactory()
    client.force_login(educator())

    def found(words: str) -> list[str]:
        answer = client.get("/admin/competency_chooser/results/", {"q": words})
        return [competency.code for competency in answer.context["results"]]

    assert found("F1.1") == ["F1.1"]
    assert found("competency 2.2") == ["F2.2"]
    assert found("nothing of the kind") == []
    assert found("") == ["F1.1", "F1.2", "F2.1", "F2.2"]
    one = framework.competencies.get(source_identifier="F1.1")
    chosen = client.get(f"/admin/competency_chooser/chosen/{one.pk}/").json()
    assert chosen["result"]["title"] == "F1.1 Competency 1.1"


def test_competency_of_a_framework_one_may_not_see_is_not_offered(client: Client) -> None:
    owner = OrganisationFactory()
    framework = FrameworkFactory(owner_organisation=owner, visibility="organisations")
    one = framework.competencies.get(source_identifier="F1.1")
    client.force_login(educator(owner))
    assert client.get(f"/admin/competency_chooser/chosen/{one.pk}/").status_code == 200

    client.force_login(educator(OrganisationFactory()))

    assert client.get(f"/admin/competency_chooser/chosen/{one.pk}/").status_code == 404
    assert len(client.get("/admin/competency_chooser/results/").context["results"]) == 0


def test_lists_take_the_same_queries_at_any_size(
    client: Client, django_assert_max_num_queries
) -> None:
    client.force_login(educator())
    for _ in range(3):
        RequirementFactory()

    for name in ("framework_versions", "framework_levels", "framework_roles"):
        client.get(f"/admin/{name}/")
        with django_assert_max_num_queries(30):
            client.get(f"/admin/{name}/")


def test_level_of_another_framework_is_refused_where_a_course_is_mapped() -> None:
    one, other = FrameworkFactory(), FrameworkFactory()
    shown = CourseCompetency(
        competency=one.competencies.get(source_identifier="F1.1"), level=one.levels.get(rank=1)
    )
    shown.clean()

    shown.level = other.levels.get(rank=1)

    with pytest.raises(ValidationError, match="a level of the framework"):
        shown.clean()


def test_course_editor_offers_the_chooser_and_levels_by_framework(client: Client) -> None:
    framework = FrameworkFactory()
    one = framework.competencies.get(source_identifier="F1.1")
    course = make_course(shows=(one, framework.levels.get(rank=2)))
    client.force_login(PersonFactory(is_superuser=True))

    html = client.get(f"/admin/pages/{course.pk}/edit/").content.decode()

    assert "F1.1 Competency 1.1" in html
    assert "/admin/competency_chooser/" in html
    assert f'<optgroup label="{framework.versions.get().title}">' in html


def test_list_leads_to_all_that_may_be_done_with_a_version(client: Client) -> None:
    version = FrameworkFactory().versions.get()
    draft = start_draft(version=version, at=AT)
    client.force_login(educator())

    html = client.get(f"{VERSIONS}/").content.decode()

    for address in (
        f"{VERSIONS}/edit/{draft.pk}/",
        f"{VERSIONS}/publish/{draft.pk}/",
        f"{VERSIONS}/delete/{draft.pk}/",
        f"{ITEMS}/?version={draft.pk}",
        f"{VERSIONS}/start-draft/{version.pk}/",
        f"{VERSIONS}/withdraw/{version.pk}/",
    ):
        assert f'href="{address}"' in html
    assert f"{VERSIONS}/edit/{version.pk}/" not in html
    one = draft.items.get(code="F1.1")
    items = client.get(f"{ITEMS}/?version={draft.pk}").content.decode()
    assert f'href="{ITEMS}/edit/{one.pk}/"' in items
    role = RoleFactory()
    assert (
        f"/admin/framework_roles/edit/{role.pk}/"
        in client.get("/admin/framework_roles/").content.decode()
    )
