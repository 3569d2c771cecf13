"""The editors' area shows an educator of one organisation nothing of another's."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.utils import timezone
from wagtail.documents import get_document_model
from wagtail.images import get_image_model
from wagtail.models import GroupCollectionPermission
from wagtail.permissions import policy_registry

from cms.services import prepare_site
from learning.models import CoursePage, LessonPage, ModulePage
from organisations.enums import PAGE_EDITORS, GrantKind, Visibility
from organisations.models import Organisation, User
from organisations.services import grant_leave
from tests.factories.assessments import QuestionFactory, QuizFactory
from tests.factories.learning import make_course
from tests.factories.organisations import OrganisationFactory, PersonFactory

pytestmark = pytest.mark.django_db


def educator(organisation: Organisation | None) -> User:
    person = PersonFactory()
    grant_leave(
        person=person,
        kind=GrantKind.EDUCATOR,
        organisation=organisation,
        starts_on=timezone.localdate(),
        granted_by=None,
    )
    return person


@pytest.fixture
def mine() -> Organisation:
    return OrganisationFactory()


@pytest.fixture
def closed() -> CoursePage:
    return make_course(
        lessons=1,
        title="Hidden matters",
        visibility=Visibility.ORGANISATIONS,
        owner_organisation=OrganisationFactory(),
    )


@pytest.mark.parametrize("by_number", [False, True])
def test_the_page_chooser_knows_no_closed_course(
    client: Client, mine: Organisation, closed: CoursePage, by_number: bool
) -> None:
    open_course = make_course(title="Open matters", visibility=Visibility.SIGNED_IN)
    draft = make_course(title="Drafted matters", visibility=Visibility.SIGNED_IN)
    draft.unpublish()
    module = ModulePage.objects.child_of(closed).get()
    lesson = LessonPage.objects.child_of(module).get()
    client.force_login(educator(mine))
    if by_number:
        for page in (closed, module, lesson, draft):
            assert client.get(f"/admin/choose-page/{page.pk}/").status_code == 404
            chosen = f"/admin/choose-page/chosen-multiple/?id={open_course.pk}&id={page.pk}"
            assert client.get(chosen).status_code == 404
        assert client.get(f"/admin/choose-page/{open_course.pk}/").status_code == 200
        return

    parent = client.get(f"/admin/choose-page/{closed.get_parent().pk}/").content.decode()
    found = client.get("/admin/choose-page/search/?q=matters").content.decode()
    lessons = client.get("/admin/choose-page/search/?q=lesson").content.decode()

    assert "Open matters" in parent
    assert "Open matters" in found
    assert not any("Hidden matters" in page for page in (parent, found, lessons))
    assert not any("Drafted matters" in page for page in (parent, found))
    assert lessons.count(f"/{closed.slug}/") == 0


def test_who_writes_for_everybody_chooses_every_page(client: Client, closed: CoursePage) -> None:
    client.force_login(educator(None))

    assert "Hidden matters" in client.get("/admin/choose-page/search/?q=matters").content.decode()
    assert client.get(f"/admin/choose-page/{closed.pk}/").status_code == 200
    assert "Hidden matters" in client.get("/admin/pages/?q=matters").content.decode()


@pytest.mark.parametrize("kind", ["quiz", "question"])
def test_translation_and_bulk_work_are_for_who_writes_for_everybody(
    client: Client, mine: Organisation, kind: str
) -> None:
    factory = {"quiz": QuizFactory, "question": QuestionFactory}[kind]
    row = factory(owner_organisation=OrganisationFactory())
    pages = [
        f"/admin/localize/api/snippets/assessments/{kind}/",
        f"/admin/localize/api/snippets/assessments/{kind}/{row.pk}/",
        f"/admin/bulk/assessments/{kind}/delete/?id={row.pk}",
    ]
    client.force_login(educator(mine))
    assert {client.get(page).status_code for page in pages} == {404}

    client.force_login(educator(None))

    assert {client.get(page).status_code for page in pages} == {200}


@pytest.mark.parametrize("key", ["x", "²", "9" * 30])
def test_choosing_what_is_no_number_is_not_there(
    client: Client, mine: Organisation, key: str
) -> None:
    client.force_login(educator(mine))

    for path in (
        f"/admin/snippets/choose/assessments/quiz/chosen/{key}/",
        f"/admin/competency_chooser/chosen/{key}/",
    ):
        assert client.get(path).status_code == 404
    for path in (
        f"/admin/snippets/choose/assessments/question/chosen-multiple/?id={key}",
        f"/admin/competency_chooser/chosen-multiple/?id={key}",
    ):
        assert client.get(path).status_code == 200


def test_page_editors_add_and_choose_files_and_nothing_of_the_record_store(
    client: Client,
) -> None:
    prepare_site()
    editor, other = educator(None), educator(OrganisationFactory())
    client.force_login(editor)

    for model in (get_image_model(), get_document_model()):
        policy = policy_registry.get_by_type(model)
        assert all(policy.user_has_permission(editor, deed) for deed in ("add", "choose"))
        assert not policy.user_has_permission(other, "add")
    for page in ("images", "images/add", "images/chooser", "documents", "documents/chooser"):
        assert client.get(f"/admin/{page}/").status_code == 200
    group = Group.objects.get(name=PAGE_EDITORS)
    apps = GroupCollectionPermission.objects.filter(group=group).values_list(
        "permission__content_type__app_label", flat=True
    )
    assert set(apps) == {"wagtailimages", "wagtaildocs"}


def test_a_page_editor_may_translate_a_page(client: Client) -> None:
    course = make_course(lessons=1)
    client.force_login(educator(None))

    page = client.get(f"/admin/localize/submit/page/{course.pk}/")

    assert page.status_code == 200
    assert "Cymraeg" in page.content.decode() or "Welsh" in page.content.decode()
