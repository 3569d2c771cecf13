"""Which courses and lessons a person may see, in which language."""

from collections.abc import Collection, Iterable
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Length, Substr
from django.utils import timezone
from django.utils.translation import get_language
from wagtail.models import Locale, Page
from wagtail.query import PageQuerySet

from learning.models import (
    CoursePage,
    LessonPage,
)
from organisations.enums import GrantKind, Visibility
from organisations.models import Grant, Membership, User
from organisations.queries import access_of

Viewer = User | AnonymousUser


SOURCE_LANGUAGE = "en"


def courses_open_to(viewer: Viewer) -> QuerySet[CoursePage]:
    """Return the live courses that this person, or anybody, may see; every language of them."""
    rule = Q(visibility=Visibility.PUBLIC)
    if viewer.is_authenticated:
        today = timezone.localdate()
        employers = (
            Membership.objects.active_on(today)
            .filter(person=viewer, organisation__isnull=False)
            .values("organisation")
        )
        leave = Grant.objects.in_force_on(today).filter(person=viewer)
        writes_for = leave.filter(kind=GrantKind.EDUCATOR)
        rule |= (
            Q(visibility=Visibility.SIGNED_IN)
            | Q(visibility=Visibility.ORGANISATIONS, visible_to__in=employers)
            | Q(owner_organisation__in=employers)
            | Q(owner_organisation__in=writes_for.values("organisation"))
            | Q(Exists(writes_for.filter(organisation__isnull=True)))
            | Q(Exists(leave.filter(kind=GrantKind.OPERATOR)))
        )
        if viewer.is_superuser:
            rule = Q()
    allowed = CoursePage.objects.filter(rule).values("pk")
    return CoursePage.objects.live().filter(pk__in=allowed)


def may_see_page(viewer: Viewer, page: Page) -> bool:
    """Return whether a page is open to a person: it, what it is in, and the course around it."""
    paths = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
    closed = CoursePage.objects.filter(path__in=paths).exclude(
        pk__in=courses_open_to(viewer).values("pk")
    )
    hidden = Page.objects.filter(path__in=paths).filter(
        Q(live=False) | Q(pk__in=closed.values("pk"))
    )
    return not hidden.exists()


def pages_open_to_editor(viewer: Viewer, pages: PageQuerySet) -> PageQuerySet:
    """Return those of ``pages`` that somebody in the editors' area may know of.

    Who writes for everybody, or runs the installation, all of them. Anyone else, those they may
    read: live, in nothing that is not live, and in no course that is closed to them. The answer
    names ids, since a search server takes no subqueries.
    """
    access = access_of(viewer, on=timezone.localdate())
    if access.is_operator or access.is_educator_everywhere:
        return pages
    closed = CoursePage.objects.exclude(pk__in=courses_open_to(viewer).values("pk"))
    around = Page.objects.filter(Q(live=False) | Q(pk__in=closed.values("pk"))).filter(
        path=Substr(OuterRef("path"), 1, Length(F("path")))
    )
    open_ids = Page.objects.filter(~Exists(around), pk__in=pages.order_by().values("pk"))
    return pages.filter(pk__in=list(open_ids.values_list("pk", flat=True)))


def deciding_pages(courses: Iterable[CoursePage]) -> dict[UUID, CoursePage]:
    """Return, by course key, the page whose tree says what the course asks for. At most one query.

    It is the live page in the source language; where there is none, the oldest live page that is
    no stand-in for another; failing that, the page itself.
    """
    found: dict[UUID, CoursePage] = {page.translation_key: page for page in courses}
    others = [
        page.translation_key
        for page in found.values()
        if page.locale.language_code != SOURCE_LANGUAGE
    ]
    if others:
        pages = CoursePage.objects.live().filter(translation_key__in=others)
        for page in sorted(
            pages.select_related("locale"),
            key=lambda one: (
                one.locale.language_code != SOURCE_LANGUAGE,
                one.alias_of_id is not None,
                one.pk,
            ),
            reverse=True,
        ):
            found[page.translation_key] = page
    return found


def course_of(page: Page) -> CoursePage:
    """Return the course that a module or lesson is in."""
    paths = [page.path[:end] for end in range(page.steplen, len(page.path) + 1, page.steplen)]
    return CoursePage.objects.get(path__in=paths)


def lesson_by_key(*, viewer: Viewer, key: UUID, language: str | None = None) -> LessonPage | None:
    """Return a live lesson that the viewer may see, in this language if it is there."""
    pages = list(LessonPage.objects.live().filter(translation_key=key).select_related("locale"))
    order = [language or get_language() or SOURCE_LANGUAGE, SOURCE_LANGUAGE]
    pages.sort(
        key=lambda page: (
            order.index(page.locale.language_code)
            if page.locale.language_code in order
            else len(order)
        )
    )
    return next((page for page in pages if may_see_page(viewer, page)), None)


def in_language(courses: Iterable[CoursePage], *, language: str) -> list[CoursePage]:
    """Return one page for each course: in this language if there is one, else in its own."""
    best: dict[UUID, CoursePage] = {}
    for course in courses:
        had = best.get(course.translation_key)
        code = course.locale.language_code
        if (
            had is None
            or code == language
            or (code == SOURCE_LANGUAGE and had.locale.language_code != language)
        ):
            best[course.translation_key] = course
    return list(best.values())


def courses_for_activities(
    *, viewer: Viewer, activity_iris: Collection[str], language: str
) -> dict[str, Page]:
    """Return the pages behind activities that the viewer may see, by IRI."""
    keys = {}
    for iri in activity_iris:
        try:
            keys[UUID(iri.rsplit("/", 1)[-1])] = iri
        except ValueError:
            continue
    found: dict[str, Page] = {}
    for model in (CoursePage, LessonPage):
        pages = model.objects.live().filter(translation_key__in=keys).select_related("locale")
        for page in sorted(
            pages,
            key=lambda one: (
                one.locale.language_code == language,
                one.locale.language_code == SOURCE_LANGUAGE,
            ),
        ):
            found[keys[page.translation_key]] = page
    if not found:
        return found
    open_paths = tuple(courses_open_to(viewer).values_list("path", flat=True))
    return {iri: page for iri, page in found.items() if page.path.startswith(open_paths or ("-",))}


def language_pages(page: Page) -> dict[str, Page]:
    """Return the live translations of a page, by language code."""
    return {
        one.locale.language_code: one
        for one in page.get_translations(inclusive=True).live().select_related("locale")
    }


def source_locale() -> Locale:
    """Return the language that content is written in first."""
    return Locale.objects.get(language_code=SOURCE_LANGUAGE)
