"""Pages about frameworks: what they show, in which language, to whom."""

import csv
import io
import json
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from cms.models import TranslatedText
from competencies.enums import FrameworkStatus
from competencies.models import Competency, CompetencyVersion, Framework, FrameworkUpload
from competencies.queries import LearningLink
from competencies.queries import learning as learning_queries
from competencies.services import import_file, load_starter_framework, set_activity_mappings
from competencies.services.evidence import ShownCompetency
from organisations.enums import GrantKind, Visibility
from tests.competencies.case_packages import as_bytes, item, link, package
from tests.factories.competencies import (
    FrameworkFactory,
    FrameworkVersionFactory,
    ItemFactory,
    RequirementFactory,
    RoleFactory,
)
from tests.factories.learning import make_course
from tests.factories.organisations import (
    GrantFactory,
    MembershipFactory,
    OrganisationFactory,
    PersonFactory,
)

AT = datetime(2026, 11, 1, 9, tzinfo=UTC)
pytestmark = pytest.mark.django_db


def titles(answer: Any) -> list[str]:
    return [card.title.value for card in answer.context["cards"]]


def educator(organisation: Any = None) -> Any:
    person = PersonFactory()
    GrantFactory(
        person=person,
        kind=GrantKind.EDUCATOR,
        organisation=organisation,
        starts_on=date(2026, 1, 1),
    )
    return person


def test_list_has_the_shared_framework_first_and_no_drafts(client: Client) -> None:
    other = FrameworkFactory(slug="aaa")
    shared = FrameworkFactory(slug="zzz", shared=True)
    FrameworkVersionFactory(framework=other, number=9, status=FrameworkStatus.DRAFT, title="Draft")

    answer = client.get("/frameworks/")

    assert answer.status_code == 200
    assert titles(answer) == [shared.versions.get().title, "Framework aaa"]


@pytest.mark.parametrize(
    ("words", "found"), [("does it", 1), ("F2.1", 1), ("framework", 1), ("gofyn", 1), ("none", 0)]
)
def test_list_is_found_by_words_of_its_items(client: Client, words: str, found: int) -> None:
    framework = FrameworkFactory()
    one = CompetencyVersion.objects.get(version__framework=framework, code="F1.1")
    one.statement = "Does this, and then it."
    one.save()
    TranslatedText.objects.create(
        subject_uuid=one.competency.uuid, field="title", language="cy", text="Gofyn"
    )

    assert len(titles(client.get("/frameworks/", {"q": words}))) == found


def test_withdrawn_frameworks_are_found_by_status(client: Client) -> None:
    framework = FrameworkFactory()
    framework.versions.update(status=FrameworkStatus.WITHDRAWN)

    assert titles(client.get("/frameworks/")) == []
    answer = client.get("/frameworks/", {"status": "withdrawn"})
    assert titles(answer) == [framework.versions.get().title]
    page = client.get(f"/frameworks/{framework.slug}/")
    assert "has been withdrawn" in page.content.decode()


@pytest.mark.parametrize("frameworks", [1, 3])
def test_list_takes_the_same_queries_at_any_size(
    client: Client, frameworks: int, django_assert_num_queries
) -> None:
    for _ in range(frameworks):
        RoleFactory(framework=FrameworkFactory(published__functions=frameworks))

    with django_assert_num_queries(5):
        client.get("/frameworks/")


def test_framework_shows_functions_with_their_competencies(client: Client) -> None:
    framework = FrameworkFactory()
    RequirementFactory(role=RoleFactory(framework=framework))

    answer = client.get(f"/frameworks/{framework.slug}/")

    page = answer.context["page_of"]
    assert [(top.code, [one.code for one in top.children]) for top in page.tree] == [
        ("F1", ["F1.1", "F1.2"]),
        ("F2", ["F2.1", "F2.2"]),
    ]
    assert [one.roles for one in page.tree[0].children] == [1, 0]
    assert f'href="/frameworks/{framework.slug}/F1.1/"' in answer.content.decode()


@pytest.mark.parametrize("size", [1, 3])
def test_framework_takes_the_same_queries_at_any_size(
    client: Client, size: int, django_assert_num_queries
) -> None:
    framework = FrameworkFactory(published__functions=size, published__competencies=size)
    for _ in range(size):
        RequirementFactory(role=RoleFactory(framework=framework))

    with django_assert_num_queries(6):
        client.get(f"/frameworks/{framework.slug}/")


def test_a_long_framework_is_folded_under_a_list_of_its_parts(client: Client) -> None:
    short = FrameworkFactory(published__functions=2, published__competencies=3)
    long = FrameworkFactory(published__functions=3, published__competencies=8)

    page = client.get(f"/frameworks/{long.slug}/").content.decode()
    assert page.count('href="#in-') == page.count('id="in-') == 3
    assert page.count("8 competencies") == 3
    assert page.count("<details open>") == 0
    unfolded = client.get(f"/frameworks/{long.slug}/?unfold=yes").content.decode()
    assert unfolded.count("<details open>") == 3
    assert client.get(f"/frameworks/{short.slug}/").content.decode().count("<details open>") == 2


def test_translations_are_shown_and_what_is_missing_keeps_its_language(client: Client) -> None:
    framework = FrameworkFactory()
    one = CompetencyVersion.objects.get(version__framework=framework, code="F1.1")
    TranslatedText.objects.create(
        subject_uuid=one.competency.uuid, field="title", language="cy", text="Gofyn yn gyntaf"
    )

    html = client.get(f"/cy/frameworks/{framework.slug}/F1.1/").content.decode()

    assert "Gofyn yn gyntaf</h1>" in html
    assert '<span lang="en" dir="ltr">Do what F1.1 says.</span>' in html
    assert "cw-translation-note" in html
    TranslatedText.objects.update(checked_by="Ffion Testwell")
    html = client.get(f"/cy/frameworks/{framework.slug}/F1.1/").content.decode()
    assert "cw-translation-note" not in html


def test_competency_shows_who_needs_it_at_which_level(client: Client) -> None:
    framework = FrameworkFactory()
    essential = RequirementFactory(role=RoleFactory(framework=framework, slug="link-worker"))
    useful = RequirementFactory(
        role=RoleFactory(framework=framework, slug="volunteer"), importance="useful"
    )

    answer = client.get(f"/frameworks/{framework.slug}/F1.1/")

    assert [(need.role.slug, need.is_essential) for need in answer.context["needs"]] == [
        ("link-worker", True),
        ("volunteer", False),
    ]
    assert essential.competency == useful.competency
    assert 'href="/roles/link-worker/"' in answer.content.decode()


def test_function_shows_who_else_does_it(client: Client) -> None:
    framework = FrameworkFactory()
    busy = RoleFactory(framework=framework, slug="busy")
    for _ in range(3):
        RequirementFactory(role=busy)
    RequirementFactory(role=RoleFactory(framework=framework, slug="light"), importance="useful")

    roles = client.get(f"/frameworks/{framework.slug}/F1/").context["roles"]

    assert [(one.role.slug, one.essential, one.useful) for one in roles] == [
        ("busy", 2, 0),
        ("light", 0, 1),
    ]


@pytest.mark.parametrize("size", [1, 3])
def test_item_takes_the_same_queries_at_any_size(
    client: Client, size: int, django_assert_num_queries
) -> None:
    framework = FrameworkFactory(published__functions=size, published__competencies=size)
    for _ in range(size):
        RequirementFactory(role=RoleFactory(framework=framework))

    with django_assert_num_queries(10):
        client.get(f"/frameworks/{framework.slug}/F1/")


def test_learning_is_told_by_the_apps_above(client: Client, monkeypatch) -> None:
    framework = FrameworkFactory()
    one = CompetencyVersion.objects.get(version__framework=framework, code="F1.1")
    set_activity_mappings(
        activity_iri="https://here.example/activities/course/1",
        shown=[ShownCompetency(one.competency, framework.levels.get(rank=2))],
        at=AT,
    )

    def resolve(viewer: Any, iris: Any, language: str) -> dict[str, LearningLink]:
        return {iri: LearningLink("How to ask", "/learn/ask/") for iri in iris}

    monkeypatch.setattr(learning_queries, "_resolvers", [resolve])

    for name in ("F1.1", "F1"):
        answer = client.get(f"/frameworks/{framework.slug}/{name}/")
        assert '<a href="/learn/ask/">How to ask</a>' in answer.content.decode()
    assert "How to ask" not in client.get(f"/frameworks/{framework.slug}/F2/").content.decode()


def test_links_to_other_items_are_shown_safely(client: Client) -> None:
    bad = {"title": "<script>x</script>", "identifier": "x", "uri": "javascript:alert(1)"}
    good = {"title": "Elsewhere", "identifier": "y", "uri": "https://other.example/y"}
    report = import_file(
        data=as_bytes(
            package(
                items=[item(11), item(12)],
                links=[
                    link(101, 11, 12, associationType="precedes"),
                    link(102, 11, 12, associationType="isRelatedTo", destinationNodeURI=bad),
                    link(103, 11, 12, associationType="exactMatchOf", destinationNodeURI=good),
                ],
            )
        ),
        at=AT,
    )
    version = report.frameworks[0].version
    one = version.items.select_related("competency").order_by("position").first()

    html = client.get(
        f"/frameworks/{version.framework.slug}/{one.competency.uuid}/"
    ).content.decode()

    assert "comes before" in html
    assert "Statement 12" in html
    assert "javascript:" not in html
    assert "&lt;script&gt;" in html
    assert 'href="https://other.example/y"' in html


def test_earlier_versions_can_be_read_and_say_so(client: Client) -> None:
    import_file(data=as_bytes(package()), at=AT)
    import_file(data=as_bytes(package(items=[item(11), item(12, notes="New")])), at=AT)

    now = client.get("/frameworks/example-framework/")
    before = client.get("/frameworks/example-framework/", {"version": 1})

    assert "earlier version" not in now.content.decode()
    assert "This is an earlier version" in before.content.decode()
    assert "?version=1" in before.content.decode()
    for wrong in ("9", "x", "-1", "9" * 30):
        client.force_login(PersonFactory())
        answer = client.get("/frameworks/example-framework/", {"version": wrong})
        assert answer.status_code == 404


def test_downloads_hold_what_the_page_shows(client: Client) -> None:
    framework = FrameworkFactory(published__functions=1, published__competencies=1)
    base = f"/frameworks/{framework.slug}/download/{framework.versions.get().number}"

    case = client.get(f"{base}.json")
    table = client.get(f"{base}.csv")

    assert json.loads(case.content)["CFDocument"]["identifier"] == str(framework.uuid)
    assert list(csv.reader(io.StringIO(table.content.decode("utf-8-sig"))))[1][3] == "F1.1"
    assert table["Content-Disposition"].startswith("attachment")
    assert client.get(f"{base}.xlsx").content.startswith(b"PK")


ADDRESSES = ("", "F1.1/", "?version=1", "download/1.json", "download/1.csv")


@pytest.mark.parametrize("address", ADDRESSES)
def test_framework_of_named_organisations_is_for_their_people(client: Client, address: str) -> None:
    owner, named = OrganisationFactory(), OrganisationFactory()
    framework = FrameworkFactory(owner_organisation=owner, published__functions=1)
    framework.versions.update(number=1)
    assert client.get(f"/frameworks/{framework.slug}/{address}").status_code == 200
    Framework.objects.update(visibility=Visibility.ORGANISATIONS)
    framework.visible_to.add(named)

    def status(person: Any) -> int:
        client.logout()
        if person:
            client.force_login(person)
        return client.get(f"/frameworks/{framework.slug}/{address}").status_code

    assert status(None) == 302
    assert status(PersonFactory()) == 404
    assert status(MembershipFactory(organisation=OrganisationFactory()).person) == 404
    assert status(MembershipFactory(organisation=named).person) == 200
    assert status(MembershipFactory(organisation=owner).person) == 200
    assert status(educator(owner)) == 200


def test_draft_is_for_who_may_edit_it(client: Client) -> None:
    owner = OrganisationFactory()
    framework = FrameworkFactory(owner_organisation=owner, published=False)
    version = FrameworkVersionFactory(framework=framework, status=FrameworkStatus.DRAFT, number=1)
    ItemFactory(version=version, code="D1")

    client.force_login(MembershipFactory(organisation=owner).person)
    assert client.get(f"/frameworks/{framework.slug}/").status_code == 404
    assert client.get(f"/frameworks/{framework.slug}/D1/").status_code == 404
    client.force_login(educator(OrganisationFactory()))
    assert client.get(f"/frameworks/{framework.slug}/").status_code == 404
    assert titles(client.get("/frameworks/", {"status": "draft"})) == []
    client.force_login(educator(owner))
    assert "This is a draft" in client.get(f"/frameworks/{framework.slug}/").content.decode()
    assert titles(client.get("/frameworks/", {"status": "draft"})) == [version.title]


def upload(client: Client, data: bytes, **more: Any) -> Any:
    return client.post(
        "/frameworks/import/", {"file": SimpleUploadedFile("file.csv", data), **more}
    )


GOOD = b"framework,group,position,competency\r\nNew one,One,1,Does it\r\nNew one,One,x,No\r\n"


def test_educator_sees_what_a_file_would_do_and_then_confirms(client: Client) -> None:
    owner = OrganisationFactory()
    client.force_login(educator(owner))

    sent = upload(client, GOOD, owner=owner.pk)
    preview = client.get(sent["Location"]).content.decode()

    assert sent.status_code == 302
    assert "It is new here and is added." in preview
    assert "1 part cannot be taken" in preview
    assert Framework.objects.count() == 0
    done = client.post(sent["Location"], {"confirm": "yes"})
    assert done["Location"] == "/frameworks/new-one/?version=1"
    assert Framework.objects.get().owner_organisation == owner
    assert FrameworkUpload.objects.count() == 0
    assert client.get(sent["Location"]).status_code == 404


def test_file_can_be_dropped(client: Client) -> None:
    client.force_login(educator())
    sent = upload(client, GOOD)

    client.post(sent["Location"], {"drop": "yes"})

    assert (Framework.objects.count(), FrameworkUpload.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("data", "status", "words"),
    [
        (b"%PDF-1.7", 400, "This is a PDF"),
        (b"a,b\r\n1,2\r\n", 400, "no column “framework”"),
        (b"x" * (21 * 1024 * 1024), 413, "The file has 21 MB; the most is 20 MB"),
        (b"x" * (51 * 1024 * 1024), 413, "too large"),
    ],
)
def test_wrong_file_says_what_to_do(client: Client, data: bytes, status: int, words: str) -> None:
    client.force_login(educator())

    answer = upload(client, data)

    assert answer.status_code == status
    assert words in answer.content.decode()
    assert FrameworkUpload.objects.count() == 0


def test_import_is_for_educators_and_each_sees_their_own_file(client: Client) -> None:
    assert client.get("/frameworks/import/").status_code == 302
    client.force_login(PersonFactory())
    assert client.get("/frameworks/import/").status_code == 404
    owner = OrganisationFactory()
    client.force_login(educator(owner))
    refused = upload(client, GOOD, owner=OrganisationFactory().pk)
    assert refused.status_code == 400
    sent = upload(client, GOOD, owner=owner.pk)
    assert client.get(sent["Location"]).status_code == 200
    client.force_login(educator(owner))
    assert client.get(sent["Location"]).status_code == 404
    assert client.post(sent["Location"], {"confirm": "yes"}).status_code == 404


def test_courses_that_lead_to_a_competency_are_on_its_page(client: Client) -> None:
    load_starter_framework(at=AT)
    course = make_course()
    one = Competency.objects.get(source_identifier="F1.1")
    set_activity_mappings(
        activity_iri=course.activity_iri,
        shown=[ShownCompetency(one, one.framework.levels.get(rank=1))],
        at=AT,
    )

    html = client.get("/frameworks/shared-core-functions/F1.1/").content.decode()

    assert f'href="{course.get_url()}"' in html
